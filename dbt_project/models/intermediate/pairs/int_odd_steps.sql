-- The histories of the two sides in numbers: where count and sum agree, every step but those of 2 and 9 does.
-- These two the portal makes anew with every push, so only when they first came is compared.
with one_stop as (
    select *
    from {{ ref('int_dossier_steps') }}
    where basis = 'one_stop'
),

national as (
    select *
    from {{ ref('int_dossier_steps') }}
    where basis = 'national'
)

select coalesce(one_stop.dossier_code, national.dossier_code) as dossier_code
from one_stop
full outer join national
    on one_stop.dossier_code = national.dossier_code
where
    one_stop.compared_steps is distinct from national.compared_steps
    or one_stop.compared_steps_sum is distinct from national.compared_steps_sum
    or one_stop.first_received_at is distinct from national.first_received_at
    or least(one_stop.first_processed_at, one_stop.first_returned_at)
    is distinct from least(national.first_processed_at, national.first_returned_at)
