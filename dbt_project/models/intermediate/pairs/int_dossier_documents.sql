select
    dossier_code,
    cast(sum(case when kind = 'component' then 1 else 0 end) as bigint) as components,
    cast(sum(case when has_file and not has_data then 1 else 0 end) as bigint) as files_without_data
from {{ ref('stg_digitization__documents') }}
group by dossier_code
