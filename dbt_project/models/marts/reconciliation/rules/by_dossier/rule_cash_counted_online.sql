select
    {{ finding('cash_counted_online', 'online_payment_code', "'3'", 'pairs.national_online_payment_code') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_holdings') }} as holdings
    on pairs.dossier_code = holdings.dossier_code
where
    pairs.is_paired
    and pairs.national_online_payment_code in ('1', '2')
    and holdings.is_paid
    and holdings.paid_online = 0
