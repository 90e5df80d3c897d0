select
    {{ finding(
        'digitized_not_in_store', 'components', 'lists.digitized_components', 'coalesce(documents.components, 0)'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_dossier_lists') }} as lists
    on lists.basis = 'one_stop' and pairs.one_stop_landed_row = lists.landed_row
left join {{ ref('int_dossier_documents') }} as documents
    on pairs.one_stop_code = documents.dossier_code
where
    not pairs.is_deleted
    -- papers go to the store with the reception
    and pairs.received_at is not null
    and lists.digitized_components > coalesce(documents.components, 0)
