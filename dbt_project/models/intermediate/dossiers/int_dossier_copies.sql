{{ config(materialized='view') }}
{%- for side in ['one_stop', 'national'] %}
select
    '{{ side }}' as basis,
    dossiers.{{ dossier_columns() | reject('equalto', 'procedure_code') | join(',\n    dossiers.') }},
    coalesce(aliases.procedure_code, dossiers.procedure_code) as procedure_code,
    dossiers.procedure_wire_code,
    dossiers.landed_row
from {{ ref('stg_' ~ side ~ '__dossiers') }} as dossiers
{{ join_procedure_aliases('dossiers', 'aliases') }}
{% if side == 'one_stop' -%}
-- what its own system has deleted is no dossier
where not coalesce(dossiers.is_deleted, false)
{% endif -%}
{% if not loop.last %}union all{% endif %}
{%- endfor %}
