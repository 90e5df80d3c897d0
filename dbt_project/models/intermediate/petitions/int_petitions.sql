-- Limits in working days of indicator 5.2, by day: from sending or the last transfer, the day itself not
-- counted.
with started as (
    select
        petitions.petition_code,
        petitions.kind,
        coalesce(petitions.is_disliked, false) as is_disliked,
        -- a second petition on one dossier repeats the first
        petitions.dossier_code is not null
        and row_number() over (
            partition by petitions.dossier_code
            order by petitions.received_at nulls last, petitions.petition_code nulls last
        ) > 1 as is_repeat,
        case
            when petitions.dossier_code is not null
                then cast(
                    lead(petitions.received_at) over (
                        partition by petitions.dossier_code
                        order by petitions.received_at nulls last, petitions.petition_code nulls last
                    ) as date
                )
        end as repeated_on,
        petitions.handled_at,
        petitions.published_at,
        coalesce(statuses.phase, 'waiting') as phase,
        statuses.outcome,
        cast(petitions.received_at as date) as received_on,
        cast(
            coalesce(petitions.transferred_at, petitions.sent_at, petitions.received_at) as date
        ) as started_on,
        coalesce(agencies.agency_code, 'unknown') as agency_code,
        -- a petition without an outcome yet has the time to resolve
        coalesce(limits.limit_working_days, resolving.limit_working_days) as limit_working_days,
        limits.publish_limit_working_days,
        run.business_date
    from {{ ref('stg_petitions__petitions') }} as petitions
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('petition_statuses') }} as statuses
        on lower(petitions.status_text) = statuses.status_text
    left join {{ ref('petition_limits') }} as limits
        on statuses.outcome = limits.outcome
    inner join {{ ref('petition_limits') }} as resolving
        on resolving.outcome = 'resolved'
    left join {{ ref('int_agency_codes') }} as agencies
        on petitions.agency_code = agencies.written_code
    where petitions.received_at is not null
),

settled as (
    select
        started.*,
        coalesce(
            started.phase = 'handled' and cast(started.handled_at as date) <= started.business_date, false
        ) as is_handled,
        started_day.working_day_number + started.limit_working_days as handle_day_number,
        -- Of what is handled: said in the join below, it would compare every petition with every day.
        case
            when started.phase = 'handled' and cast(started.handled_at as date) <= started.business_date
                then handled_day.working_day_number + started.publish_limit_working_days
        end as publish_day_number
    from started
    left join {{ ref('int_calendar') }} as started_day
        on started.started_on = started_day.calendar_on
    left join {{ ref('int_calendar') }} as handled_day
        on cast(started.handled_at as date) = handled_day.calendar_on
)

select
    settled.petition_code,
    settled.kind,
    settled.is_disliked,
    settled.is_repeat,
    settled.repeated_on,
    settled.agency_code,
    settled.received_on,
    settled.is_handled,
    case when settled.is_handled then settled.outcome end as outcome,
    case when settled.is_handled then cast(settled.handled_at as date) end as handled_on,
    case
        when cast(settled.published_at as date) <= settled.business_date
            then cast(settled.published_at as date)
    end
        as published_on,
    handle_by.calendar_on as handle_by_on,
    publish_by.calendar_on as publish_by_on,
    -- What is decided: handled late, or handled in time and published (or not to be published).
    -- NULL while a day of judgement decides: not handled, or handled and waiting to be published.
    case
        when settled.is_handled and cast(settled.handled_at as date) > handle_by.calendar_on then false
        when settled.is_handled and settled.publish_limit_working_days is null then true
        when settled.is_handled and cast(settled.published_at as date) <= settled.business_date
            then cast(settled.published_at as date) <= publish_by.calendar_on
    end as is_on_time,
    -- outside the calendar nobody knows the day; then it is the day it started
    coalesce(
        case when settled.is_handled then publish_by.calendar_on else handle_by.calendar_on end,
        settled.started_on
    ) as open_due_on
from settled
left join {{ ref('int_calendar') }} as handle_by
    on settled.handle_day_number = handle_by.working_day_number and handle_by.is_working_day
left join {{ ref('int_calendar') }} as publish_by
    on settled.publish_day_number = publish_by.working_day_number and publish_by.is_working_day
