select
    {{ finding(
        'filed_differs', 'filed_at', 'differences.one_stop_filed_at', 'differences.national_filed_at',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where differences.one_stop_filed_at is distinct from differences.national_filed_at
