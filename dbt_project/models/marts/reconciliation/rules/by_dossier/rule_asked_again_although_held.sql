select
    {{ finding('asked_again_although_held', 'components', 'reuse.papers_asked_again', 'null') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_reuse') }} as reuse
    on pairs.dossier_code = reuse.dossier_code
where reuse.papers_asked_again > 0
