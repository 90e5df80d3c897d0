with counted as (
    select
        basis,
        period_type,
        period_start,
        agency_code,
        {% for column in dossier_counts() -%}
        sum({{ column }}) as {{ column }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_dossier_procedure_counts') }}
    group by basis, period_type, period_start, agency_code

    union all

    select
        days.basis,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        {{ judged_dossier_sums('days', 'periods.judged_on') }}
    from {{ ref('int_dossier_days') }} as days
    inner join {{ ref('int_periods') }} as periods
        on days.received_on = periods.period_start and periods.period_type = 'day'
    inner join {{ ref('int_agency_scopes') }} as scopes
        on days.agency_code = scopes.own_agency_code
    group by days.basis, periods.period_type, periods.period_start, scopes.agency_code
)

select
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    {% for column in dossier_counts() -%}
    cast(coalesce(counted.{{ column }}, 0) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_scored_units') }} as units
left join counted
    on units.basis = counted.basis
    and units.period_type = counted.period_type
    and units.period_start = counted.period_start
    and units.agency_code = counted.agency_code
