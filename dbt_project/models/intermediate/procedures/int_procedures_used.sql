{{ keep_periods() }}
-- A procedure is used by one dossier, so what changed the use of one in a period changed a dossier in it. A
-- department becomes competent for a procedure with its first dossier (int_unit_procedures), which is in such
-- a period, too.
with received as (
    select
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.agency_code,
        counts.procedure_code,
        counts.online,
        counts.with_obligation,
        counts.paid_online,
        counts.with_population_data
    from {{ ref('int_dossier_procedure_counts') }} as counts
    inner join {{ ref('int_periods_tonight') }} as tonight
        on counts.period_type = tonight.period_type and counts.period_start = tonight.period_start

    union all

    select
        days.basis,
        'day' as period_type,
        days.received_on as period_start,
        scopes.agency_code,
        days.procedure_code,
        sum(days.online) as online,
        sum(days.with_obligation) as with_obligation,
        sum(days.paid_online) as paid_online,
        sum(days.with_population_data) as with_population_data
    from {{ ref('int_dossier_days') }} as days
    inner join {{ ref('int_periods_tonight') }} as tonight
        on days.received_on = tonight.period_start and tonight.period_type = 'day'
    inner join {{ ref('int_agency_scopes') }} as scopes
        on days.agency_code = scopes.own_agency_code
    group by days.basis, days.received_on, scopes.agency_code, days.procedure_code
)

select
    counts.basis,
    counts.period_type,
    counts.period_start,
    counts.agency_code,
    cast(
        sum(case when procedures.is_online_service and counts.online > 0 then 1 else 0 end) as bigint
    ) as used_online,
    cast(
        sum(case when procedures.has_fee and counts.with_obligation > 0 then 1 else 0 end) as bigint
    ) as used_with_fee,
    cast(
        sum(case when procedures.has_fee and counts.paid_online > 0 then 1 else 0 end) as bigint
    ) as paid_online,
    cast(sum(
        case when procedures.is_for_citizens and counts.with_population_data > 0 then 1 else 0 end
    ) as bigint) as with_population_data
from received as counts
inner join {{ ref('int_unit_procedures') }} as procedures
    on counts.agency_code = procedures.agency_code and counts.procedure_code = procedures.procedure_code
group by counts.basis, counts.period_type, counts.period_start, counts.agency_code
