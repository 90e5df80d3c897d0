-- A petition names a dossier that neither side ever sent: the dossier is not counted as complained about.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_petitions__petitions'}}}) }}
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
    named.petition_code,
    named.dossier_code
from {{ ref('stg_petitions__petitions') }} as named
left join dossiers
    on named.dossier_code = dossiers.dossier_code
where named.dossier_code is not null and dossiers.dossier_code is null
