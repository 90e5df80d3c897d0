{{ keep_dossiers() }}
-- A step holds the dossier until the next one, or until its end; the last one of an open dossier has no end
-- yet. Steps are there for tonight's dossiers only, so the join takes these.
with steps as (
    select
        late.dossier_code,
        steps.status_code,
        steps.processed_at as since_at,
        case when late.steps_side = 'one_stop' then late.one_stop_ended_at else late.national_ended_at end
            as ended_at,
        max(steps.step_due_at) as step_due_at,
        max(steps.officer_class) as officer_class
    from {{ ref('int_late_copies') }} as late
    inner join {{ ref('stg_both_sides__steps') }} as steps
        on late.steps_side = steps.side and late.steps_code = steps.dossier_code
    group by
        late.dossier_code, steps.status_code, steps.processed_at, late.steps_side, late.one_stop_ended_at,
        late.national_ended_at
),

spans as (
    select
        *,
        least(
            lead(since_at) over (
                partition by dossier_code order by since_at asc nulls last, status_code asc nulls last
            ),
            ended_at
        ) as until_at
    from steps
)

select
    spans.dossier_code,
    spans.status_code,
    spans.since_at,
    spans.until_at,
    spans.step_due_at,
    spans.officer_class,
    {{ working_second('spans.since_at', 'since_day') }} as since_second,
    {{ working_second('spans.until_at', 'until_day') }} as until_second,
    {{ working_second('spans.step_due_at', 'due_day') }} as step_due_second
from spans
left join {{ ref('int_calendar') }} as since_day
    on cast(spans.since_at as date) = since_day.calendar_on
left join {{ ref('int_calendar') }} as until_day
    on cast(spans.until_at as date) = until_day.calendar_on
left join {{ ref('int_calendar') }} as due_day
    on cast(spans.step_due_at as date) = due_day.calendar_on
-- what is done is with nobody any more
where
    spans.status_code in ('2', '4', '5', '6')
    and coalesce(spans.since_at < spans.ended_at, true)
