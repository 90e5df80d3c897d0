select
    {{ finding(
        'due_missing', 'due_at', 'differences.one_stop_due_at', 'differences.national_due_at',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    differences.one_stop_due_at is not null
    and differences.national_due_at is null
    and differences.national_ever_due_at is null
