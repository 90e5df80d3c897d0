select
    {{ finding(
        'status_regression', 'steps', 'steps.one_stop_last_open_at', 'steps.national_last_open_at',
        rows='steps'
    ) }}
from {{ ref('int_pair_steps') }} as steps
where
    steps.national_last_open_at > steps.national_first_done_at
    and not coalesce(steps.one_stop_last_open_at > steps.one_stop_first_done_at, false)
