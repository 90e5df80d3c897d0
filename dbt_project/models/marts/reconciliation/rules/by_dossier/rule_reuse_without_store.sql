select
    {{ finding('reuse_without_store', 'components', 'reuse.claims_without_paper', '0') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_reuse') }} as reuse
    on pairs.dossier_code = reuse.dossier_code
where reuse.claims_without_paper > 0
