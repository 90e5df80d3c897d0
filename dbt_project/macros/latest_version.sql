{#-
    The latest version of each row as delivered: newest business date first, then the last file by name,
    then the last row (landed_row says so). Says when the first one came, and what `over_versions`, expressions by
    name, make of all of them.
-#}
{% macro latest_version(relation, key, columns, over_versions={}) %}
select
    {{ columns | join(',\n    ') }},
    versions.file_sha,
    versions.file_name,
    versions.row_number,
    versions.delivered_on,
    versions.landed_row,
    {% for name in over_versions -%}
    latest.{{ name }},
    {% endfor -%}
    latest.first_delivered_on
from {{ relation }} as versions
inner join (
    select
        max(landed_row) as landed_row,
        {% for name, expression in over_versions.items() -%}
        {{ expression }} as {{ name }},
        {% endfor -%}
        min(delivered_on) as first_delivered_on
    from {{ relation }}
    group by {{ key | join(', ') }}
) as latest
    on versions.landed_row = latest.landed_row
{% endmacro %}

{#- Items of the lists inside the kept version of each row. -#}
{% macro items_of_latest_version(relation, parent, columns) %}
select
    items.{{ columns | join(',\n    items.') }},
    items.position,
    items.landed_row
from {{ relation }} as items
inner join {{ parent }} as kept
    on items.landed_row = kept.landed_row
{% endmacro %}
