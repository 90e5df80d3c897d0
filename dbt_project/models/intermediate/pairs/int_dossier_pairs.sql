{{ keep_dossiers(['dossier_code', 'national_code']) }}
select
    pairs.dossier_code,
    pairs.one_stop_code,
    pairs.national_code,
    pairs.pairing,
    pairs.is_paired,
    pairs.is_deleted,
    pairs.other_dossier_code,
    pairs.agency_code,
    pairs.procedure_code,
    pairs.received_at,
    pairs.known_since_at,
    pairs.owner_link,
    pairs.owner_type_code,
    pairs.sync_flag_code,
    pairs.sync_queue_code,
    pairs.has_sync_reply,
    pairs.has_placeholder,
    pairs.seen_since_on,
    -- what another form of the code meets, or would meet, on the other side
    case
        when pairs.pairing in ('one_stop_only', 'national_only', 'code_form')
            then {{ canonical_dossier_code('pairs.dossier_code', 'pairs.agency_code') }}
    end as canonical_code
from {{ ref('int_pairs_tonight') }} as pairs
