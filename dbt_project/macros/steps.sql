{#- A number that tells a step from the other ones of its dossier: when it was, and of which status. -#}
{% macro step_number() -%}
{{ dbt.datediff("cast('2000-01-01' as timestamp)", 'processed_at', 'second') }} * 16
                + coalesce(try_cast(status_code as bigint), 0)
{%- endmacro %}
