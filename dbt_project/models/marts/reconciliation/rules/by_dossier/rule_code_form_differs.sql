select
    {{ finding('code_form_differs', 'dossier_code', 'pairs.one_stop_code', 'pairs.national_code') }}
from {{ ref('int_pairs_tonight') }} as pairs
where pairs.is_paired and pairs.pairing = 'code_form'
