select
    {{ finding(
        'instant_completion', 'status_code', 'differences.one_stop_status_code', 'differences.national_status_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
inner join {{ ref('int_pair_steps') }} as steps
    on differences.dossier_code = steps.dossier_code
where
    differences.national_status_code in ('9', '10')
    and differences.one_stop_status_code in ('1', '2', '4', '5', '6')
    -- who has no due date gets one who is done at once
    and differences.one_stop_due_at is null
    and differences.one_stop_ended_at is null
    and steps.national_first_processed_at
    in (differences.one_stop_received_at, differences.national_received_at)
