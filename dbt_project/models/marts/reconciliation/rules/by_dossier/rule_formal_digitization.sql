select
    {{ finding('formal_digitization', 'documents', 'holdings.files_without_data', 'null') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_holdings') }} as holdings
    on pairs.dossier_code = holdings.dossier_code
where
    holdings.files_without_data > 0
    -- an extract that tells no data of any document says nothing about this one
    and exists (
        select 1 from {{ source('landed', 'digitized_documents') }} as told
        where told.has_data
    )
