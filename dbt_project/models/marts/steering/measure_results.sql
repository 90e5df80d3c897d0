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

-- what the portal does not hold of a dossier's result, by what was found; what is too young may still come
not_pushed as (
    select distinct dossier_code
    from {{ ref('int_found_tonight') }}
    where rule_code in ('missing_on_national', 'result_not_pushed') and not provisional
),

-- few of all dossiers: those that the counts by day do not tell apart
few as (
    select
        basis,
        agency_code,
        received_on,
        1 as asked_twice,
        0 as results_not_pushed
    from {{ ref('int_dossiers') }}
    where is_received and supplement_requests > 1

    union all

    select
        dossiers.basis,
        dossiers.agency_code,
        dossiers.received_on,
        0 as asked_twice,
        1 as results_not_pushed
    from {{ ref('int_dossiers') }} as dossiers
    inner join not_pushed
        on dossiers.dossier_code = not_pushed.dossier_code
    where dossiers.basis = 'one_stop' and dossiers.is_received and dossiers.has_electronic_result
),

told_apart as (
    select
        few.basis,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        cast(sum(few.asked_twice) as bigint) as asked_twice,
        cast(sum(few.results_not_pushed) as bigint) as results_not_pushed
    from few
    inner join {{ ref('int_period_days') }} as periods
        on few.received_on = periods.calendar_on
    inner join {{ ref('int_agency_scopes') }} as scopes
        on coalesce(few.agency_code, 'unknown') = scopes.own_agency_code
    where periods.period_type <> 'day'
    group by few.basis, periods.period_type, periods.period_start, scopes.agency_code
),

beside as (
    select
        components.*,
        coalesce(told_apart.asked_twice, 0) as asked_twice,
        coalesce(told_apart.results_not_pushed, 0) as results_not_pushed
    from of_components as components
    left join told_apart
        on components.basis = told_apart.basis
        and components.period_type = told_apart.period_type
        and components.period_start = told_apart.period_start
        and components.agency_code = told_apart.agency_code
    where components.measure_code in ('2.1', '4.1')
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

    select
        basis,
        period_type,
        period_start,
        agency_code,
        'asked_twice' as measure_code,
        asked_twice as numerator,
        denominator
    from beside
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

    union all

    -- of the dossiers with an electronic result, as 4.1 counts them in the one-stop system
    select
        period_type,
        period_start,
        agency_code,
        'results_pushed' as measure_code,
        numerator - results_not_pushed as numerator,
        numerator as denominator
    from beside
    where measure_code = '4.1' and basis = 'one_stop'

    union all

    -- of what ended late in the period; where no letter was ever recorded nobody records them
    select
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        'apology_letters' as measure_code,
        cast(sum(case when late.apology = 'sent' then 1 else 0 end) as bigint) as numerator,
        cast(count(*) as bigint) as denominator
    from {{ ref('overdue_explanations') }} as late
    inner join {{ ref('int_period_days') }} as periods
        on cast(late.one_stop_ended_at as date) = periods.calendar_on
    inner join {{ ref('int_agency_scopes') }} as scopes
        on coalesce(late.agency_code, 'unknown') = scopes.own_agency_code
    cross join (
        select count(*) as letters
        from {{ ref('overdue_explanations') }}
        where apology = 'sent'
    ) as recorded
    where late.apology <> 'not_needed' and recorded.letters > 0 and periods.period_type <> 'day'
    group by periods.period_type, periods.period_start, scopes.agency_code
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
),

rated as (
    select
        *,
        {{ exact_rate('numerator', 'denominator') }} as rate
    from placed
)

select
    rated.basis,
    rated.period_type,
    rated.period_start,
    rated.period_end,
    rated.agency_code,
    rated.measure_code,
    rated.agency_level,
    rated.numerator,
    rated.denominator,
    rated.rate,
    -- against the calendar's previous period; one that is missing is missing
    rated.rate - previous.rate as rate_change,
    case
        when rated.denominator is null then 'source_missing'
        when rated.denominator = 0 then 'no_denominator'
    end as empty_reason
from rated
inner join {{ ref('int_periods') }} as periods
    on rated.period_type = periods.period_type and rated.period_start = periods.period_start
left join rated as previous
    on rated.basis = previous.basis
    and rated.period_type = previous.period_type
    and periods.previous_start = previous.period_start
    and rated.agency_code = previous.agency_code
    and rated.measure_code = previous.measure_code
