select
    {{ finding(
        'end_is_reception', 'ended_at', 'differences.one_stop_ended_at', 'differences.national_ended_at',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    differences.national_ended_at = differences.national_received_at
    and differences.one_stop_ended_at is distinct from differences.national_ended_at
