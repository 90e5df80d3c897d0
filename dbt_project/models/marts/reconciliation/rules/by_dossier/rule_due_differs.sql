select
    {{ finding(
        'due_differs', 'due_at', 'differences.one_stop_due_at', 'differences.national_due_at',
        rows='differences', known_since_at='differences.modified_at'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where differences.one_stop_due_at is distinct from differences.national_due_at
