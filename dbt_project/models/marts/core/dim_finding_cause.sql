select
    cause_code,
    cause_number,
    title_vi,
    explanation_vi
from {{ ref('finding_causes') }}
