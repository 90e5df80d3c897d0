select
    {{ finding(
        'payment_flag_differs', 'online_payment_code', 'differences.one_stop_online_payment_code', 'differences.national_online_payment_code',
        rows='differences', known_since_at='differences.modified_at'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    coalesce(differences.one_stop_online_payment_code, '0')
    <> coalesce(differences.national_online_payment_code, '0')
