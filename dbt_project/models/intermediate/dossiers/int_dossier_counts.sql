with counted as (
    select
        days.basis,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        sum(days.dossiers) as received,
        sum(
            case
                when days.open_due_on is null then days.settled_on_time
                when days.open_due_on > periods.judged_on then days.dossiers
                else 0
            end
        ) as on_time,
        sum(
            case
                when days.open_due_on is null then days.settled_without_fault
                when days.open_due_on > periods.judged_on then days.without_petition
                else 0
            end
        ) as without_fault,
        sum(days.online) as online,
        sum(days.with_obligation) as with_obligation,
        sum(days.paid_online) as paid_online,
        sum(days.with_electronic_result) as with_electronic_result,
        sum(days.with_reused_component) as with_reused_component,
        sum(days.on_both_sides) as on_both_sides
    from {{ ref('int_dossier_days') }} as days
    inner join {{ ref('int_period_days') }} as periods
        on days.received_on = periods.calendar_on
    inner join {{ ref('int_agency_scopes') }} as scopes
        on days.agency_code = scopes.own_agency_code
    group by days.basis, periods.period_type, periods.period_start, scopes.agency_code
)

select
    units.ruleset,
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    {% for column in [
        'received', 'on_time', 'without_fault', 'online', 'with_obligation', 'paid_online',
        'with_electronic_result', 'with_reused_component', 'on_both_sides'
    ] -%}
    cast(coalesce(counted.{{ column }}, 0) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_scored_units') }} as units
left join counted
    on units.basis = counted.basis
    and units.period_type = counted.period_type
    and units.period_start = counted.period_start
    and units.agency_code = counted.agency_code
