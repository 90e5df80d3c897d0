-- Weekdays count from a known Monday; the country's holidays and make-up days override them, and what the
-- province says of a day in its own calendar overrides both.
with marked as (
    select
        dates.calendar_on,
        case
            when coalesce(province.kind, holidays.kind) = 'day_off' then 0
            when coalesce(province.kind, holidays.kind) = 'working_make_up' then 1
            when mod({{ dbt.datediff("cast('1900-01-01' as date)", 'dates.calendar_on', 'day') }}, 7) < 5
                then 1
            else 0
        end as working_days,
        {{ second_of_clock('hours.morning_starts_at') }} as morning_from_second,
        {{ second_of_clock('hours.morning_ends_at') }} as morning_to_second,
        {{ second_of_clock('hours.afternoon_starts_at') }} as afternoon_from_second,
        {{ second_of_clock('hours.afternoon_ends_at') }} as afternoon_to_second
    from {{ ref('int_dates') }} as dates
    left join {{ ref('public_holidays') }} as holidays
        on dates.calendar_on = holidays.holiday_on
    left join {{ ref('stg_calendar__days') }} as province
        on dates.calendar_on = province.calendar_on
    left join {{ ref('working_hours') }} as hours
        on dates.calendar_on >= hours.valid_from_on
        and (hours.valid_to_on is null or dates.calendar_on <= hours.valid_to_on)
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
    morning_from_second,
    morning_to_second,
    afternoon_from_second,
    afternoon_to_second,
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
