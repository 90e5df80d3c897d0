select
    side as basis,
    dossier_code,
    min(case when status_code = '9' then processed_at end) as first_processed_at,
    min(case when status_code = '10' then processed_at end) as first_returned_at,
    min(case when status_code in ('8', '3', '7') then processed_at end) as first_stopped_at,
    max(case when status_code <> '5' then processed_at end) as last_step_at
from {{ ref('stg_both_sides__steps') }}
group by side, dossier_code
