with items as (
    select
        'one_stop' as basis,
        *
    from {{ ref('stg_one_stop__components') }}
    union all
    select
        'national' as basis,
        *
    from {{ ref('stg_national__components') }}
)

select
    basis,
    dossier_code,
    count(*) as components,
    sum(case when has_file then 1 else 0 end) as components_with_file,
    sum(case when reuse_code in ('1', '2') then 1 else 0 end) as reused_components,
    sum(case when is_from_store then 1 else 0 end) as components_from_store
from items
where is_deleted is null or not is_deleted
group by basis, dossier_code
