select
    {{ finding('double_posting', 'dossier_code', 'matches.one_stop_code', 'pairs.national_code') }}
from {{ ref('int_dossier_pairs') }} as pairs
inner join {{ ref('int_orphan_matches') }} as matches
    on pairs.national_code = matches.national_code
where matches.pairing = 'duplicate'
