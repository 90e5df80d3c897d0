-- What became of the petitions that came in a period, as it stood at its end and as it stands now. A petition
-- is where it was on that day; its limits are those of the outcome that is known today.
with days as (
    select
        'period_end' as as_of,
        period_type,
        period_start,
        period_end,
        judged_on
    from {{ ref('int_periods') }}
    union all
    select
        'now' as as_of,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        run.business_date as judged_on
    from {{ ref('int_periods') }} as periods
    cross join {{ source('control', 'run') }} as run
),

placed as (
    select
        days.as_of,
        days.period_type,
        days.period_start,
        days.period_end,
        days.judged_on,
        scopes.agency_code,
        scopes.agency_level,
        coalesce(petitions.kind, 'unknown') as kind,
        petitions.is_repeat,
        coalesce(petitions.handled_on <= days.judged_on, false) as is_handled,
        case when petitions.handled_on <= days.judged_on then petitions.outcome end as outcome,
        coalesce(petitions.published_on <= days.judged_on, false) as is_published,
        petitions.publish_by_on is not null as has_to_be_published,
        coalesce(least(petitions.handled_on, days.judged_on), days.judged_on)
        > petitions.handle_by_on as is_late,
        coalesce(least(petitions.published_on, days.judged_on), days.judged_on) > petitions.publish_by_on
            as is_published_late
    from {{ ref('int_petitions') }} as petitions
    inner join {{ ref('int_period_days') }} as received_in
        on petitions.received_on = received_in.calendar_on
    inner join days
        on received_in.period_type = days.period_type and received_in.period_start = days.period_start
    inner join {{ ref('int_agency_scopes') }} as scopes
        on petitions.agency_code = scopes.own_agency_code
    where days.period_type <> 'day'
),

kinds as (
    select * from placed
    union all
    select
        as_of,
        period_type,
        period_start,
        period_end,
        judged_on,
        agency_code,
        agency_level,
        'all' as kind,
        is_repeat,
        is_handled,
        outcome,
        is_published,
        has_to_be_published,
        is_late,
        is_published_late
    from placed
)

select
    as_of,
    period_type,
    period_start,
    period_end,
    agency_code,
    kind,
    agency_level,
    judged_on,
    count(*) as received,
    {% for outcome in ['resolved', 'transferred', 'refused', 'supplement_asked'] -%}
    cast(sum(case when outcome = '{{ outcome }}' then 1 else 0 end) as bigint) as {{ outcome }},
    {% endfor -%}
    cast(sum(case when not is_handled then 1 else 0 end) as bigint) as in_progress,
    cast(sum(case when not is_handled and not is_late then 1 else 0 end) as bigint) as in_progress_within,
    cast(sum(case when not is_handled and is_late then 1 else 0 end) as bigint) as in_progress_overdue,
    cast(sum(case when is_handled and is_late then 1 else 0 end) as bigint) as handled_late,
    cast(sum(case when outcome = 'resolved' and is_published then 1 else 0 end) as bigint) as published,
    cast(sum(
        case when outcome = 'resolved' and has_to_be_published and is_published_late then 1 else 0 end
    ) as bigint) as published_late,
    cast(sum(
        case
            when is_late then 0
            when outcome = 'resolved' and has_to_be_published and is_published_late then 0
            else 1
        end
    ) as bigint) as on_time,
    cast(sum(case when is_repeat then 1 else 0 end) as bigint) as repeated
from kinds
group by as_of, period_type, period_start, period_end, agency_code, kind, agency_level, judged_on
