select
    {{ finding('recoded', 'dossier_code', 'pairs.one_stop_code', 'matches.national_code') }}
from {{ ref('int_dossier_pairs') }} as pairs
inner join {{ ref('int_orphan_matches') }} as matches
    on pairs.one_stop_code = matches.one_stop_code
where matches.pairing = 'relaxed'
