select
    {{ finding(
        'steps_out_of_order', 'steps', 'steps.one_stop_first_worked_at', 'steps.national_first_worked_at',
        rows='steps'
    ) }}
from {{ ref('int_pair_steps') }} as steps
where
    steps.national_first_worked_at < steps.national_first_received_at
    and not coalesce(steps.one_stop_first_worked_at < steps.one_stop_first_received_at, false)
