select
    {{ finding('missing_on_one_stop', 'dossier_code', 'null', 'pairs.national_code') }}
from {{ ref('int_dossier_pairs') }} as pairs
left join {{ ref('int_orphan_matches') }} as matches
    on pairs.national_code = matches.national_code and matches.pairing = 'relaxed'
where
    matches.national_code is null
    and (
        pairs.pairing = 'national_only'
        or (pairs.is_deleted and pairs.national_code is not null)
    )
