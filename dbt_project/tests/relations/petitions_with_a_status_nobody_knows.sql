-- A status outside the list of the petition system: the petition counts as waiting, and soon as late.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_petitions__petitions'}}}) }}
select
    petitions.petition_code,
    petitions.status_text
from {{ ref('stg_petitions__petitions') }} as petitions
left join {{ ref('petition_statuses') }} as statuses
    on lower(petitions.status_text) = statuses.status_text
where petitions.status_text is not null and statuses.status_text is null
