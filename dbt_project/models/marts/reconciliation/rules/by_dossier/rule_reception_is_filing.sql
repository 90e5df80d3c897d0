select
    {{ finding(
        'reception_is_filing', 'received_at', 'differences.one_stop_received_at', 'differences.national_received_at',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    differences.national_received_at = differences.one_stop_filed_at
    and cast(differences.one_stop_received_at as date) <> cast(differences.national_received_at as date)
