{{ keep_dossiers(['dossier_code', 'national_code']) }}
-- Whatever a day of judgement may find overdue, and copies still alone: an orphan match may tie one of these
-- to one that is late. Nothing here depends on the business date, so a night takes in what changed only.
with watched as (
    select
        basis,
        dossier_code
    from {{ dossiers_tonight() }}
    where is_received and not coalesce(is_on_time, false)
),

pairs as (
    select
        pairs.dossier_code,
        pairs.one_stop_code,
        pairs.national_code,
        pairs.agency_code,
        pairs.procedure_code,
        case when not pairs.is_deleted then pairs.one_stop_code end as held_code
    from {{ ref('int_pairs_tonight') }} as pairs
    left join watched as one_stop
        on one_stop.basis = 'one_stop' and pairs.one_stop_code = one_stop.dossier_code
    left join watched as national
        on national.basis = 'national' and pairs.national_code = national.dossier_code
    where
        one_stop.dossier_code is not null
        or national.dossier_code is not null
        or (pairs.pairing in ('one_stop_only', 'national_only') and not pairs.is_deleted)

    union all

    -- a dossier that no rule looks at stands on both sides under its code
    select
        facts.dossier_code,
        facts.dossier_code as one_stop_code,
        facts.dossier_code as national_code,
        facts.agency_code,
        facts.procedure_code,
        facts.dossier_code as held_code
    from {{ dossiers_tonight() }} as facts
    inner join (select distinct dossier_code from watched) as either
        on facts.dossier_code = either.dossier_code
    left join {{ ref('int_pairs_tonight') }} as looked_at
        on facts.dossier_code = looked_at.one_stop_code
    where facts.basis = 'one_stop' and looked_at.one_stop_code is null
),

copies as (
    select
        'one_stop' as basis,
        held_code as dossier_code
    from pairs
    where held_code is not null
    union
    select
        'national' as basis,
        national_code as dossier_code
    from pairs
    where national_code is not null
),

timed as (
    select
        facts.basis,
        facts.dossier_code,
        facts.received_at,
        facts.due_at,
        facts.counted_due_at,
        facts.ended_at,
        facts.is_on_time,
        facts.open_due_on,
        facts.supplement_requests,
        supplements.new_due_at is not null as has_new_due,
        coalesce(supplements.waited_seconds, 0) as waited_seconds,
        cast(procedures.time_limit_days * {{ seconds_per_working_day() }} as bigint) as limit_seconds,
        {{ working_second('facts.received_at', 'received_day') }} as received_second,
        {{ working_second('facts.due_at', 'due_day') }} as given_due_second,
        {{ working_second('facts.counted_due_at', 'counted_due_day') }} as counted_due_second,
        {{ working_second('facts.ended_at', 'ended_day') }} as ended_second
    from {{ dossiers_tonight() }} as facts
    inner join copies
        on facts.basis = copies.basis and facts.dossier_code = copies.dossier_code
    left join {{ ref('int_dossier_supplements') }} as supplements
        on facts.basis = supplements.basis and facts.dossier_code = supplements.dossier_code
    left join {{ ref('stg_catalogue__procedures') }} as procedures
        on facts.procedure_code = procedures.procedure_code
    left join {{ ref('int_calendar') }} as received_day
        on cast(facts.received_at as date) = received_day.calendar_on
    left join {{ ref('int_calendar') }} as due_day
        on cast(facts.due_at as date) = due_day.calendar_on
    left join {{ ref('int_calendar') }} as counted_due_day
        on cast(facts.counted_due_at as date) = counted_due_day.calendar_on
    left join {{ ref('int_calendar') }} as ended_day
        on cast(facts.ended_at as date) = ended_day.calendar_on
    where facts.is_received
),

-- the due date as given, or by the maximum: nothing is added for what was waited
sides as (
    select
        basis,
        dossier_code,
        {% for column in late_copy_columns() if column != 'due_second' -%}
        {{ column }},
        {% endfor -%}
        coalesce(given_due_second, received_second + limit_seconds) as due_second
    from timed
)

select
    pairs.dossier_code,
    pairs.one_stop_code,
    pairs.national_code,
    pairs.agency_code,
    pairs.procedure_code,
    -- whose steps tell who held it: those of where the work is done, if that system has it
    case when pairs.held_code is not null then 'one_stop' else 'national' end as steps_side,
    coalesce(pairs.held_code, pairs.national_code) as steps_code,
    -- the work was done when a step says so or the result was handed over, whatever end was recorded
    least(steps.first_processed_at, steps.first_returned_at, dossiers.returned_at) as done_at,
    dossiers.apology_sent_at,
    pushed.synced_at as pushed_at,
    {{ working_second('pushed.synced_at', 'pushed_day') }} as pushed_second,
    {% for side in ['one_stop', 'national'] -%}
    {% for column in late_copy_columns() -%}
    {{ side }}.{{ column }} as {{ side }}_{{ column }}{% if not loop.last %},{% endif %}
    {% endfor -%}
    {% if not loop.last %},{% endif %}
    {%- endfor %}
from pairs
left join sides as one_stop
    on one_stop.basis = 'one_stop' and pairs.one_stop_code = one_stop.dossier_code
left join sides as national
    on national.basis = 'national' and pairs.national_code = national.dossier_code
left join {{ ref('stg_one_stop__dossiers') }} as dossiers
    on pairs.held_code = dossiers.dossier_code
left join {{ ref('int_dossier_steps') }} as steps
    on steps.basis = 'one_stop' and pairs.held_code = steps.dossier_code
left join {{ ref('stg_national__dossiers') }} as pushed
    on pairs.national_code = pushed.dossier_code
left join {{ ref('int_calendar') }} as pushed_day
    on cast(pushed.synced_at as date) = pushed_day.calendar_on
