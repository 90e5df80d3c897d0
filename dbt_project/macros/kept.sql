{#-
    What is kept from night to night (docs/decisions/0017). A night is whole (everything is worked on, nothing
    is kept yet) or works on the changed dossiers only, on top of what the last one left.
-#}

{#- Whether the run works on all dossiers; the run says so in control.run. -#}
{% macro is_whole() %}
{%- set run = source('control', 'run') -%}
{#- without a run (dbt by hand, the lint) nothing was kept -#}
{%- if not execute or load_relation(run) is none -%}{{ return(true) }}{%- endif -%}
{{ return(run_query('select is_whole from ' ~ run).rows[0][0]) }}
{% endmacro %}

{#-
    A table kept from night to night: rows that `condition`, a macro's call, holds for are forgotten before
    tonight's are added.
-#}
{% macro keep_except(condition) %}
{{ config(
    materialized='incremental', incremental_strategy='append', pre_hook="{{ forget(" ~ condition ~ ") }}"
) }}
{% endmacro %}

{% macro forget(condition) %}
{%- if execute and load_relation(this) is not none -%}
delete from {{ this }}
where {{ condition }}
{%- endif -%}
{% endmacro %}

{#- A table with a row per dossier that keeps the dossiers nothing changed for. `codes` name a dossier in it. -#}
{% macro keep_dossiers(codes=['dossier_code']) %}
{{ keep_except("names_a_changed_dossier(" ~ codes ~ ")") }}
{% endmacro %}

{% macro names_a_changed_dossier(codes) %}
{%- for code in codes -%}
{{ code }} in (select dossier_code from {{ source('control', 'changed_dossiers') }})
{%- if not loop.last %} or {% endif -%}
{%- endfor -%}
{% endmacro %}

{#- The facts of the dossiers that the run works on. -#}
{% macro dossiers_tonight() -%}
{%- set all, tonight = ref('int_dossiers'), ref('int_dossiers_tonight') -%}
{{ all if is_whole() else tonight }}
{%- endmacro %}

{#-
    A table of counts over groups of dossiers that keeps the groups in which nothing changed. `keys`, columns of
    the table and of int_groups_touched, name a group; it counts `dossiers_of_touched_groups(keys)`.
-#}
{% macro keep_groups(keys) %}
{{ keep_except("in_touched_group(" ~ keys ~ ")") }}
{% endmacro %}

{#- Of a row of the table at hand, or of one whose group `columns` name. -#}
{% macro in_touched_group(keys, columns=none) -%}
exists (
    select 1
    from {{ ref('int_groups_touched') }} as touched
    where {% for key in keys -%}
        touched.{{ key }} = {{ columns[key] if columns else this ~ '.' ~ key }}{% if not loop.last %} and {% endif %}
    {%- endfor %}
)
{%- endmacro %}

{#- A table by periods that keeps those in which nothing changed (int_periods_tonight). -#}
{% macro keep_periods() %}
{{ keep_except("in_period_of_tonight()") }}
{% endmacro %}

{% macro in_period_of_tonight() -%}
exists (
    select 1
    from {{ ref('int_periods_tonight') }} as tonight
    where tonight.period_type = {{ this }}.period_type and tonight.period_start = {{ this }}.period_start
)
{%- endmacro %}

{#- What names the group of a dossier, from its facts. -#}
{% macro group_keys(dossiers) %}
{{ return({
    'basis': dossiers ~ '.basis',
    'received_on': dossiers ~ '.received_on',
    'received_month_on': 'cast(' ~ dbt.date_trunc('month', dossiers ~ '.received_on') ~ ' as date)',
    'agency_code': 'coalesce(' ~ dossiers ~ ".agency_code, 'unknown')",
    'procedure_code': 'coalesce(' ~ dossiers ~ ".procedure_code, 'unknown')"
}) }}
{% endmacro %}

{#- The groups in which a received dossier was or is that the run works on; of a whole night none. -#}
{% macro touched_groups() %}
{%- set keys = group_keys('changed') -%}
{%- if is_whole() -%}
select
    {% for key in keys -%}
    cast(null as {{ 'date' if key.endswith('_on') else dbt.type_string() }}) as {{ key }}{% if not loop.last %},{% endif %}
    {% endfor %}
where 1 = 0
{%- else -%}
{% for dossiers in [ref('int_dossiers_replaced'), dossiers_tonight()] -%}
select
    {% for key, expression in keys.items() -%}
    {{ expression }} as {{ key }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ dossiers }} as changed
where changed.is_received
{% if not loop.last %}
union

{% endif -%}
{% endfor -%}
{%- endif -%}
{% endmacro %}

{#-
    The facts of every dossier of the groups that the run counts anew. The days first: on a bare column the
    engine leaves most facts unread, on the names of a group, which are computed, it does not.
-#}
{% macro dossiers_of_touched_groups(keys) -%}
{%- set days = touched_days(keys) -%}
{%- set condition = in_touched_group(keys, group_keys('facts')) -%}
{%- if is_whole() -%}
{{ ref('int_dossiers') }}
{%- else -%}
(
    select facts.*
    from {{ ref('int_dossiers') }} as facts
    where
        facts.received_on in ({{ days }})
        and {{ condition }}
)
{%- endif -%}
{%- endmacro %}

{#- The days on which the dossiers of the groups to count anew were received: all of a month where it is one. -#}
{% macro touched_days(keys) -%}
{%- if 'received_on' in keys -%}
select touched.received_on from {{ ref('int_groups_touched') }} as touched
{%- else -%}
select days.calendar_on
from {{ ref('int_calendar') }} as days
inner join {{ ref('int_groups_touched') }} as touched
    on days.month_start_on = touched.received_month_on
{%- endif -%}
{%- endmacro %}
