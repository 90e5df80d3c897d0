-- A period is scored by the rule set valid at its end; under any other one it can be scored on request.
select
    rule_sets.ruleset,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.previous_start,
    periods.period_end >= rule_sets.valid_from_on
    and (rule_sets.valid_to_on is null or periods.period_end <= rule_sets.valid_to_on) as is_in_force,
    coalesce(rule_sets.is_provisional, false)
    or {{ dbt.dateadd('day', 'rule_sets.maturity_days', 'periods.period_end') }} > run.business_date
        as is_provisional
from {{ ref('int_periods') }} as periods
cross join {{ ref('rule_sets') }} as rule_sets
cross join {{ source('control', 'run') }} as run
