{{ keep_dossiers() }}
-- depends_on: {{ ref('int_dossiers_replaced') }}
with told as (
    {{ dossiers_as_told(ref('int_dossier_copies')) }}
),

facts as (
    {{ judged_dossiers('told', ['basis', 'dossier_code']) }}
)

select
    facts.basis,
    facts.dossier_code,
    {% for column in fact_columns() -%}
    facts.{{ column }},
    {% endfor -%}
    paired.dossier_code is not null as is_on_both_sides
from facts
left join (
    select
        'one_stop' as basis,
        one_stop_code as dossier_code
    from {{ ref('int_pairs_tonight') }}
    where is_paired
) as paired
    on facts.basis = paired.basis and facts.dossier_code = paired.dossier_code
