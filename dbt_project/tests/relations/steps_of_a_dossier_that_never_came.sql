-- Steps came, but their dossier never did: it is missing in every figure, or it was deleted on that side.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_both_sides__steps'}}}) }}
select distinct
    steps.side,
    steps.dossier_code
from {{ ref('stg_both_sides__steps') }} as steps
left join {{ ref('int_dossiers') }} as dossiers
    on steps.side = dossiers.basis
    and steps.dossier_code = dossiers.dossier_code
where dossiers.dossier_code is null
