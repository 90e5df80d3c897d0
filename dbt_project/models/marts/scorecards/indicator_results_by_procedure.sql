{{ config(materialized='view') }}
-- What each procedure adds to an agency's figure. The numerators and denominators of an agency add up to its
-- own, so missed_share is the part of what the agency misses that lies with the procedure.
with missed as (
    select
        basis,
        period_type,
        period_start,
        agency_code,
        indicator_code,
        cast(sum(denominator - numerator) as bigint) as missed_in_agency
    from {{ ref('int_indicator_counts') }}
    where procedure_code <> 'all'
    group by basis, period_type, period_start, agency_code, indicator_code
),

counted as (
    select
        counts.*,
        coalesce(procedures.field_code, 'unknown') as field_code,
        missed.missed_in_agency
    from {{ ref('int_indicator_counts') }} as counts
    inner join missed
        on counts.basis = missed.basis
        and counts.period_type = missed.period_type
        and counts.period_start = missed.period_start
        and counts.agency_code = missed.agency_code
        and counts.indicator_code = missed.indicator_code
    left join {{ ref('dim_procedure') }} as procedures
        on counts.procedure_code = procedures.procedure_code
    inner join {{ ref('dim_agency') }} as agencies
        on counts.agency_code = agencies.agency_code
        and (agencies.valid_from_on is null or counts.period_end >= agencies.valid_from_on)
        and (agencies.valid_to_on is null or counts.period_start <= agencies.valid_to_on)
    where counts.procedure_code <> 'all'
)

select
    periods.ruleset,
    counted.basis,
    counted.period_type,
    counted.period_start,
    counted.period_end,
    counted.agency_code,
    counted.indicator_code,
    counted.field_code,
    counted.procedure_code,
    counted.agency_level,
    counted.numerator,
    counted.denominator,
    {{ exact_rate('counted.numerator', 'counted.denominator') }} as rate,
    case
        when counted.indicator_code <> '2.2' then {{ exact_rate(
            '(counted.denominator - counted.numerator)', 'counted.missed_in_agency'
        ) }}
    end as missed_share,
    case when counted.denominator = 0 then 'no_denominator' end as empty_reason,
    periods.is_provisional as provisional
from counted
inner join {{ ref('int_period_rule_sets') }} as periods
    on counted.period_type = periods.period_type and counted.period_start = periods.period_start
inner join {{ ref('rule_set_components') }} as components
    on periods.ruleset = components.ruleset and counted.indicator_code = components.indicator_code
