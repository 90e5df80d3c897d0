{#- The sources that ever came: where one never did nothing is known, least of all that there was nothing. -#}
{% macro delivered_sources() -%}
    select distinct source
    from {{ source('control', 'deliveries') }}
{%- endmacro %}
