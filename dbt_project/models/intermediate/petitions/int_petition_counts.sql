with counted as (
    select
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        count(*) as received,
        sum(
            case
                when petitions.is_on_time then 1
                when petitions.is_on_time is null and petitions.open_due_on >= periods.judged_on then 1
                else 0
            end
        ) as on_time
    from {{ ref('int_petitions') }} as petitions
    inner join {{ ref('int_period_days') }} as periods
        on petitions.received_on = periods.calendar_on
    inner join {{ ref('int_agency_scopes') }} as scopes
        on petitions.agency_code = scopes.own_agency_code
    group by periods.period_type, periods.period_start, scopes.agency_code
)

select
    units.ruleset,
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    cast(coalesce(counted.received, 0) as bigint) as received,
    cast(coalesce(counted.on_time, 0) as bigint) as on_time
from {{ ref('int_scored_units') }} as units
left join counted
    on units.period_type = counted.period_type
    and units.period_start = counted.period_start
    and units.agency_code = counted.agency_code
