{{ config(materialized='view') }}
-- Judged at the end of the business date, like the running period of indicator 2.1. An orphan match makes one
-- dossier of a copy here and one there; the portal's copy then stands under the province's code.
with matched as (
    select
        matches.one_stop_code as matched_code,
        late.*
    from {{ ref('int_orphan_matches') }} as matches
    inner join {{ ref('int_late_copies') }} as late
        on matches.national_code = late.dossier_code
    where matches.pairing = 'relaxed'
),

copies as (
    select
        here.dossier_code,
        case when here.steps_side = 'one_stop' then here.one_stop_code end as one_stop_code,
        coalesce(here.national_code, there.national_code) as national_code,
        here.agency_code,
        here.procedure_code,
        here.done_at,
        here.apology_sent_at,
        coalesce(here.pushed_at, there.pushed_at) as pushed_at,
        coalesce(here.pushed_second, there.pushed_second) as pushed_second,
        {% for column in late_copy_columns() -%}
        here.one_stop_{{ column }},
        coalesce(here.national_{{ column }}, there.national_{{ column }}) as national_{{ column }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_late_copies') }} as here
    left join matched as there
        on here.one_stop_code = there.matched_code
    left join {{ ref('int_orphan_matches') }} as taken
        on here.dossier_code = taken.national_code and taken.pairing = 'relaxed'
    where taken.national_code is null
),

judged as (
    select
        copies.*,
        run.business_date,
        last_day.working_day_number * {{ seconds_per_working_day() }} as last_second,
        coalesce(
            not coalesce(copies.one_stop_is_on_time, copies.one_stop_open_due_on > run.business_date), false
        ) as one_stop_is_overdue,
        coalesce(
            not coalesce(copies.national_is_on_time, copies.national_open_due_on > run.business_date), false
        ) as national_is_overdue
    from copies
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('int_calendar') }} as last_day
        on run.business_date = last_day.calendar_on
),

-- what has to be explained: the province's own lateness, and only else the portal's
chosen as (
    select
        *,
        {% for column in ['received_second', 'due_at', 'due_second', 'counted_due_at', 'ended_at',
            'ended_second', 'waited_seconds'] -%}
        case when one_stop_is_overdue then one_stop_{{ column }} else national_{{ column }} end
            as {{ column }},
        {% endfor -%}
        case when one_stop_is_overdue then 'one_stop' else 'national' end as basis
    from judged
    where one_stop_is_overdue or national_is_overdue
),

overdue as (
    select
        *,
        coalesce(ended_second, last_second) as until_second,
        due_at is null as has_no_due_date,
        -- asked twice is late before anything is past due
        coalesce(ended_at > counted_due_at, cast(counted_due_at as date) <= business_date) as is_past_due,
        {% for side in ['one_stop', 'national'] -%}
        case
            when {{ side }}_is_overdue
                then greatest(
                    coalesce({{ side }}_ended_second, last_second) - {{ side }}_counted_due_second, 0
                )
        end as {{ side }}_late_seconds{% if not loop.last %},{% endif %}
        {% endfor %}
    from chosen
),

-- A step overran what was allowed for it: its own due date or, where it has none, half of the time limit. One
-- whose due date is the dossier's had the whole time.
steps as (
    select
        steps.dossier_code,
        steps.status_code,
        steps.since_at,
        steps.officer_class,
        steps.status_code in ('2', '4') as is_of_agency,
        greatest(coalesce(steps.until_second, overdue.last_second) - steps.since_second, 0) as seconds,
        case
            when steps.step_due_at is null
                then
                    2 * (coalesce(steps.until_second, overdue.last_second) - steps.since_second)
                    > overdue.due_second - overdue.received_second
            when steps.step_due_second < overdue.due_second
                then coalesce(steps.until_second, overdue.last_second) > steps.step_due_second
            else false
        end as is_over
    from overdue
    inner join {{ ref('int_late_steps') }} as steps
        on overdue.dossier_code = steps.dossier_code
),

-- the longest step, and of two as long the earlier one, as one number: to sort the steps takes twice as long
weighed as (
    select
        *,
        {%- set since_second = dbt.datediff("cast('2000-01-01' as timestamp)", 'since_at', 'second') %}
        seconds * 10000000000 - coalesce({{ since_second }}, 9999999999) as weight
    from steps
),

held as (
    select
        dossier_code,
        count(*) as steps,
        cast(sum(case when is_of_agency and is_over then 1 else 0 end) as bigint) as steps_over,
        cast(sum(case when is_of_agency and not is_over then 1 else 0 end) as bigint) as steps_in_time,
        cast(sum(case when status_code = '6' then seconds else 0 end) as bigint) as obligation_seconds,
        {% for name, weight in {
            'longest': 'weight', 'agency_longest': 'case when is_of_agency then weight end'
        }.items() -%}
        max_by(status_code, {{ weight }}) as {{ name }}_status_code,
        max_by(since_at, {{ weight }}) as {{ name }}_since_at,
        {% endfor -%}
        {% for name, condition in {
            'over': 'is_of_agency and is_over', 'obligation': "status_code = '6'"
        }.items() -%}
        max(case when {{ condition }} then status_code end) as {{ name }}_status_code,
        min(case when {{ condition }} then since_at end) as {{ name }}_since_at,
        {% endfor -%}
        max(seconds) as longest_seconds,
        -- nobody told is an answer too
        nullif(max_by(coalesce(officer_class, ''), weight), '') as longest_officer_class
    from weighed
    group by dossier_code
),

outages as (
    select
        overdue.dossier_code,
        cast(sum(
            least(spans.until_second, overdue.until_second)
            - greatest(spans.from_second, overdue.received_second)
        ) as bigint) as outage_seconds
    from overdue
    inner join {{ ref('int_outage_spans') }} as spans
        on overdue.basis = spans.basis
        and overdue.until_second > spans.from_second
        and overdue.received_second < spans.until_second
    group by overdue.dossier_code
)

select
    overdue.*,
    coalesce(held.steps, 0) as steps,
    coalesce(held.steps_over, 0) as steps_over,
    coalesce(held.steps_in_time, 0) as steps_in_time,
    coalesce(held.obligation_seconds, 0) as obligation_seconds,
    {% for name in ['longest', 'agency_longest', 'over', 'obligation'] -%}
    held.{{ name }}_status_code,
    held.{{ name }}_since_at,
    {% endfor -%}
    held.longest_seconds,
    held.longest_officer_class,
    coalesce(outages.outage_seconds, 0) as outage_seconds,
    coalesce(procedures.is_outside_competence, false) as is_outside_competence,
    coalesce(procedures.public_posting_days, 0) as public_posting_days
from overdue
left join held
    on overdue.dossier_code = held.dossier_code
left join outages
    on overdue.dossier_code = outages.dossier_code
left join {{ ref('stg_catalogue__procedures') }} as procedures
    on overdue.procedure_code = procedures.procedure_code
