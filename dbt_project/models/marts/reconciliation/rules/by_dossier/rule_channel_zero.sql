select
    {{ finding('channel_zero', 'channel_code', 'null', 'pairs.national_channel_code') }}
from {{ ref('int_pairs_tonight') }} as pairs
where pairs.is_paired and pairs.national_channel_code = '0'
