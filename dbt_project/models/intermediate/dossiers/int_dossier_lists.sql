-- One pass over everything that hangs in lists on a dossier. A row of a list belongs to a version of the
-- dossier, which landed_row tells without comparing codes.
{% set counts = {
    'components_with_file': "case when has_file then 1 else 0 end",
    'digitized_components': "case when is_digitized and has_file then 1 else 0 end",
    'digitized_without_file': "case when is_digitized and not coalesce(has_file, false) then 1 else 0 end",
    'internal_links': "case when file_link_class = 'internal' then 1 else 0 end",
    'expiring_links': "case when file_link_class = 'expiring' then 1 else 0 end",
    'reused_components': "case when reuse_code in ('1', '2') then 1 else 0 end",
    'components_from_store': "case when is_from_store then 1 else 0 end",
    'result_papers': "1",
    'result_files': "case when has_file then 1 else 0 end",
    'fee_items': "1",
    'charged_items': "case when amount > 0 then 1 else 0 end",
    'linked_databases': "case when database_code is not null then 1 else 0 end"
} -%}
{% set lists = {
    'components': ['components_with_file', 'digitized_components', 'digitized_without_file', 'internal_links',
                   'expiring_links', 'reused_components', 'components_from_store'],
    'results': ['result_papers', 'result_files', 'internal_links', 'expiring_links'],
    'fees': ['fee_items', 'charged_items'],
    'linked_databases': ['linked_databases']
} -%}
with items as (
    {% for side in ['one_stop', 'national'] -%}
    {% set is_last_side = loop.last -%}
    {% for list, of_list in lists.items() -%}
    select
        '{{ side }}' as basis,
        landed_row,
        {% for count, one in counts.items() -%}
        {{ one if count in of_list else 0 }} as {{ count }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('stg_' ~ side ~ '__' ~ list) }}
    {% if list == 'components' -%}
    where is_deleted is null or not is_deleted
    {% endif -%}
    {% if not (loop.last and is_last_side) %}
    union all

    {% endif -%}
    {% endfor -%}
    {% endfor %}
)

select
    basis,
    landed_row,
    {% for count in counts -%}
    cast(sum({{ count }}) as integer) as {{ count }}{% if not loop.last %},{% endif %}
    {% endfor %}
from items
group by basis, landed_row
