-- Weekdays count from a known Monday; the country's holidays and make-up days override them, and what the
-- province says of a day in its own calendar overrides both. Two centuries, because a date mistyped by a
-- century must still be early or late, never nothing.
with days as (
    {{ dbt.date_spine(
        datepart='day',
        start_date="cast('1900-01-01' as date)",
        end_date="cast('2101-01-01' as date)"
    ) }}
),

marked as (
    select
        cast(days.date_day as date) as calendar_on,
        case
            when coalesce(province.kind, holidays.kind) = 'day_off' then 0
            when coalesce(province.kind, holidays.kind) = 'working_make_up' then 1
            when mod({{ dbt.datediff("cast('1900-01-01' as date)", 'days.date_day', 'day') }}, 7) < 5 then 1
            else 0
        end as working_days
    from days
    left join {{ ref('public_holidays') }} as holidays
        on cast(days.date_day as date) = holidays.holiday_on
    left join {{ ref('stg_calendar__days') }} as province
        on cast(days.date_day as date) = province.calendar_on
)

select
    calendar_on,
    working_days = 1 as is_working_day,
    -- working days up to and with this date: equal on a day off and on the working day before it
    cast(
        sum(working_days)
            over (order by calendar_on nulls last rows between unbounded preceding and current row)
        as integer
    ) as working_day_number,
    cast({{ dbt.date_trunc('month', 'calendar_on') }} as date) as month_start_on,
    cast({{ dbt.date_trunc('quarter', 'calendar_on') }} as date) as quarter_start_on,
    cast(
        case
            when extract(month from calendar_on) <= 6 then {{ dbt.date_trunc('year', 'calendar_on') }}
            else {{ dbt.dateadd('month', 6, dbt.date_trunc('year', 'calendar_on')) }}
        end as date
    ) as half_year_start_on,
    cast({{ dbt.date_trunc('year', 'calendar_on') }} as date) as year_start_on
from marked
