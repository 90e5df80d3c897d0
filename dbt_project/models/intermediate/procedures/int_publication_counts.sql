-- A procedure in several decisions counts once, and is late if it was late once. What is public is looked at
-- on the day of judgement: the newest decision on a procedure that is public, unless it repeals it.
with scoped as (
    select
        publications.*,
        scopes.agency_code as unit_code
    from {{ ref('int_publications') }} as publications
    inner join {{ ref('int_agency_scopes') }} as scopes
        on publications.agency_code = scopes.own_agency_code
),

issued as (
    select
        period_type,
        period_start,
        unit_code,
        count(*) as issued,
        sum(issued_on_time) as issued_on_time
    from (
        select
            periods.period_type,
            periods.period_start,
            scoped.unit_code,
            scoped.procedure_code,
            min(case when scoped.is_issued_on_time then 1 else 0 end) as issued_on_time
        from scoped
        inner join {{ ref('int_period_days') }} as periods
            on scoped.issued_on = periods.calendar_on
        group by periods.period_type, periods.period_start, scoped.unit_code, scoped.procedure_code
    ) as by_procedure
    group by period_type, period_start, unit_code
),

publicised as (
    select
        period_type,
        period_start,
        unit_code,
        count(*) as to_publicise,
        sum(publicised_on_time) as publicised_on_time
    from (
        select
            periods.period_type,
            periods.period_start,
            scoped.unit_code,
            scoped.procedure_code,
            -- still to be made public is not on time
            min(
                case
                    when scoped.publicised_on <= periods.judged_on and scoped.is_publicised_on_time then 1
                    else 0
                end
            ) as publicised_on_time
        from scoped
        inner join {{ ref('int_periods') }} as periods
            on scoped.issued_on <= periods.judged_on
            and (scoped.publicised_on is null or scoped.publicised_on >= periods.period_start)
        group by periods.period_type, periods.period_start, scoped.unit_code, scoped.procedure_code
    ) as by_procedure
    group by period_type, period_start, unit_code
),

public as (
    select
        period_type,
        period_start,
        unit_code,
        count(*) as public,
        sum(case when is_complete then 1 else 0 end) as complete
    from (
        select
            periods.period_type,
            periods.period_start,
            scoped.unit_code,
            scoped.change_kind,
            scoped.is_complete,
            row_number() over (
                partition by
                    periods.period_type, periods.period_start, scoped.unit_code, scoped.procedure_code
                order by scoped.issued_on desc nulls last, scoped.decision_number desc nulls last
            ) as newest
        from scoped
        inner join {{ ref('int_periods') }} as periods
            on scoped.publicised_on <= periods.judged_on
    ) as versions
    where newest = 1 and change_kind <> 'repealed'
    group by period_type, period_start, unit_code
)

select
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    cast(coalesce(issued.issued, 0) as bigint) as issued,
    cast(coalesce(issued.issued_on_time, 0) as bigint) as issued_on_time,
    cast(coalesce(publicised.to_publicise, 0) as bigint) as to_publicise,
    cast(coalesce(publicised.publicised_on_time, 0) as bigint) as publicised_on_time,
    cast(coalesce(public.public, 0) as bigint) as public,
    cast(coalesce(public.complete, 0) as bigint) as complete
from {{ ref('int_scored_units') }} as units
{% for counted in ['issued', 'publicised', 'public'] -%}
left join {{ counted }}
    on units.period_type = {{ counted }}.period_type
    and units.period_start = {{ counted }}.period_start
    and units.agency_code = {{ counted }}.unit_code
{% endfor %}
