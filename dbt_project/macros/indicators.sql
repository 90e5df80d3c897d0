{#-
    The shape of every indicator table: one row per rule set, basis, period and agency, with whole-number
    numerator and denominator. `counts` is a model at that grain.
-#}
{% macro indicator(code, counts, numerator, denominator) %}
select
    ruleset,
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    agency_level,
    '{{ code }}' as indicator_code,
    {{ numerator }} as numerator,
    {{ denominator }} as denominator
from {{ counts }}
{% endmacro %}

{#-
    Points of a component, half-up to two decimals, exactly: no floating point on the way.
    max · R capped at max, where full marks begin at full_mark_percent; R = numerator / denominator, whole
    numbers. An empty denominator follows the component's empty_policy: none (no points), zero, full.
-#}
{% macro score_points(numerator, denominator, max_points, full_mark_percent, empty_policy) %}
case
    when {{ denominator }} > 0
        then least(
            {{ max_points }},
            {{ hundredths(whole_quotient(
                'cast(2 * 100 * 100 as bigint) * ' ~ max_points ~ ' * ' ~ numerator
                ~ ' + ' ~ denominator ~ ' * ' ~ full_mark_percent,
                '2 * ' ~ denominator ~ ' * ' ~ full_mark_percent
            )) }}
        )
    when {{ empty_policy }} = 'full' then cast({{ max_points }} as decimal(9, 2))
    when {{ empty_policy }} = 'zero' then cast(0 as decimal(9, 2))
end
{% endmacro %}

{#- A whole number of hundredths as a decimal: multiplied, because DuckDB divides decimals as doubles. -#}
{% macro hundredths(whole) %}cast(cast({{ whole }} as decimal(12, 0)) * cast(0.01 as decimal(3, 2)) as decimal(9, 2)){% endmacro %}

{#- R as a decimal with six places, half-up; NULL when there is no denominator. -#}
{% macro exact_rate(numerator, denominator) %}
case
    when {{ denominator }} > 0
        then cast(
            cast(
                {{ whole_quotient(
                    'cast(2 * 1000000 as bigint) * ' ~ numerator ~ ' + ' ~ denominator, '2 * ' ~ denominator
                ) }} as decimal(15, 0)
            ) * cast(0.000001 as decimal(7, 6)) as decimal(12, 6)
        )
end
{% endmacro %}
