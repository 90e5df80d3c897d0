{#-
    What is told of each copy of `copies` (rows as in int_dossier_copies), in its header, its lists and its steps,
    before anything is concluded from it.
-#}
{% macro dossiers_as_told(copies) %}
select
    copies.basis,
    copies.dossier_code,
    agencies.agency_code,
    copies.procedure_code,
    copies.status_code,
    copies.received_at,
    copies.due_at,
    copies.ended_at as told_end_at,
    -- an empty channel is direct
    coalesce(copies.channel_code = '2', false) as is_online,
    coalesce(copies.online_payment_code in ('1', '2'), false) as is_paid_online,
    coalesce(copies.is_vneid_verified, false) or coalesce(lists.linked_databases, 0) > 0
        as uses_population_data,
    coalesce(lists.charged_items, 0) as charged_items,
    coalesce(lists.components_with_file, 0) as components_with_file,
    coalesce(lists.result_files, 0) as result_files,
    coalesce(lists.reused_components, 0) as reused_components,
    coalesce(lists.components_from_store, 0) > 0 or coalesce(documents.pushed_results, 0) > 0 as is_shared,
    petitions.dossier_code is not null as has_petition,
    coalesce(supplements.requests, 0) as supplement_requests,
    supplements.open_request_at,
    supplements.new_due_at,
    coalesce(supplements.waited_seconds, 0) as waited_seconds,
    steps.last_step_at,
    coalesce(steps.first_processed_at, steps.first_returned_at, steps.first_stopped_at) as steps_end_at
from {{ copies }} as copies
left join {{ ref('int_agency_codes') }} as agencies
    on copies.agency_code = agencies.written_code
left join {{ ref('int_dossier_steps') }} as steps
    on copies.basis = steps.basis and copies.dossier_code = steps.dossier_code
left join {{ ref('int_dossier_supplements') }} as supplements
    on copies.basis = supplements.basis and copies.dossier_code = supplements.dossier_code
left join {{ ref('int_dossier_lists') }} as lists
    on copies.basis = lists.basis and copies.landed_row = lists.landed_row
left join {{ ref('int_dossier_documents') }} as documents
    on copies.dossier_code = documents.dossier_code
left join (select distinct dossier_code from {{ ref('stg_petitions__petitions') }}) as petitions
    on copies.dossier_code = petitions.dossier_code
{% endmacro %}

{#- Names of what dossiers_as_told() tells beside basis and dossier_code. -#}
{% macro told_columns() %}
{{ return([
    'agency_code', 'procedure_code', 'status_code', 'received_at', 'due_at', 'told_end_at', 'is_online',
    'is_paid_online', 'uses_population_data', 'charged_items', 'components_with_file', 'result_files',
    'reused_components', 'is_shared', 'has_petition', 'supplement_requests', 'open_request_at', 'new_due_at',
    'waited_seconds', 'last_step_at', 'steps_end_at'
]) }}
{% endmacro %}

{#-
    What each indicator asks of a dossier, by the portal's technical description; end, due date and lateness by
    its indicators 2.1 and 5.4. `told` has the columns told_columns(), and `keys`.
-#}
{% macro judged_dossiers(told, keys) %}
with gathered as (
    select
        told.*,
        coalesce(statuses.is_received, true) and told.received_at is not null as is_received,
        -- files of what was submitted and, where the procedure returns a paper, of what was returned
        told.components_with_file > 0
        and (not coalesce(procedures.returns_paper, false) or told.result_files > 0) as is_digitized,
        procedures.time_limit_days,
        run.business_date,
        coalesce(told.told_end_at, told.steps_end_at) as known_end_at
    from {{ told }} as told
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('dossier_statuses') }} as statuses
        on told.status_code = statuses.status_code
    left join {{ ref('stg_catalogue__procedures') }} as procedures
        on told.procedure_code = procedures.procedure_code
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
    {{ keys | join(',\n    ') }},
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
    charged_items > 0 as has_financial_obligation,
    charged_items > 0 and is_paid_online as is_obligation_paid_online,
    result_files > 0 as has_electronic_result,
    is_digitized,
    reused_components > 0 as has_reused_component,
    is_shared,
    uses_population_data,
    has_petition,
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
{% endmacro %}

{#- Names of what judged_dossiers() gives beside the keys. -#}
{% macro fact_columns() %}
{{ return([
    'agency_code', 'procedure_code', 'status_code', 'received_at', 'received_on', 'due_at', 'counted_due_at',
    'ended_at', 'is_received', 'is_online', 'has_financial_obligation', 'is_obligation_paid_online',
    'has_electronic_result', 'is_digitized', 'has_reused_component', 'is_shared', 'uses_population_data',
    'has_petition', 'supplement_requests', 'is_on_time', 'open_due_on', 'worked_minutes', 'next_change_on'
]) }}
{% endmacro %}

{#- The facts of the dossiers that the run works on, as int_dossiers keeps them; a condition may follow. -#}
{% macro dossiers_with_facts() -%}
with told as (
    {{ dossiers_as_told(ref('int_dossier_copies')) }}
),

facts as (
    {{ judged_dossiers('told', ['basis', 'dossier_code']) }}
)

select
    facts.basis,
    facts.dossier_code,
    {% for column in fact_columns() -%}
    facts.{{ column }},
    {% endfor -%}
    -- what no rule has to look at stands under one code on both sides
    facts.basis = 'one_stop' and alone.dossier_code is null as is_on_both_sides
from facts
left join (
    select
        'one_stop' as basis,
        one_stop_code as dossier_code
    from {{ ref('int_pairs_tonight') }}
    where pairing = 'one_stop_only'
) as alone
    on facts.basis = alone.basis and facts.dossier_code = alone.dossier_code
{%- endmacro %}
