select
    {{ finding('flag_synced_but_absent', 'dossier_code', 'pairs.one_stop_code', 'null') }}
from {{ missing_on_national() }} as pairs
where pairs.sync_flag_code = '1'
