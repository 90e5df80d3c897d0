select
    counts.ruleset,
    counts.basis,
    counts.period_type,
    counts.period_start,
    counts.period_end,
    counts.agency_code,
    counts.indicator_code,
    counts.agency_level,
    counts.numerator,
    counts.denominator,
    {{ exact_rate('counts.numerator', 'counts.denominator') }} as rate,
    cast(
        case
            when components.is_scored then {{ score_points(
                'counts.numerator', 'counts.denominator', 'components.max_points',
                'components.full_mark_percent', 'components.empty_policy'
            ) }}
        end as decimal(9, 2)
    ) as points,
    cast(components.max_points as decimal(9, 2)) as max_points,
    case when counts.denominator = 0 then 'no_denominator' end as empty_reason,
    periods.is_provisional as provisional
from {{ ref('int_indicator_counts') }} as counts
inner join {{ ref('rule_set_components') }} as components
    on counts.ruleset = components.ruleset and counts.indicator_code = components.indicator_code
inner join {{ ref('int_periods') }} as periods
    on counts.ruleset = periods.ruleset
    and counts.period_type = periods.period_type
    and counts.period_start = periods.period_start
