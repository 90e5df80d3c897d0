-- Looked for once, among all that is kept; every model that works on what changed reads them here. In a whole
-- night these are all dossiers, so there are none here (dossiers_tonight()).
select
    basis,
    dossier_code,
    {% for column in fact_columns() -%}
    {{ column }},
    {% endfor -%}
    is_on_both_sides
from {{ ref('int_dossiers') }}
where {% if is_whole() %}1 = 0{% else %}{{ names_a_changed_dossier(['dossier_code']) }}{% endif %}

-- depends_on: {{ source('control', 'changed_dossiers') }}
