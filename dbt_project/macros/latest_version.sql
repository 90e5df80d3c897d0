{#-
    The latest version of each row as delivered: newest business date first, then the last file by name,
    then the last row. Counts how many versions there were and when the first one came.
-#}
{% macro latest_version(relation, key, columns) %}
select
    {{ columns | join(',\n    ') }},
    file_sha,
    file_name,
    row_number,
    delivered_on,
    first_delivered_on
from (
    select
        *,
        min(delivered_on) over (partition by {{ key | join(', ') }}) as first_delivered_on,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by delivered_on desc nulls last, file_name desc nulls last, row_number desc nulls last
        ) as version_rank
    from {{ relation }}
) as versions
where version_rank = 1
{% endmacro %}

{#- Items of the lists inside the kept version of each row. -#}
{% macro items_of_latest_version(relation, parent, columns) %}
select
    items.{{ columns | join(',\n    items.') }},
    items.position
from {{ relation }} as items
inner join {{ parent }} as kept
    on items.file_sha = kept.file_sha
    and items.row_number = kept.row_number
    and items.delivered_on = kept.delivered_on
    and items.file_name = kept.file_name
{% endmacro %}
