-- What the store holds of the owners of tonight's dossiers, whichever dossier it came from. A paper whose
-- latest version names another owner is that one's.
with owners as (
    select distinct owner_link
    from {{ ref('stg_one_stop__dossiers') }}
    where owner_link is not null
),

named as (
    select distinct documents.document_code
    from {{ source('landed', 'digitized_documents') }} as documents
    inner join owners
        on documents.owner_link = owners.owner_link
),

papers as (
    select
        documents.document_code,
        max(documents.landed_row) as landed_row
    from {{ source('landed', 'digitized_documents') }} as documents
    inner join named
        on documents.document_code = named.document_code
    group by documents.document_code
)

select
    documents.document_code,
    documents.owner_link,
    documents.kind,
    documents.component_code,
    documents.result_code,
    documents.digitized_at,
    documents.valid_until_on
from {{ source('landed', 'digitized_documents') }} as documents
inner join papers
    on documents.landed_row = papers.landed_row
where documents.has_file and documents.owner_link is not null
