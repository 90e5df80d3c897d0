-- One pass over what hangs on the dossiers that the portal holds: papers, results, fees, what the store has
-- of them, what was paid for them.
-- a result that is a paper which was submitted
with submitted_again as (
    select
        results.landed_row,
        cast(count(distinct results.position) as bigint) as results
    from {{ ref('stg_national__results') }} as results
    inner join {{ ref('stg_national__components') }} as components
        on results.landed_row = components.landed_row and results.file_link = components.file_link
    group by results.landed_row
)

select
    national.dossier_code,
    coalesce(submitted_again.results, 0) as national_results_submitted
from {{ ref('stg_national__dossiers') }} as national
left join {{ ref('stg_one_stop__dossiers') }} as one_stop
    on national.dossier_code = one_stop.dossier_code
left join {{ ref('int_dossier_lists') }} as one_stop_lists
    on one_stop_lists.basis = 'one_stop' and one_stop.landed_row = one_stop_lists.landed_row
left join {{ ref('int_dossier_lists') }} as national_lists
    on national_lists.basis = 'national' and national.landed_row = national_lists.landed_row
left join submitted_again
    on national.landed_row = submitted_again.landed_row
left join {{ ref('int_dossier_documents') }} as documents
    on national.dossier_code = documents.dossier_code
left join {{ ref('int_dossier_payments') }} as payments
    on national.dossier_code = payments.dossier_code
where
    submitted_again.results > 0
    {% for count in compared_papers() -%}
    or coalesce(one_stop_lists.{{ count }}, 0) <> coalesce(national_lists.{{ count }}, 0)
    {% endfor -%}
    {% for count in odd_papers() -%}
    or national_lists.{{ count }} > 0
    {% endfor -%}
    or (national_lists.result_files > 0 and national.status_code in ('1', '2', '4', '5', '6'))
    or one_stop_lists.digitized_components > coalesce(documents.components, 0)
    or documents.files_without_data > 0
    or (coalesce(national.online_payment_code, '0') in ('1', '2')) <> (coalesce(payments.paid_online, 0) > 0)
