select
    {{ finding('missing_on_national', 'dossier_code', 'pairs.one_stop_code', 'null') }}
from {{ missing_on_national() }} as pairs
