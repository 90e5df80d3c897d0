select
    {{ finding(
        'frozen_in_first_state', 'status_code', 'steps.one_stop_status_code', 'steps.national_status_code',
        rows='steps',
        known_since_at='steps.one_stop_latest_step_at'
    ) }}
from {{ ref('int_pair_steps') }} as steps
where
    steps.national_status_code in ('1', '2')
    and steps.one_stop_status_code not in ('1', '2')
    and coalesce(steps.national_latest_step_at <= steps.received_at, true)
