-- A target for a year is followed by month, quarter and year, one for a quarter by month and quarter.
select
    results.basis,
    targets.agency_code,
    targets.measure_code,
    targets.target_period,
    results.period_type,
    results.period_start,
    results.period_end,
    results.agency_level,
    targets.measure_name_vi,
    targets.direction,
    targets.target_percent,
    results.numerator,
    results.denominator,
    results.rate,
    {{ meets_target(
        'results.numerator', 'results.denominator', 'targets.direction', 'targets.target_hundredths'
    ) }} as is_met,
    case
        when results.denominator > 0
            then cast({{ short_of_target(
                'results.numerator', 'results.denominator', 'targets.direction', 'targets.target_hundredths'
            ) }} as bigint)
    end as short_of_target,
    results.empty_reason,
    targets.document_number,
    targets.assigned_on
from {{ ref('int_targets') }} as targets
inner join {{ ref('measure_results') }} as results
    on targets.agency_code = results.agency_code
    and targets.measure_code = results.measure_code
    and targets.period_start <= results.period_start
    and targets.period_end >= results.period_end
    and results.period_type in ('month', 'quarter', 'year')
