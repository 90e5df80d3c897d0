with of_components as (
    select
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.agency_code,
        counts.indicator_code as measure_code,
        counts.numerator,
        counts.denominator
    from {{ ref('indicator_counts') }} as counts
    inner join {{ ref('dim_measure') }} as measures
        on counts.indicator_code = measures.measure_code
    where counts.period_type <> 'day'
),

of_dossiers as (
    select
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.agency_code,
        'full_process' as measure_code,
        cast(sum(case when procedures.service_level_code = '4' then counts.online else 0 end) as bigint)
            as numerator,
        cast(sum(counts.received) as bigint) as denominator
    from {{ ref('int_dossier_procedure_counts') }} as counts
    left join {{ ref('stg_catalogue__procedures') }} as procedures
        on counts.procedure_code = procedures.procedure_code
    group by counts.basis, counts.period_type, counts.period_start, counts.agency_code

    union all

    -- as 2.1 counts: late is whatever is not on time
    select
        basis,
        period_type,
        period_start,
        agency_code,
        'late_share' as measure_code,
        denominator - numerator as numerator,
        denominator
    from of_components
    where measure_code = '2.1'

    union all

    -- as the statutory form has it, with what was carried over from the period before
    select
        basis,
        period_type,
        period_start,
        agency_code,
        'received_online' as measure_code,
        received_online as numerator,
        received_total as denominator
    from {{ ref('table_ii_06') }}
    where field_code = 'all'
),

-- the catalogue is that of today, whatever the period; of what it does not say nothing is counted
of_procedures as (
    {% for code, counts in {
        'place_free': ('place_free', 'place_told'), 'business_online': ('online_for_business', 'for_business')
    }.items() -%}
    select
        basis,
        period_type,
        period_start,
        agency_code,
        '{{ code }}' as measure_code,
        {{ counts[0] }} as numerator,
        {{ counts[1] }} as denominator
    from {{ ref('int_procedure_counts') }}
    where period_type <> 'day'
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

-- what no portal knows is the same on both bases
of_the_province as (
    select
        copies.period_type,
        copies.period_start,
        copies.agency_code,
        'certified_copies' as measure_code,
        copies.electronic_requests as numerator,
        copies.requests as denominator
    from {{ ref('certified_copies') }} as copies
),

counted as (
    select * from of_components
    union all
    select * from of_dossiers
    union all
    select * from of_procedures
    union all
    select
        bases.basis,
        of_the_province.*
    from of_the_province
    cross join (select distinct basis from {{ ref('int_scored_units') }}) as bases
),

delivered as (
    {{ delivered_sources() }}
),

placed as (
    select
        units.basis,
        units.period_type,
        units.period_start,
        units.period_end,
        units.agency_code,
        measures.measure_code,
        units.agency_level,
        case when delivered.source is not null then coalesce(counted.numerator, 0) end as numerator,
        case when delivered.source is not null then coalesce(counted.denominator, 0) end as denominator
    from {{ ref('int_scored_units') }} as units
    cross join {{ ref('dim_measure') }} as measures
    left join delivered
        on measures.source = delivered.source
    left join counted
        on units.basis = counted.basis
        and units.period_type = counted.period_type
        and units.period_start = counted.period_start
        and units.agency_code = counted.agency_code
        and measures.measure_code = counted.measure_code
    where units.period_type <> 'day'
)

select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    measure_code,
    agency_level,
    numerator,
    denominator,
    {{ exact_rate('numerator', 'denominator') }} as rate,
    case
        when denominator is null then 'source_missing'
        when denominator = 0 then 'no_denominator'
    end as empty_reason
from placed
