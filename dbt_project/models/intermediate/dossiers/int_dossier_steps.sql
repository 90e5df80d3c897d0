select
    side as basis,
    dossier_code,
    min(case when status_code = '9' then processed_at end) as first_processed_at,
    min(case when status_code = '10' then processed_at end) as first_returned_at,
    min(case when status_code in ('8', '3', '7') then processed_at end) as first_stopped_at,
    max(case when status_code <> '5' then processed_at end) as last_step_at,
    -- for comparing the two sides: where these agree, every step but those of 2 and 9 does
    count(case when status_code not in ('2', '9') then 1 end) as compared_steps,
    cast(sum(case when status_code not in ('2', '9') then {{ step_number() }} else 0 end) as bigint)
        as compared_steps_sum,
    min(case when status_code = '2' then processed_at end) as first_received_at
from {{ ref('stg_both_sides__steps') }}
group by side, dossier_code
