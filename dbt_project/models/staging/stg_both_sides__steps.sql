select
    side,
    dossier_code,
    processed_at,
    status_code,
    started_at,
    step_due_at,
    officer_class,
    delivered_on
from {{ source('tonight', 'processing_steps') }}
