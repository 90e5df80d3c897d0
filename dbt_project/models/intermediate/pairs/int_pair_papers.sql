-- Only dossiers of whose papers, results and fees something differs between the two sides or is odd in
-- itself.
{% set compared = ['components_with_file', 'result_papers', 'result_files', 'fee_items', 'charged_items'] -%}
{% set odd = ['digitized_without_file', 'internal_links', 'expiring_links'] -%}
-- a result that is a paper which was submitted
with submitted_again as (
    select
        results.landed_row,
        count(distinct results.position) as results
    from {{ ref('stg_national__results') }} as results
    inner join {{ ref('stg_national__components') }} as components
        on results.landed_row = components.landed_row and results.file_link = components.file_link
    group by results.landed_row
),

listed as (
    select
        pairs.dossier_code,
        pairs.agency_code,
        pairs.procedure_code,
        pairs.known_since_at,
        coalesce(pairs.modified_at, pairs.known_since_at) as modified_at,
        pairs.seen_since_on,
        pairs.one_stop_status_code,
        pairs.national_status_code,
        coalesce(submitted_again.results, 0) as national_results_submitted,
        {% for side in ['one_stop', 'national'] -%}
        {% for count in compared + odd -%}
        coalesce({{ side }}_lists.{{ count }}, 0) as {{ side }}_{{ count }}{% if not loop.last %},{% endif %}
        {% endfor -%}
        {% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_pairs_tonight') }} as pairs
    inner join {{ ref('stg_one_stop__dossiers') }} as one_stop
        on pairs.one_stop_code = one_stop.dossier_code
    inner join {{ ref('stg_national__dossiers') }} as national
        on pairs.national_code = national.dossier_code
    left join {{ ref('int_dossier_lists') }} as one_stop_lists
        on one_stop_lists.basis = 'one_stop' and one_stop.landed_row = one_stop_lists.landed_row
    left join {{ ref('int_dossier_lists') }} as national_lists
        on national_lists.basis = 'national' and national.landed_row = national_lists.landed_row
    left join submitted_again
        on national.landed_row = submitted_again.landed_row
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
