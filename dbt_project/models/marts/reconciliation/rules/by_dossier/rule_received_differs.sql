select
    {{ finding(
        'received_differs', 'received_at', 'differences.one_stop_received_at', 'differences.national_received_at',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where differences.one_stop_received_at is distinct from differences.national_received_at
