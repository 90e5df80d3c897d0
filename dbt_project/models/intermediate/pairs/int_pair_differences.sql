with differing as (
    select
        pairs.dossier_code,
        pairs.agency_code,
        pairs.procedure_code,
        pairs.known_since_at,
        coalesce(pairs.modified_at, pairs.known_since_at) as modified_at,
        pairs.seen_since_on,
        {% for column in compared_columns() -%}
        pairs.one_stop_{{ column }},
        pairs.national_{{ column }},
        {% endfor -%}
        pairs.national_ever_due_at
    from {{ ref('int_pairs_tonight') }} as pairs
    where
        pairs.is_paired
        and (
            1 = 0
            {% for column in compared_columns() -%}
            or pairs.one_stop_{{ column }} is distinct from pairs.national_{{ column }}
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
