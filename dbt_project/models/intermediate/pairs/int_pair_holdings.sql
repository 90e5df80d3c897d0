-- In one pass, because several rules ask it: what was digitized of each dossier that a rule looks at, what
-- the store has of it, and how it was paid for.
select
    pairs.dossier_code,
    coalesce(lists.digitized_components, 0) as digitized_components,
    coalesce(documents.components, 0) as stored_components,
    coalesce(documents.files_without_data, 0) as files_without_data,
    payments.dossier_code is not null as is_paid,
    coalesce(payments.paid_online, 0) as paid_online,
    payments.first_paid_online_at
from {{ ref('int_pairs_tonight') }} as pairs
left join {{ ref('int_dossier_lists') }} as lists
    on lists.basis = 'one_stop' and pairs.one_stop_landed_row = lists.landed_row
left join {{ ref('int_dossier_documents') }} as documents
    on pairs.one_stop_code = documents.dossier_code
left join {{ ref('int_dossier_payments') }} as payments
    on pairs.one_stop_code = payments.dossier_code
where pairs.one_stop_code is not null
