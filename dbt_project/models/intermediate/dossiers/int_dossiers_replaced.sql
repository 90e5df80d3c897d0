-- Read before int_dossiers forgets them: the groups they were counted in. In a whole night there are none.
{% set columns = ['dossier_code', 'basis', 'received_on', 'agency_code', 'procedure_code'] -%}
{% if is_whole() -%}
select cast(null as {{ dbt.type_string() }}) as dossier_code
where 1 = 0
{% else -%}
select
    {% for column in columns -%}
    kept.{{ column }},
    {% endfor -%}
    kept.is_received
from {{ this.incorporate(path={'identifier': 'int_dossiers'}) }} as kept
where
    kept.dossier_code in (
        select changed.dossier_code from {{ source('control', 'changed_dossiers') }} as changed
    )
{% endif -%}
-- depends_on: {{ source('control', 'changed_dossiers') }}
