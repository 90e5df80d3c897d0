select
    {{ finding('ghost_after_deletion', 'dossier_code', 'null', 'pairs.national_code') }}
from {{ ref('int_dossier_pairs') }} as pairs
where pairs.is_deleted and pairs.national_code is not null
