select
    {{ finding('paid_without_payment', 'online_payment_code', 'null', 'pairs.national_online_payment_code') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_holdings') }} as holdings
    on pairs.dossier_code = holdings.dossier_code
where
    pairs.is_paired
    and pairs.national_online_payment_code in ('1', '2')
    and not holdings.is_paid
