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
    -- what no rule has to look at stands under one code on both sides
    facts.basis = 'one_stop' and alone.dossier_code is null as is_on_both_sides
from facts
left join (
    select
        'one_stop' as basis,
        one_stop_code as dossier_code
    from {{ ref('int_pairs_tonight') }}
    where pairing = 'one_stop_only'
) as alone
    on facts.basis = alone.basis and facts.dossier_code = alone.dossier_code
