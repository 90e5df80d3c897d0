select
    {{ finding(
        'channel_differs', 'channel_code', 'differences.one_stop_channel_code', 'differences.national_channel_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where coalesce(differences.one_stop_channel_code, '1') <> coalesce(differences.national_channel_code, '1')
