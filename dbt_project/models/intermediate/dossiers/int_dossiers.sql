{{ keep_dossiers() }}
{% if is_whole() -%}
{{ dossiers_with_facts() }}
{% else -%}
select
    basis,
    dossier_code,
    {% for column in fact_columns() -%}
    {{ column }},
    {% endfor -%}
    is_on_both_sides
from {{ ref('int_dossiers_tonight') }}
{% endif -%}
-- depends_on: {{ ref('int_dossiers_replaced') }}, {{ ref('int_dossiers_tonight') }}
