{#- Schemas are named as the folders say, without a prefix. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{#-
    A mart keeps its name for as long as it has its columns: version 1 is the plain name, a later one that
    breaks them stands beside it as <mart>_v2.
-#}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- set version = node.version or 1 -%}
    {{ custom_alias_name or (node.name if version == 1 else node.name ~ '_v' ~ version) }}
{%- endmacro %}
