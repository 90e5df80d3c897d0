{{ keep_periods() }}
-- Every period but the day (int_dossier_counts) is made of whole months, so days are added up once for all of
-- them. Periods in which nothing changed are kept as they were counted (int_periods_tonight).
{%- set summed = ['dossiers', 'settled_on_time', 'settled_without_fault', 'without_petition']
    + summed_dossier_counts() %}
with months as (
    select
        basis,
        cast({{ dbt.date_trunc('month', 'received_on') }} as date) as received_on,
        agency_code,
        procedure_code,
        open_due_on,
        {% for column in summed -%}
        sum({{ column }}) as {{ column }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_dossier_days') }}
    group by
        basis, cast({{ dbt.date_trunc('month', 'received_on') }} as date), agency_code, procedure_code,
        open_due_on
)

select
    months.basis,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    scopes.agency_code,
    scopes.agency_level,
    months.procedure_code,
    {{ judged_dossier_sums('months', 'periods.judged_on') }}
from months
inner join {{ ref('int_period_days') }} as periods
    on months.received_on = periods.calendar_on and periods.period_type <> 'day'
inner join {{ ref('int_periods_tonight') }} as tonight
    on periods.period_type = tonight.period_type and periods.period_start = tonight.period_start
inner join {{ ref('int_agency_scopes') }} as scopes
    on months.agency_code = scopes.own_agency_code
group by
    months.basis, periods.period_type, periods.period_start, periods.period_end, scopes.agency_code,
    scopes.agency_level, months.procedure_code
