-- The maximum stays whole and a component without points adds nothing: nothing is rescaled.
select
    components.ruleset,
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    components.group_code,
    units.agency_level,
    cast(sum(coalesce(results.points, 0)) as decimal(9, 2)) as points,
    cast(sum(components.max_points) as decimal(9, 2)) as max_points,
    cast(sum(case when results.points is null then 1 else 0 end) as integer) as components_missing
from {{ ref('int_scored_units') }} as units
inner join {{ ref('int_period_rule_sets') }} as periods
    on units.period_type = periods.period_type and units.period_start = periods.period_start
inner join {{ ref('rule_set_components') }} as components
    on periods.ruleset = components.ruleset and components.is_scored
left join {{ ref('indicator_results') }} as results
    on components.ruleset = results.ruleset
    and units.basis = results.basis
    and units.period_type = results.period_type
    and units.period_start = results.period_start
    and units.agency_code = results.agency_code
    and components.indicator_code = results.indicator_code
group by
    components.ruleset, units.basis, units.period_type, units.period_start, units.period_end,
    units.agency_code, components.group_code, units.agency_level
