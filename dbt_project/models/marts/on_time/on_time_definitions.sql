with counted as (
    select
        days.definition,
        days.basis,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        sum(days.dossiers) as received,
        sum(
            case
                when days.late_from_on is null or days.late_from_on > periods.judged_on then days.dossiers
                else 0
            end
        ) as on_time
    from {{ ref('int_on_time_days') }} as days
    inner join {{ ref('int_period_days') }} as periods
        on days.received_on = periods.calendar_on
    inner join {{ ref('int_agency_scopes') }} as scopes
        on days.agency_code = scopes.own_agency_code
    where periods.period_type <> 'day'
    group by days.definition, days.basis, periods.period_type, periods.period_start, scopes.agency_code
)

select
    counted.basis,
    counted.period_type,
    counted.period_start,
    units.period_end,
    counted.agency_code,
    counted.definition,
    units.agency_level,
    cast(counted.on_time as bigint) as on_time,
    cast(counted.received as bigint) as received,
    {{ exact_rate('cast(counted.on_time as bigint)', 'cast(counted.received as bigint)') }} as rate,
    -- how many more dossiers are on time than under Decision 766
    cast(counted.on_time - official.on_time as bigint) as more_than_766
from counted
inner join {{ ref('int_scored_units') }} as units
    on counted.basis = units.basis
    and counted.period_type = units.period_type
    and counted.period_start = units.period_start
    and counted.agency_code = units.agency_code
inner join counted as official
    on official.definition = 'by_timestamp_766'
    and counted.basis = official.basis
    and counted.period_type = official.period_type
    and counted.period_start = official.period_start
    and counted.agency_code = official.agency_code
