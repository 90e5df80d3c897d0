-- A label is a year (2026), a quarter (2026-Q3) or a month (2026-09). A decision that does not say which way
-- a target goes means that it is to be reached.
with dated as (
    select
        targets.*,
        coalesce(codes.agency_code, targets.agency_code) as own_agency_code,
        case
            when length(targets.period_label) = 4 then 'year'
            when targets.period_label like '%Q%' then 'quarter'
            else 'month'
        end as period_type,
        case
            when length(targets.period_label) = 4 then concat(targets.period_label, '-01-01')
            when targets.period_label like '%Q%'
                then concat(
                    substring(targets.period_label, 1, 4),
                    '-',
                    case substring(targets.period_label, 7, 1)
                        when '1' then '01'
                        when '2' then '04'
                        when '3' then '07'
                        else '10'
                    end,
                    '-01'
                )
            else concat(targets.period_label, '-01')
        end as period_start_text
    from {{ ref('stg_plans__targets') }} as targets
    left join {{ ref('int_agency_codes') }} as codes
        on targets.agency_code = codes.written_code
)

select
    dated.own_agency_code as agency_code,
    dated.indicator_code as measure_code,
    dated.period_label as target_period,
    dated.period_type,
    periods.period_start,
    periods.period_end,
    periods.judged_on,
    measures.measure_name_vi,
    measures.counts,
    coalesce(dated.direction, 'at_least') as direction,
    dated.target_value as target_percent,
    cast(dated.target_value * 100 as bigint) as target_hundredths,
    dated.document_number,
    dated.assigned_on
from dated
inner join {{ ref('int_periods') }} as periods
    on dated.period_type = periods.period_type
    and cast(dated.period_start_text as date) = periods.period_start
inner join {{ ref('dim_measure') }} as measures
    on dated.indicator_code = measures.measure_code
