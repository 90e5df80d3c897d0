select
    {{ finding('flag_never_selected', 'dossier_code', 'pairs.one_stop_code', 'null') }}
from {{ missing_on_national() }} as pairs
where
    pairs.sync_flag_code is null
    -- an extract that tells no flag of any dossier says nothing about this one
    and exists (
        select 1 from {{ source('landed', 'one_stop_dossiers') }} as told
        where told.sync_flag_code is not null
    )
