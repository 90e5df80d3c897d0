select
    days.basis,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    scopes.agency_code,
    scopes.agency_level,
    coalesce(days.procedure_code, 'unknown') as procedure_code,
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
    {% for column in summed_dossier_counts() -%}
    sum(days.{{ column }}) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_dossier_days') }} as days
inner join {{ ref('int_period_days') }} as periods
    on days.received_on = periods.calendar_on
inner join {{ ref('int_agency_scopes') }} as scopes
    on days.agency_code = scopes.own_agency_code
group by
    days.basis, periods.period_type, periods.period_start, periods.period_end, scopes.agency_code,
    scopes.agency_level, coalesce(days.procedure_code, 'unknown')
