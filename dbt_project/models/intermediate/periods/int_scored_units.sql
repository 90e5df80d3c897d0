-- Every unit that is scored in every period in which it exists, on both bases.
select
    periods.ruleset,
    bases.basis,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.judged_on,
    periods.is_provisional,
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
