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

{#- A table with a row per dossier that keeps the dossiers nothing changed for. `codes` name a dossier in it. -#}
{% macro keep_dossiers(codes=['dossier_code']) %}
{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget_changed_dossiers(" ~ codes ~ ") }}"
) }}
{% endmacro %}

{% macro forget_changed_dossiers(codes) %}
{%- if execute and load_relation(this) is not none -%}
delete from {{ this }}
where {% for code in codes -%}
    {{ code }} in (select dossier_code from {{ source('control', 'changed_dossiers') }})
    {%- if not loop.last %} or {% endif %}
{%- endfor %}
{%- endif -%}
{% endmacro %}

{#- The facts of the dossiers that the run works on. -#}
{% macro dossiers_tonight() -%}
{%- if is_whole() -%}
{{ ref('int_dossiers') }}
{%- else -%}
(
    select *
    from {{ ref('int_dossiers') }}
    where dossier_code in (select dossier_code from {{ source('control', 'changed_dossiers') }})
)
{%- endif -%}
{%- endmacro %}

{#-
    Counts over dossiers, kept: what the changed dossiers had added is taken out, what they add now is put in.
    To be called with `{% call(dossiers) kept_counts(keys, counts) %}`, around the query that counts `dossiers`,
    a relation with the columns of int_dossiers; its first count is never zero.
-#}
{% macro kept_counts(keys, counts) -%}
{%- set replaced = ref('int_dossiers_replaced') -%}
{%- if is_whole() -%}
select
    {{ keys | join(',\n    ') }},
    {% for count in counts -%}
    cast({{ count }} as bigint) as {{ count }}{% if not loop.last %},{% endif %}
    {% endfor %}
from (
    {{ caller(dossiers_tonight()) }}
) as counted
{%- else -%}
with parts as (
    select
        {{ keys | join(',\n        ') }},
        {{ counts | join(',\n        ') }}
    from {{ this }}

    union all

    select
        {{ keys | join(',\n        ') }},
        {% for count in counts -%}
        -{{ count }} as {{ count }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from (
        {{ caller(replaced) }}
    ) as replaced

    union all

    select
        {{ keys | join(',\n        ') }},
        {{ counts | join(',\n        ') }}
    from (
        {{ caller(dossiers_tonight()) }}
    ) as counted
)

select
    {{ keys | join(',\n    ') }},
    {% for count in counts -%}
    cast(sum({{ count }}) as bigint) as {{ count }}{% if not loop.last %},{% endif %}
    {% endfor %}
from parts
group by {{ keys | join(', ') }}
having sum({{ counts[0] }}) <> 0
{%- endif %}
{% endmacro %}
