-- Read before int_dossiers forgets them, with its columns; in a whole night there are none.
{% if is_whole() -%}
select cast(null as {{ dbt.type_string() }}) as dossier_code
where 1 = 0
{% else -%}
select kept.* -- noqa: AM04
from {{ this.incorporate(path={'identifier': 'int_dossiers'}) }} as kept
where
    kept.dossier_code in (
        select changed.dossier_code from {{ source('control', 'changed_dossiers') }} as changed
    )
{% endif -%}
-- depends_on: {{ source('control', 'changed_dossiers') }}
