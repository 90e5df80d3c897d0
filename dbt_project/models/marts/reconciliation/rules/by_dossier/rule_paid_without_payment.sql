select
    {{ finding('paid_without_payment', 'online_payment_code', 'null', 'pairs.national_online_payment_code') }}
from {{ ref('int_pairs_tonight') }} as pairs
left join {{ ref('int_dossier_payments') }} as payments
    on pairs.one_stop_code = payments.dossier_code
where
    pairs.is_paired
    and pairs.national_online_payment_code in ('1', '2')
    and payments.dossier_code is null
