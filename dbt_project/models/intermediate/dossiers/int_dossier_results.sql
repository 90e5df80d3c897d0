with items as (
    select
        'one_stop' as basis,
        *
    from {{ ref('stg_one_stop__results') }}
    union all
    select
        'national' as basis,
        *
    from {{ ref('stg_national__results') }}
)

select
    basis,
    dossier_code,
    sum(case when has_file then 1 else 0 end) as result_files
from items
group by basis, dossier_code
