with items as (
    select
        'one_stop' as basis,
        *
    from {{ ref('stg_one_stop__linked_databases') }}
    union all
    select
        'national' as basis,
        *
    from {{ ref('stg_national__linked_databases') }}
)

select
    basis,
    dossier_code,
    count(database_code) as linked_databases
from items
group by basis, dossier_code
