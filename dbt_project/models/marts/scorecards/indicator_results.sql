-- A component's scope under the rule set says whose figure counts for a unit: its own, or the province's.
with delivered as (
    select distinct source
    from {{ source('control', 'deliveries') }}
),

valued as (
    select
        periods.ruleset,
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.period_end,
        counts.agency_code,
        counts.indicator_code,
        counts.agency_level,
        components.max_points,
        components.full_mark_percent,
        components.empty_policy,
        components.is_scored,
        periods.is_provisional,
        components.scope = 'not_departments' and counts.agency_level = 'department' as is_out_of_scope,
        delivered.source is null as is_source_missing,
        case
            when delivered.source is null then null
            when components.scope = 'as_province' then whole.numerator
            when components.scope = 'own' or counts.agency_level <> 'department' then counts.numerator
        end as numerator,
        case
            when delivered.source is null then null
            when components.scope = 'as_province' then whole.denominator
            when components.scope = 'own' or counts.agency_level <> 'department' then counts.denominator
        end as denominator
    from {{ ref('int_indicator_counts') }} as counts
    inner join {{ ref('int_period_rule_sets') }} as periods
        on counts.period_type = periods.period_type and counts.period_start = periods.period_start
    inner join {{ ref('rule_set_components') }} as components
        on periods.ruleset = components.ruleset and counts.indicator_code = components.indicator_code
    inner join {{ ref('indicators') }} as indicators
        on counts.indicator_code = indicators.indicator_code
    left join delivered
        on indicators.source = delivered.source
    left join {{ ref('int_indicator_counts') }} as whole
        on whole.agency_level = 'province'
        and whole.procedure_code = 'all'
        and counts.basis = whole.basis
        and counts.period_type = whole.period_type
        and counts.period_start = whole.period_start
        and counts.indicator_code = whole.indicator_code
    where counts.procedure_code = 'all'
)

select
    ruleset,
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    indicator_code,
    agency_level,
    numerator,
    denominator,
    {{ exact_rate('numerator', 'denominator') }} as rate,
    cast(
        case
            when is_scored and not is_out_of_scope and not is_source_missing then {{ score_points(
                'numerator', 'denominator', 'max_points', 'full_mark_percent', 'empty_policy'
            ) }}
        end as decimal(9, 2)
    ) as points,
    cast(max_points as decimal(9, 2)) as max_points,
    case
        when is_out_of_scope then 'not_applicable'
        when is_source_missing then 'source_missing'
        when denominator is null then 'not_applicable'
        when denominator = 0 then 'no_denominator'
    end as empty_reason,
    is_provisional as provisional
from valued
