select
    {{ finding('cash_counted_online', 'online_payment_code', "'3'", 'pairs.national_online_payment_code') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_dossier_payments') }} as payments
    on pairs.one_stop_code = payments.dossier_code
where
    pairs.is_paired
    and pairs.national_online_payment_code in ('1', '2')
    and payments.paid_online = 0
