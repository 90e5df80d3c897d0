select
    {{ finding(
        'stale_copy', 'synced_at', 'pairs.modified_at', 'coalesce(pairs.one_stop_synced_at, pairs.national_synced_at)',
        known_since_at='pairs.modified_at'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
where
    pairs.is_paired
    and pairs.modified_at > coalesce(pairs.one_stop_synced_at, pairs.national_synced_at)
