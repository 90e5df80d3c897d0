{#-
    A view of what stands behind every figure of an indicator: one row per fact of its denominator, for each unit and
    period it counts in. `facts` has agency_code and received_on; `tests` says what puts a fact into a count, and the
    reason to show (a count without one shows its name); `keys` and `shown` are columns of `facts`.
-#}
{% macro evidence_view(code, facts, tests, numerator, denominator, keys, shown) %}
{%- set counted = tests[numerator] -%}
create or replace view {{ this.schema }}.evidence_{{ code | replace('.', '_') }} as
select
    facts.{{ keys | join(',\n    facts.') }},
    periods.period_type,
    periods.period_start,
    periods.period_end,
    units.agency_code,
    coalesce({{ counted.holds }}, false) as in_numerator,
    {% if counted.reason -%}
    {{ counted.reason }} as reason,
    {%- else -%}
    case when {{ counted.holds }} then '{{ numerator }}' else 'not_{{ numerator }}' end as reason,
    {%- endif %}
    facts.agency_code as own_agency_code,
    facts.{{ shown | join(',\n    facts.') }}
from {{ facts }} as facts
inner join {{ ref('dim_period') }} as periods
    on facts.received_on between periods.period_start and periods.period_end
inner join {{ ref('dim_agency') }} as units
    on (units.agency_level = 'province' or units.agency_code = facts.agency_code)
    and (units.valid_from_on is null or periods.period_end >= units.valid_from_on)
    and (units.valid_to_on is null or periods.period_start <= units.valid_to_on)
where {{ tests[denominator].holds }}
{% endmacro %}
