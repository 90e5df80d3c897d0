select
    {{ finding(
        'status_rewritten_to_done', 'status_code', 'differences.one_stop_status_code', 'differences.national_status_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    differences.one_stop_status_code in ('5', '6', '8')
    and differences.national_status_code = '9'
