{#-
    Units that have a figure of an indicator, and the agency whose facts it is made of: the scope under the rule
    set in force says so (its own, or the province's, or none for departments).
-#}
{% macro figure_units(code) %}
select
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    counted.agency_code as counted_agency_code
from {{ ref('scored_units') }} as units
inner join {{ ref('dim_period_rule_set') }} as scorings
    on scorings.is_in_force
    and units.period_type = scorings.period_type
    and units.period_start = scorings.period_start
inner join {{ ref('dim_indicator') }} as components
    on components.indicator_code = '{{ code }}' and scorings.ruleset = components.ruleset
inner join {{ ref('dim_agency') }} as counted
    on (components.scope = 'as_province' and counted.agency_level = 'province')
    or (components.scope = 'own' and units.agency_code = counted.agency_code)
    or (
        components.scope = 'not_departments'
        and units.agency_level <> 'department'
        and units.agency_code = counted.agency_code
    )
{% endmacro %}
