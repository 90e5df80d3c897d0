select
    {{ finding(
        'ministry_status_differs', 'status_code', 'ministry.one_stop_status_code', 'ministry.ministry_status_code'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_ministry_pairs') }} as ministry
    on pairs.one_stop_code = ministry.one_stop_code
where ministry.one_stop_status_code is distinct from ministry.ministry_status_code
