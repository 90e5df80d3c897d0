with judged as (
    select
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        petitions.kind,
        petitions.is_repeat,
        coalesce(petitions.is_on_time, petitions.open_due_on >= periods.judged_on) as is_on_time,
        petitions.is_disliked or coalesce(petitions.repeated_on <= periods.judged_on, false) as is_unsatisfied
    from {{ ref('int_petitions') }} as petitions
    inner join {{ ref('int_period_days') }} as periods
        on petitions.received_on = periods.calendar_on
    inner join {{ ref('int_agency_scopes') }} as scopes
        on petitions.agency_code = scopes.own_agency_code
),

counted as (
    select
        period_type,
        period_start,
        agency_code,
        count(*) as received,
        sum(case when kind = 'procedure' then 1 else 0 end) as about_procedures,
        sum(case when kind = 'conduct' then 1 else 0 end) as about_conduct,
        sum(case when is_on_time then 1 else 0 end) as on_time,
        sum(case when not is_repeat then 1 else 0 end) as first_received,
        sum(case when not is_repeat and is_on_time and not is_unsatisfied then 1 else 0 end) as satisfied
    from judged
    group by period_type, period_start, agency_code
)

select
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    {% for column in [
        'received', 'about_procedures', 'about_conduct', 'on_time', 'first_received', 'satisfied'
    ] -%}
    cast(coalesce(counted.{{ column }}, 0) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_scored_units') }} as units
left join counted
    on units.period_type = counted.period_type
    and units.period_start = counted.period_start
    and units.agency_code = counted.agency_code
