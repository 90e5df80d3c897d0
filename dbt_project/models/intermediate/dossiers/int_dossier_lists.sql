-- One pass over everything that hangs in lists on a dossier. A row of a list belongs to a version of the
-- dossier, which landed_row tells: who reads this takes the latest version's, so nothing is joined here.
{% set counts = {
    'components_with_file': "list = 'components' and has_file",
    'digitized_components': "is_digitized and has_file",
    'digitized_without_file': "is_digitized and not coalesce(has_file, false)",
    'internal_links': "file_link_class = 'internal'",
    'expiring_links': "file_link_class = 'expiring'",
    'reused_components': "reuse_code in ('1', '2')",
    'components_from_store': "is_from_store",
    'result_papers': "list = 'results'",
    'result_files': "list = 'results' and has_file",
    'fee_items': "list = 'fees'",
    'charged_items': "amount > 0",
    'linked_databases': "database_code is not null"
} -%}
{% set types = {
    'has_file': 'boolean', 'is_digitized': 'boolean', 'file_link_class': dbt.type_string(),
    'reuse_code': dbt.type_string(), 'is_from_store': 'boolean', 'amount': 'decimal(18, 2)',
    'database_code': dbt.type_string()
} -%}
{% set lists = {
    'components': ['has_file', 'is_digitized', 'file_link_class', 'reuse_code', 'is_from_store'],
    'results': ['has_file', 'file_link_class'],
    'fees': ['amount'],
    'linked_databases': ['database_code']
} -%}
{% for side in ['one_stop', 'national'] -%}
select
    '{{ side }}' as basis,
    landed_row,
    {% for count, condition in counts.items() -%}
    cast(count(case when {{ condition }} then 1 end) as integer) as {{ count }}
    {%- if not loop.last %},{% endif %}
    {% endfor -%}
from (
    {% for list, of_list in lists.items() -%}
    select
        landed_row,
        '{{ list }}' as list,
        {% for column, type in types.items() -%}
        {{ column if column in of_list else 'cast(null as ' ~ type ~ ')' }} as {{ column }}
        {%- if not loop.last %},{% endif %}
        {% endfor -%}
    from {{ source('tonight', side ~ '_dossiers__' ~ list) }}
    {% if list == 'components' -%}
    where is_deleted is null or not is_deleted
    {% endif -%}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
) as items
group by landed_row
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
