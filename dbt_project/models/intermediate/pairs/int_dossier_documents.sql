select
    dossier_code,
    count(case when kind = 'component' then 1 end) as components,
    count(case when has_file and not has_data then 1 end) as files_without_data,
    count(case when kind = 'result' and is_pushed then 1 end) as pushed_results
from {{ ref('stg_digitization__documents') }}
group by dossier_code
