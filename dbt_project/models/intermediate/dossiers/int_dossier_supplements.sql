with items as (
    select
        'one_stop' as basis,
        *
    from {{ ref('stg_one_stop__supplements') }}
    union all
    select
        'national' as basis,
        *
    from {{ ref('stg_national__supplements') }}
),

placed as (
    select
        items.basis,
        items.dossier_code,
        items.requested_at,
        items.completed_at,
        items.new_due_at,
        {{ working_second('items.completed_at', 'completed_day') }}
        - {{ working_second('items.requested_at', 'requested_day') }} as waited_seconds
    from items
    left join {{ ref('int_calendar') }} as requested_day
        on cast(items.requested_at as date) = requested_day.calendar_on
    left join {{ ref('int_calendar') }} as completed_day
        on cast(items.completed_at as date) = completed_day.calendar_on
)

select
    basis,
    dossier_code,
    count(*) as requests,
    -- an unanswered request after which there was another one, or an answer, is not open any more
    case
        when
            max(case when completed_at is null then requested_at end) >= max(greatest(
                requested_at, coalesce(completed_at, requested_at)
            ))
            then max(case when completed_at is null then requested_at end)
    end as open_request_at,
    max(new_due_at) as new_due_at,
    -- working time spent waiting for the citizen; a completion before its request waited no time
    cast(sum(case when waited_seconds > 0 then waited_seconds else 0 end) as bigint) as waited_seconds
from placed
group by basis, dossier_code
