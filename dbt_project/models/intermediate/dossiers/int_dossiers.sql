{{ keep_dossiers() }}
-- depends_on: {{ ref('int_dossiers_replaced') }}
-- What each indicator asks of a dossier, by the portal's technical description; end, due date and lateness by
-- its indicators 2.1 and 5.4.
with gathered as (
    select
        copies.basis,
        copies.dossier_code,
        agencies.agency_code,
        copies.procedure_code,
        copies.status_code,
        copies.received_at,
        copies.due_at,
        coalesce(statuses.is_received, true) and copies.received_at is not null as is_received,
        -- an empty channel is direct
        coalesce(copies.channel_code = '2', false) as is_online,
        coalesce(lists.charged_items, 0) > 0 as has_financial_obligation,
        coalesce(copies.online_payment_code in ('1', '2'), false) as is_paid_online,
        coalesce(lists.result_files, 0) > 0 as has_electronic_result,
        coalesce(lists.reused_components, 0) > 0 as has_reused_component,
        -- files of what was submitted and, where the procedure returns a paper, of what was returned
        coalesce(lists.components_with_file, 0) > 0
        and (not coalesce(procedures.returns_paper, false) or coalesce(lists.result_files, 0) > 0)
            as is_digitized,
        coalesce(lists.components_from_store, 0) > 0 or stored.dossier_code is not null as is_shared,
        coalesce(copies.is_vneid_verified, false) or coalesce(lists.linked_databases, 0) > 0
            as uses_population_data,
        petitions.dossier_code is not null as has_petition,
        paired.dossier_code is not null as is_on_both_sides,
        coalesce(supplements.requests, 0) as supplement_requests,
        supplements.open_request_at,
        supplements.new_due_at,
        coalesce(supplements.waited_seconds, 0) as waited_seconds,
        procedures.time_limit_days,
        steps.last_step_at,
        run.business_date,
        coalesce(
            copies.ended_at, steps.first_processed_at, steps.first_returned_at, steps.first_stopped_at
        ) as known_end_at
    from {{ ref('int_dossier_copies') }} as copies
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('dossier_statuses') }} as statuses
        on copies.status_code = statuses.status_code
    left join {{ ref('int_agency_codes') }} as agencies
        on copies.agency_code = agencies.written_code
    left join {{ ref('stg_catalogue__procedures') }} as procedures
        on copies.procedure_code = procedures.procedure_code
    left join {{ ref('int_dossier_steps') }} as steps
        on copies.basis = steps.basis and copies.dossier_code = steps.dossier_code
    left join {{ ref('int_dossier_supplements') }} as supplements
        on copies.basis = supplements.basis and copies.dossier_code = supplements.dossier_code
    left join {{ ref('int_dossier_lists') }} as lists
        on copies.basis = lists.basis and copies.landed_row = lists.landed_row
    left join (
        select distinct dossier_code
        from {{ ref('stg_digitization__documents') }}
        where kind = 'result' and is_pushed
    ) as stored
        on copies.dossier_code = stored.dossier_code
    left join (select distinct dossier_code from {{ ref('stg_petitions__petitions') }}) as petitions
        on copies.dossier_code = petitions.dossier_code
    left join (
        select
            'one_stop' as basis,
            one_stop_code as dossier_code
        from {{ ref('int_dossier_pairs') }}
        where one_stop_code is not null and national_code is not null
    ) as paired
        on copies.basis = paired.basis and copies.dossier_code = paired.dossier_code
),

ended as (
    select
        *,
        case
            -- what is said to end after the business date has not ended yet
            when cast(known_end_at as date) <= business_date then known_end_at
            -- an open request and nothing later: the request is the end
            when
                open_request_at is not null
                and cast(open_request_at as date) <= business_date
                and (last_step_at is null or last_step_at <= open_request_at)
                then open_request_at
        end as ended_at,
        -- where the due date starts from, and how much working time is added to it
        coalesce(due_at, received_at) as due_from_at,
        case
            when due_at is null then cast(time_limit_days * {{ seconds_per_working_day() }} as bigint)
            else 0
        end + case when supplement_requests = 1 then waited_seconds else 0 end as added_seconds
    from gathered
),

placed as (
    select
        ended.*,
        {{ working_second('ended.due_from_at', 'from_day') }} + ended.added_seconds as due_second
    from ended
    left join {{ ref('int_calendar') }} as from_day
        on cast(ended.due_from_at as date) = from_day.calendar_on
),

numbered as (
    select
        *,
        -- A due date moves to the moment when the added time is over. A maximum that starts from the
        -- reception lasts until the first moment that would exceed it.
        case
            when due_at is null then {{ whole_quotient('due_second', seconds_per_working_day()) }} + 1
            else {{ whole_quotient('due_second - 1', seconds_per_working_day()) }} + 1
        end as due_day_number
    from placed
),

due as (
    select
        numbered.*,
        numbered.due_second
        - (numbered.due_day_number - 1) * {{ seconds_per_working_day() }} as second_of_due_day,
        due_day.calendar_on as due_day_on,
        {{ working_hours_of('due_day') }}
    from numbered
    left join {{ ref('int_calendar') }} as due_day
        on numbered.due_day_number = due_day.working_day_number and due_day.is_working_day
),

judged as (
    select
        *,
        case
            when supplement_requests = 1 and new_due_at is not null then new_due_at
            when due_at is not null and added_seconds = 0 then due_at
            when due_at is null and second_of_due_day = {{ morning_seconds() }}
                then {{ date_and_second('due_day_on', afternoon_starts_at()) }}
            -- outside the calendar nothing can be added
            else coalesce(
                {{ date_and_second('due_day_on', clock_of_working_second('second_of_due_day')) }}, due_at
            )
        end as counted_due_at
    from due
),

timed as (
    select
        judged.*,
        {{ working_second('judged.ended_at', 'ended_day') }}
        - {{ working_second('judged.received_at', 'received_day') }} - judged.waited_seconds as worked_seconds
    from judged
    left join {{ ref('int_calendar') }} as received_day
        on cast(judged.received_at as date) = received_day.calendar_on
    left join {{ ref('int_calendar') }} as ended_day
        on cast(judged.ended_at as date) = ended_day.calendar_on
)

select
    basis,
    dossier_code,
    agency_code,
    procedure_code,
    status_code,
    received_at,
    cast(received_at as date) as received_on,
    due_at,
    counted_due_at,
    ended_at,
    is_received,
    is_online,
    has_financial_obligation,
    has_financial_obligation and is_paid_online as is_obligation_paid_online,
    has_electronic_result,
    is_digitized,
    has_reused_component,
    is_shared,
    uses_population_data,
    has_petition,
    is_on_both_sides,
    supplement_requests,
    -- NULL while it is open and only the day of judgement decides (open_due_on)
    case
        when supplement_requests > 1 then false
        when counted_due_at is null then true
        when ended_at is not null then ended_at <= counted_due_at
    end as is_on_time,
    case
        when supplement_requests <= 1 and ended_at is null then cast(counted_due_at as date)
    end as open_due_on,
    -- an end before the reception, or a wait longer than the whole, took no time
    cast(
        case
            when ended_at is not null
                then {{ whole_quotient('greatest(coalesce(worked_seconds, 0), 0)', 60) }}
        end as bigint
    ) as worked_minutes,
    -- what is said to happen after the business date will have happened when that day comes
    least(
        case when cast(known_end_at as date) > business_date then cast(known_end_at as date) end,
        case when cast(open_request_at as date) > business_date then cast(open_request_at as date) end
    ) as next_change_on
from timed
