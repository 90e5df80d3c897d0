select
    {{ finding(
        'owner_type_differs', 'owner_type_code', 'differences.one_stop_owner_type_code', 'differences.national_owner_type_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where differences.one_stop_owner_type_code is distinct from differences.national_owner_type_code
