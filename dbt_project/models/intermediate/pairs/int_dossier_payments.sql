select
    dossier_code,
    cast(sum(case when method = 'online' then 1 else 0 end) as bigint) as paid_online,
    cast(sum(case when method <> 'online' then 1 else 0 end) as bigint) as paid_otherwise,
    min(case when method = 'online' then paid_at end) as first_paid_online_at
from {{ ref('stg_one_stop__payments') }}
where state = 'succeeded'
group by dossier_code
