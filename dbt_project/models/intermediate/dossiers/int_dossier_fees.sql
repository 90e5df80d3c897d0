with items as (
    select
        'one_stop' as basis,
        *
    from {{ ref('stg_one_stop__fees') }}
    union all
    select
        'national' as basis,
        *
    from {{ ref('stg_national__fees') }}
)

select
    basis,
    dossier_code,
    sum(case when amount > 0 then 1 else 0 end) as charged_items
from items
group by basis, dossier_code
