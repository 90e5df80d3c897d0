{{ keep_periods() }}
-- Every period but the day (int_dossier_counts) is made of whole months. Periods in which nothing changed are
-- kept as they were counted (int_periods_tonight).
select
    months.basis,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    scopes.agency_code,
    scopes.agency_level,
    months.procedure_code,
    {{ judged_dossier_sums('months', 'periods.judged_on') }}
from {{ ref('int_dossier_procedure_months') }} as months
inner join {{ ref('int_period_days') }} as periods
    on months.received_month_on = periods.calendar_on and periods.period_type <> 'day'
inner join {{ ref('int_periods_tonight') }} as tonight
    on periods.period_type = tonight.period_type and periods.period_start = tonight.period_start
inner join {{ ref('int_agency_scopes') }} as scopes
    on months.agency_code = scopes.own_agency_code
group by
    months.basis, periods.period_type, periods.period_start, periods.period_end, scopes.agency_code,
    scopes.agency_level, months.procedure_code
