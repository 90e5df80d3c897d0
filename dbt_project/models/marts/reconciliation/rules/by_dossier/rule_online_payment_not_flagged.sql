select
    {{ finding(
        'online_payment_not_flagged', 'online_payment_code', "'1'", 'pairs.national_online_payment_code',
        known_since_at='holdings.first_paid_online_at'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_pair_holdings') }} as holdings
    on pairs.dossier_code = holdings.dossier_code
where
    pairs.is_paired
    and holdings.paid_online > 0
    and coalesce(pairs.national_online_payment_code, '0') not in ('1', '2')
