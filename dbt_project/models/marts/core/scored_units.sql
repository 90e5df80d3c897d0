select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    agency_level
from {{ ref('int_scored_units') }}
