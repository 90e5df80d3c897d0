{%- for side in ['one_stop', 'national'] %}
select
    '{{ side }}' as basis,
    dossiers.{{ dossier_columns() | join(',\n    dossiers.') }}
from {{ ref('stg_' ~ side ~ '__dossiers') }} as dossiers
{% if not loop.last %}union all{% endif %}
{%- endfor %}
