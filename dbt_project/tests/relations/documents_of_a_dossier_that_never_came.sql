-- The store holds a paper of a dossier that neither side ever sent: it cannot be offered for reuse there.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_digitization__documents'}}}) }}
with dossiers as (
    select dossier_code
    from {{ ref('stg_one_stop__dossiers') }}
    union all
    select other_dossier_code as dossier_code
    from {{ ref('stg_one_stop__dossiers') }}
    where other_dossier_code is not null
    union all
    select dossier_code
    from {{ ref('stg_national__dossiers') }}
)

select
    named.document_code,
    named.dossier_code
from {{ ref('stg_digitization__documents') }} as named
left join dossiers
    on named.dossier_code = dossiers.dossier_code
where named.dossier_code is not null and dossiers.dossier_code is null
