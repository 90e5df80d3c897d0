{{ keep_dossiers() }}
-- Of suspects only: what a citizen handed in although the store held it, of the same owner and still valid.
with asked as (
    select distinct
        dossiers.dossier_code,
        components.component_code,
        -- an empty channel is direct
        coalesce(dossiers.channel_code = '2', false) as is_online
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    inner join {{ source('tonight', 'one_stop_dossiers__components') }} as components
        on dossiers.landed_row = components.landed_row
    -- without the owner nobody can look
    inner join {{ ref('int_documents_held') }} as held
        on dossiers.owner_link = held.owner_link
        and components.component_code = held.component_code
        and coalesce(dossiers.received_at, dossiers.filed_at) > held.digitized_at
        and coalesce(
            held.valid_until_on >= cast(coalesce(dossiers.received_at, dossiers.filed_at) as date), true
        )
    where
        not coalesce(components.is_deleted, false)
        and not coalesce(components.is_from_store, false)
        and components.has_file
        and coalesce(components.reuse_code, '0') = '0'
)

-- whose paper it is stays behind
select
    dossier_code,
    component_code,
    is_online
from asked
