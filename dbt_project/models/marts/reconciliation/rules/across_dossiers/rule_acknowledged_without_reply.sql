select
    {{ finding('acknowledged_without_reply', 'dossier_code', 'pairs.one_stop_code', 'null') }}
from {{ missing_on_national() }} as pairs
where
    pairs.sync_queue_code = '3'
    and not pairs.has_sync_reply
    -- an extract that tells no reply to any dossier says nothing about this one
    and exists (
        select 1 from {{ source('landed', 'one_stop_dossiers') }} as told
        where told.has_sync_reply
    )
