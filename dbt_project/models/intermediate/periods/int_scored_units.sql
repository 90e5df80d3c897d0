-- Every unit in every period in which it exists, on both bases. Of days, only those on which the unit
-- received a dossier or a petition; the province has every day.
with active_days as (
    select distinct
        received.received_on,
        scopes.agency_code
    from (
        select
            received_on,
            agency_code
        from {{ ref('int_dossier_days') }}
        union
        select
            received_on,
            agency_code
        from {{ ref('int_petitions') }}
    ) as received
    inner join {{ ref('int_agency_scopes') }} as scopes
        on received.agency_code = scopes.own_agency_code
)

select
    bases.basis,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.judged_on,
    agencies.agency_code,
    agencies.agency_level
from {{ ref('int_periods') }} as periods
cross join (
    select 'national' as basis
    union all
    select 'one_stop' as basis
) as bases
inner join {{ ref('dim_agency') }} as agencies
    on (agencies.valid_from_on is null or periods.period_end >= agencies.valid_from_on)
    and (agencies.valid_to_on is null or periods.period_start <= agencies.valid_to_on)
left join active_days
    on periods.period_start = active_days.received_on
    and agencies.agency_code = active_days.agency_code
where
    periods.period_type <> 'day'
    or agencies.agency_level = 'province'
    or active_days.agency_code is not null
