{% set keys = ['basis', 'received_month_on', 'agency_code', 'procedure_code'] -%}
{{ keep_groups(keys) }}
{%- set month = 'cast(' ~ dbt.date_trunc('month', 'days.received_on') ~ ' as date)' %}
{%- set summed = ['dossiers', 'settled_on_time', 'settled_without_fault', 'without_petition']
    + summed_dossier_counts() %}
select
    days.basis,
    {{ month }} as received_month_on,
    days.agency_code,
    days.procedure_code,
    days.open_due_on,
    {% for column in summed -%}
    cast(sum(days.{{ column }}) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_dossier_days') }} as days
{% if not is_whole() -%}
where {{ in_touched_group(keys, {
    'basis': 'days.basis', 'received_month_on': month, 'agency_code': 'days.agency_code',
    'procedure_code': 'days.procedure_code'
}) }}
{% endif -%}
group by days.basis, {{ month }}, days.agency_code, days.procedure_code, days.open_due_on
-- depends_on: {{ ref('int_groups_touched') }}
