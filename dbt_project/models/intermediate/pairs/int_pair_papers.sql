-- Only dossiers of whose papers, results and fees something differs between the two sides or is odd in
-- itself.
{% set compared = compared_papers() -%}
{% set odd = odd_papers() -%}
with listed as (
    select
        pairs.dossier_code,
        pairs.agency_code,
        pairs.procedure_code,
        pairs.known_since_at,
        coalesce(pairs.modified_at, pairs.known_since_at) as modified_at,
        pairs.seen_since_on,
        pairs.one_stop_status_code,
        pairs.national_status_code,
        coalesce(papers.national_results_submitted, 0) as national_results_submitted,
        {% for side in ['one_stop', 'national'] -%}
        {% for count in compared + odd -%}
        coalesce({{ side }}_lists.{{ count }}, 0) as {{ side }}_{{ count }}{% if not loop.last %},{% endif %}
        {% endfor -%}
        {% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_pairs_tonight') }} as pairs
    left join {{ ref('int_dossier_lists') }} as one_stop_lists
        on one_stop_lists.basis = 'one_stop' and pairs.one_stop_landed_row = one_stop_lists.landed_row
    left join {{ ref('int_dossier_lists') }} as national_lists
        on national_lists.basis = 'national' and pairs.national_landed_row = national_lists.landed_row
    left join {{ ref('int_odd_papers') }} as papers
        on pairs.national_code = papers.dossier_code
    where pairs.is_paired
)

select *
from listed
where
    national_results_submitted > 0
    or {% for count in compared -%}
    one_stop_{{ count }} <> national_{{ count }}
    or {% endfor -%}
    {% for count in odd -%}
    national_{{ count }} > 0
    or {% endfor -%}
    -- a result before the end is odd although both sides have it
    (national_result_files > 0 and national_status_code in ('1', '2', '4', '5', '6'))
