select
    ruleset,
    period_type,
    period_start,
    period_end,
    previous_start,
    is_provisional
from {{ ref('dim_period_rule_set') }}
where is_in_force
