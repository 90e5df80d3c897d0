-- Only dossiers whose components say otherwise than the store about what their owner had there already.
with components as (
    select
        dossiers.dossier_code,
        dossiers.owner_link,
        coalesce(dossiers.received_at, dossiers.filed_at) as known_since_at,
        components.component_code,
        components.replacing_result_code,
        coalesce(components.is_from_store, false) as is_from_store,
        components.has_file and coalesce(components.reuse_code, '0') = '0' as is_submitted_anew
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    inner join {{ source('tonight', 'one_stop_dossiers__components') }} as components
        on dossiers.landed_row = components.landed_row
    -- without the owner nobody can look
    where dossiers.owner_link is not null and not coalesce(components.is_deleted, false)
),

claimed as (
    select
        components.dossier_code,
        count(*) as claims_without_paper,
        0 as papers_asked_again
    from components
    left join {{ ref('int_documents_held') }} as held
        on components.owner_link = held.owner_link
        and components.replacing_result_code = held.result_code
        and components.known_since_at >= held.digitized_at
    where
        components.is_from_store
        and components.replacing_result_code is not null
        and held.document_code is null
        -- an extract that tells no code of a result says nothing about this one
        and exists (
            select 1 from {{ source('landed', 'digitized_documents') }} as told
            where told.result_code is not null
        )
    group by components.dossier_code
),

asked as (
    select
        components.dossier_code,
        0 as claims_without_paper,
        count(distinct components.component_code) as papers_asked_again
    from components
    inner join {{ ref('int_documents_held') }} as held
        on components.owner_link = held.owner_link
        and components.component_code = held.component_code
        and components.known_since_at > held.digitized_at
        and coalesce(held.valid_until_on >= cast(components.known_since_at as date), true)
    where components.is_submitted_anew and not components.is_from_store
    group by components.dossier_code
)

select
    dossier_code,
    cast(sum(claims_without_paper) as bigint) as claims_without_paper,
    cast(sum(papers_asked_again) as bigint) as papers_asked_again
from (
    select * from claimed
    union all
    select * from asked
) as either
group by dossier_code
