{#- A unit's name in the three forms in which the portal and the list of agencies may write it. -#}

{% macro unit_name_as_written(name) %}lower(trim({{ name }})){% endmacro %}

{#- `UBND phường Long Xuyên - tỉnh An Giang` without what stands around the unit: `phường long xuyên`. -#}
{% macro unit_name_without_surroundings(name) -%}
regexp_replace(trim(split_part(lower(trim({{ name }})), ' - ', 1)), '^ubnd +', '')
{%- endmacro %}

{#- And without its kind: `long xuyên`. -#}
{% macro unit_name_alone(name) -%}
regexp_replace({{ unit_name_without_surroundings(name) }}, '^(tỉnh|thành phố|xã|phường|đặc khu) +', '')
{%- endmacro %}
