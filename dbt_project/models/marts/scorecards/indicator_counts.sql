with delivered as (
    {{ delivered_sources() }}
)

select
    counts.basis,
    counts.period_type,
    counts.period_start,
    counts.period_end,
    counts.agency_code,
    counts.indicator_code,
    counts.agency_level,
    case when delivered.source is not null then counts.numerator end as numerator,
    case when delivered.source is not null then counts.denominator end as denominator,
    delivered.source is null as is_source_missing
from {{ ref('int_indicator_counts') }} as counts
inner join {{ ref('indicators') }} as indicators
    on counts.indicator_code = indicators.indicator_code
left join delivered
    on indicators.source = delivered.source
where counts.procedure_code = 'all'
