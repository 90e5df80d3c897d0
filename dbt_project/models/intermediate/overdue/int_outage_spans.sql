-- Outages in working seconds, those that overlap as one. Work in the one-stop system stood still with that
-- system alone; what the portal shows, with any system on the way.
with placed as (
    select
        outages.system,
        {{ working_second('outages.started_at', 'started_day') }} as from_second,
        coalesce(
            {{ working_second('outages.ended_at', 'ended_day') }},
            last_day.working_day_number * {{ seconds_per_working_day() }}
        ) as until_second
    from {{ ref('stg_operations__outages') }} as outages
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('int_calendar') }} as started_day
        on cast(outages.started_at as date) = started_day.calendar_on
    left join {{ ref('int_calendar') }} as ended_day
        on cast(outages.ended_at as date) = ended_day.calendar_on
    left join {{ ref('int_calendar') }} as last_day
        on run.business_date = last_day.calendar_on
),

concerned as (
    select
        'one_stop' as basis,
        from_second,
        until_second
    from placed
    where system = 'one_stop' and until_second > from_second
    union all
    select
        'national' as basis,
        from_second,
        until_second
    from placed
    where until_second > from_second
),

ordered as (
    select
        *,
        max(until_second) over (
            partition by basis order by from_second asc nulls last, until_second asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as until_before_second
    from concerned
),

numbered as (
    select
        *,
        sum(case when from_second <= until_before_second then 0 else 1 end) over (
            partition by basis order by from_second asc nulls last, until_second asc nulls last
            rows between unbounded preceding and current row
        ) as span_number
    from ordered
)

select
    basis,
    min(from_second) as from_second,
    max(until_second) as until_second
from numbered
group by basis, span_number
