-- Only dossiers whose components say otherwise than the store about what their owner had there already.
with claimed as (
    select
        dossiers.dossier_code,
        count(*) as claims_without_paper,
        0 as papers_asked_again
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    inner join {{ source('tonight', 'one_stop_dossiers__components') }} as components
        on dossiers.landed_row = components.landed_row
    left join {{ ref('int_documents_held') }} as held
        on dossiers.owner_link = held.owner_link
        and components.replacing_result_code = held.result_code
        and coalesce(dossiers.received_at, dossiers.filed_at) >= held.digitized_at
    where
        -- without the owner nobody can look
        dossiers.owner_link is not null
        and not coalesce(components.is_deleted, false)
        and components.is_from_store
        and components.replacing_result_code is not null
        and held.document_code is null
        -- an extract that tells no code of a result says nothing about this one
        and exists (
            select 1 from {{ source('landed', 'digitized_documents') }} as told
            where told.result_code is not null
        )
    group by dossiers.dossier_code
),

asked as (
    select
        dossier_code,
        0 as claims_without_paper,
        count(*) as papers_asked_again
    from {{ ref('int_papers_asked_again') }}
    {% if not is_whole() -%}
    -- that table keeps those of other nights too
    where {{ names_a_changed_dossier(['dossier_code']) }}
    {% endif -%}
    group by dossier_code
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
