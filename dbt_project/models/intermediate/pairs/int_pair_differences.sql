with differing as (
    select
        pairs.dossier_code,
        pairs.agency_code,
        pairs.procedure_code,
        pairs.known_since_at,
        coalesce(pairs.modified_at, pairs.known_since_at) as modified_at,
        pairs.seen_since_on,
        {% for column in compared_columns() -%}
        one_stop.{{ column }} as one_stop_{{ column }},
        national.{{ column }} as national_{{ column }},
        {% endfor -%}
        national.ever_due_at as national_ever_due_at
    from {{ ref('int_pairs_tonight') }} as pairs
    inner join {{ ref('stg_one_stop__dossiers') }} as one_stop
        on pairs.one_stop_code = one_stop.dossier_code
    inner join {{ ref('stg_national__dossiers') }} as national
        on pairs.national_code = national.dossier_code
    where
        pairs.is_paired
        and (
            1 = 0
            {% for column in compared_columns() -%}
            or one_stop.{{ column }} is distinct from national.{{ column }}
            {% endfor %}
        )
)

-- the procedures as the catalogue calls them
select
    differing.*,
    coalesce(one_stop_aliases.procedure_code, differing.one_stop_procedure_code) as one_stop_catalogue_code,
    coalesce(national_aliases.procedure_code, differing.national_procedure_code) as national_catalogue_code
from differing
{{ join_procedure_aliases(
    'differing', 'one_stop_aliases', 'one_stop_procedure_code', 'one_stop_received_at'
) }}
{{ join_procedure_aliases(
    'differing', 'national_aliases', 'national_procedure_code', 'national_received_at'
) }}
