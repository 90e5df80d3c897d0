-- One pass over all pairs; what rules compare of a pair is then read from few rows.
with one_stop as (
    select
        dossiers.*,
        coalesce(rematches.national_code, dossiers.dossier_code) as pair_code
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    left join {{ ref('int_dossier_rematches') }} as rematches
        on dossiers.dossier_code = rematches.one_stop_code
    where not coalesce(dossiers.is_deleted, false)
),

differing as (
    select
        one_stop.dossier_code,
        {% for column in compared_columns() -%}
        one_stop.{{ column }} as one_stop_{{ column }},
        national.{{ column }} as national_{{ column }},
        {% endfor -%}
        national.ever_due_at as national_ever_due_at
    from one_stop
    inner join {{ ref('stg_national__dossiers') }} as national
        on one_stop.pair_code = national.dossier_code
    where
        1 = 0
        {% for column in compared_columns() -%}
        or one_stop.{{ column }} is distinct from national.{{ column }}
        {% endfor %}
),

-- the procedures as the catalogue calls them
named as (
    select
        differing.*,
        coalesce(one_stop_aliases.procedure_code, differing.one_stop_procedure_code)
            as one_stop_catalogue_code,
        coalesce(national_aliases.procedure_code, differing.national_procedure_code)
            as national_catalogue_code
    from differing
    {{ join_procedure_aliases(
        'differing', 'one_stop_aliases', 'one_stop_procedure_code', 'one_stop_received_at'
    ) }}
    {{ join_procedure_aliases(
        'differing', 'national_aliases', 'national_procedure_code', 'national_received_at'
    ) }}
)

select
    named.*,
    pairs.agency_code,
    pairs.procedure_code,
    pairs.known_since_at,
    coalesce(pairs.modified_at, pairs.known_since_at) as modified_at,
    pairs.seen_since_on
from named
inner join {{ ref('int_pairs_tonight') }} as pairs
    on named.dossier_code = pairs.dossier_code
