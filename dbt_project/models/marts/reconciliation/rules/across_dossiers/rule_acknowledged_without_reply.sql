select
    {{ finding('acknowledged_without_reply', 'dossier_code', 'pairs.one_stop_code', 'null') }}
from {{ ref('int_dossier_pairs') }} as pairs
left join {{ ref('int_orphan_matches') }} as matches
    on pairs.one_stop_code = matches.one_stop_code and matches.pairing = 'relaxed'
where
    pairs.pairing = 'one_stop_only'
    and not pairs.is_deleted
    and matches.one_stop_code is null
    and pairs.sync_queue_code = '3'
    and not pairs.has_sync_reply
    -- an extract that tells no reply to any dossier says nothing about this one
    and exists (
        select 1 from {{ ref('int_dossier_pairs') }} as told
        where told.has_sync_reply
    )
