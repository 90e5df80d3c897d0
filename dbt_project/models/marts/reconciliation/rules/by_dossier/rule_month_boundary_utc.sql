select
    {{ finding(
        'month_boundary_utc', 'received_at', 'differences.one_stop_received_at', 'differences.national_received_at',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    {{ dbt.datediff('differences.one_stop_received_at', 'differences.national_received_at', 'second') }}
    = -7 * 3600
    and extract(month from differences.one_stop_received_at)
    <> extract(month from differences.national_received_at)
