select
    {{ finding(
        'formal_digitization', 'documents', 'documents.files_without_data', 'null'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_dossier_documents') }} as documents
    on pairs.one_stop_code = documents.dossier_code
where
    documents.files_without_data > 0
    -- an extract that tells no data of any document says nothing about this one
    and exists (
        select 1 from {{ source('landed', 'digitized_documents') }} as told
        where told.has_data
    )
