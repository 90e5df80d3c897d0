-- A period is counted again when one of its days received a dossier that changed, or when what is still open
-- in it was last judged before its end. Of all others the counts are kept.
{% if is_whole() -%}
select
    period_type,
    period_start
from {{ ref('int_periods') }}
{% else -%}
select
    periods.period_type,
    periods.period_start
from {{ ref('int_periods') }} as periods
cross join {{ source('control', 'run') }} as run
where periods.period_end > run.previous_business_date

union

select
    days.period_type,
    days.period_start
from {{ ref('int_period_days') }} as days
inner join {{ ref('int_groups_touched') }} as touched
    on days.calendar_on = touched.received_on
{% endif -%}
-- depends_on: {{ ref('int_period_days') }}, {{ ref('int_groups_touched') }}
