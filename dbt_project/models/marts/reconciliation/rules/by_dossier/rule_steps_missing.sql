select
    {{ finding(
        'steps_missing', 'steps', 'steps.first_missing_step', 'null',
        rows='steps',
        known_since_at='steps.first_missing_at'
    ) }}
from {{ ref('int_pair_steps') }} as steps
where steps.missing_steps > 0
