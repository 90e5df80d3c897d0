{% set keys = ['basis', 'agency_code', 'received_month_on'] -%}
{{ keep_groups(keys) }}
-- Months are enough for the statutory form, whose shortest period is one: what is still open is judged at the
-- end of a period or, in the running one, at the business date. Of an open dossier that date decides, so the
-- day itself is kept.
select
    basis,
    agency_code,
    field_code,
    received_month_on,
    case when outcome <> 'open' then ended_month_on end as ended_month_on,
    -- late while open is only what a month's end has found open
    case
        when outcome = 'open' and is_asked_twice then received_month_on
        when outcome = 'open' then late_on
        when ended_month_on > greatest(late_month_on, received_month_on) then late_month_on
    end as open_late_on,
    is_online,
    outcome,
    cast(count(*) as bigint) as dossiers
from (
    select
        dossiers.basis,
        coalesce(dossiers.agency_code, 'unknown') as agency_code,
        coalesce(procedures.field_code, 'unknown') as field_code,
        received_day.month_start_on as received_month_on,
        -- what ended before it was received has ended on the day it was received
        cast({{ dbt.date_trunc(
            'month', 'greatest(cast(dossiers.ended_at as date), dossiers.received_on)'
        ) }} as date) as ended_month_on,
        cast(dossiers.counted_due_at as date) as late_on,
        case
            when dossiers.supplement_requests > 1 then received_day.month_start_on
            else cast({{ dbt.date_trunc('month', 'dossiers.counted_due_at') }} as date)
        end as late_month_on,
        dossiers.supplement_requests > 1 as is_asked_twice,
        dossiers.is_online,
        case
            when dossiers.ended_at is null then 'open'
            when not dossiers.is_on_time then 'overdue'
            when dossiers.ended_at < dossiers.counted_due_at then 'early'
            else 'on_time'
        end as outcome
    from {{ dossiers_of_touched_groups(keys) }} as dossiers
    inner join {{ ref('int_calendar') }} as received_day
        on dossiers.received_on = received_day.calendar_on
    left join {{ ref('stg_catalogue__procedures') }} as procedures
        on dossiers.procedure_code = procedures.procedure_code
    where dossiers.is_received
) as spanned
group by
    basis, agency_code, field_code, received_month_on,
    case when outcome <> 'open' then ended_month_on end,
    case
        when outcome = 'open' and is_asked_twice then received_month_on
        when outcome = 'open' then late_on
        when ended_month_on > greatest(late_month_on, received_month_on) then late_month_on
    end,
    is_online, outcome
