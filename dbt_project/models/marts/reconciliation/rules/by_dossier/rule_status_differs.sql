select
    {{ finding(
        'status_differs', 'status_code', 'differences.one_stop_status_code', 'differences.national_status_code',
        rows='differences', known_since_at='differences.modified_at',
        maturity_hours='coalesce(lags.lag_hours, 0)'
    ) }}
from {{ ref('int_pair_differences') }} as differences
-- a status that is only late is too young to count for a while; one that could not have come is not
left join {{ ref('status_lags') }} as lags
    on differences.national_status_code = lags.national_status_code
    and differences.one_stop_status_code = lags.one_stop_status_code
where differences.one_stop_status_code is distinct from differences.national_status_code
