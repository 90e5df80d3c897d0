select
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.judged_on,
    calendar.calendar_on
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_calendar') }} as calendar
    on (periods.period_type = 'month' and periods.period_start = calendar.month_start_on)
    or (periods.period_type = 'year' and periods.period_start = calendar.year_start_on)
