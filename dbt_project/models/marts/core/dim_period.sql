select
    period_type,
    period_start,
    period_end,
    previous_start,
    judged_on
from {{ ref('int_periods') }}
