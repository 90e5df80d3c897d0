select
    {{ finding(
        'status_unmapped', 'status_code', 'differences.one_stop_status_code', 'differences.national_status_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
left join {{ ref('dossier_statuses') }} as statuses
    on differences.national_status_code = statuses.status_code
where
    differences.one_stop_status_code is distinct from differences.national_status_code
    and statuses.status_code is null
