-- Steps came, but their dossier never did: it is missing in every figure, or it was deleted on that side.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_both_sides__steps'}}}) }}
with dossiers as (
    select
        'one_stop' as side,
        dossier_code
    from {{ ref('stg_one_stop__dossiers') }}
    union all
    select
        'national' as side,
        dossier_code
    from {{ ref('stg_national__dossiers') }}
)

select distinct
    steps.side,
    steps.dossier_code
from {{ ref('stg_both_sides__steps') }} as steps
left join dossiers
    on steps.side = dossiers.side
    and steps.dossier_code = dossiers.dossier_code
where dossiers.dossier_code is null
