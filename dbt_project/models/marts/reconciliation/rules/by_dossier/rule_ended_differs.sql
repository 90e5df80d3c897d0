select
    {{ finding(
        'ended_differs', 'ended_at', 'differences.one_stop_ended_at', 'differences.national_ended_at',
        rows='differences', known_since_at='differences.modified_at'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where differences.one_stop_ended_at is distinct from differences.national_ended_at
