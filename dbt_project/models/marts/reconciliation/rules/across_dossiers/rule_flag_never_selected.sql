select
    {{ finding('flag_never_selected', 'dossier_code', 'pairs.one_stop_code', 'null') }}
from {{ ref('int_dossier_pairs') }} as pairs
left join {{ ref('int_orphan_matches') }} as matches
    on pairs.one_stop_code = matches.one_stop_code and matches.pairing = 'relaxed'
where
    pairs.pairing = 'one_stop_only'
    and not pairs.is_deleted
    and matches.one_stop_code is null
    and pairs.sync_flag_code is null
    -- an extract that tells no flag of any dossier says nothing about this one
    and exists (
        select 1 from {{ ref('int_dossier_pairs') }} as told
        where told.sync_flag_code is not null
    )
