{#-
    The shape of every indicator: one row per basis, period, agency and procedure (`all` for the agency's
    own figure), with whole-number numerator and denominator. `counts` is a relation at the grain of the agency.
-#}
{% macro indicator(code, counts, numerator, denominator, procedure_code="'all'") %}
select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    agency_level,
    {{ procedure_code }} as procedure_code,
    '{{ code }}' as indicator_code,
    cast({{ numerator }} as bigint) as numerator,
    cast({{ denominator }} as bigint) as denominator
from {{ counts }}
{% endmacro %}

{#-
    An indicator made of dossiers: of the agency, and of each procedure in it (but not by day). Beside it
    stands the view evidence_<code>: the dossiers themselves (see dossier_evidence.sql).
-#}
{% macro dossier_indicator(code, numerator, denominator) %}
{{ config(post_hook="{{ dossier_evidence('" ~ code ~ "', '" ~ numerator ~ "', '" ~ denominator ~ "') }}") }}
-- depends_on: {{ ref('dossier_facts') }}, {{ ref('dim_period') }}, {{ ref('dim_agency') }}
{{ indicator(code, ref('int_dossier_counts'), numerator, denominator) }}
union all
{{ indicator(code, ref('int_dossier_procedure_counts'), numerator, denominator, 'procedure_code') }}
{% endmacro %}

{#- An indicator made of petitions, with the view evidence_<code> beside it. -#}
{% macro petition_indicator(code, numerator, denominator) %}
{{ config(post_hook="{{ petition_evidence('" ~ code ~ "', '" ~ numerator ~ "', '" ~ denominator ~ "') }}") }}
-- depends_on: {{ ref('petition_facts') }}, {{ ref('dim_period') }}, {{ ref('dim_agency') }}
{{ indicator(code, ref('int_petition_counts'), numerator, denominator) }}
{% endmacro %}

{#- An indicator made of publication decisions, with the view evidence_<code>, procedure by procedure. -#}
{% macro publication_indicator(code, count) %}
{{ config(post_hook="{{ publication_evidence('" ~ code ~ "', '" ~ count ~ "') }}") }}
-- depends_on: {{ ref('publication_facts') }}, {{ ref('scored_units') }}, {{ ref('dim_period') }}
-- depends_on: {{ ref('dim_period_rule_set') }}, {{ ref('dim_indicator') }}, {{ ref('dim_agency') }}
{{ indicator(code, ref('int_publication_counts'), publication_tests()[count].numerator, count) }}
{% endmacro %}

{#- An indicator made of procedures and their dossiers, with the view evidence_<code>, procedure by procedure. -#}
{% macro procedure_indicator(code, numerator, denominator) %}
{{ config(post_hook="{{ procedure_evidence('" ~ code ~ "', '" ~ numerator ~ "', '" ~ denominator ~ "') }}") }}
-- depends_on: {{ ref('unit_procedures') }}, {{ ref('dossier_facts') }}, {{ ref('scored_units') }}
-- depends_on: {{ ref('dim_period') }}, {{ ref('dim_period_rule_set') }}, {{ ref('dim_indicator') }}
-- depends_on: {{ ref('dim_agency') }}
{{ indicator(code, ref('int_procedure_counts'), numerator, denominator) }}
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

{#- The least whole numerator that score_points gives so many points for: its inverse, for points that it gives. -#}
{% macro least_numerator(points, denominator, max_points, full_mark_percent) %}
case
    when {{ points }} > 0
        then {{ whole_quotient(
            '(2 * cast(100 * ' ~ points ~ ' as bigint) - 1) * ' ~ denominator ~ ' * ' ~ full_mark_percent
            ~ ' + 2 * 100 * 100 * ' ~ max_points ~ ' - 1',
            '(2 * 100 * 100 * ' ~ max_points ~ ')'
        ) }}
    else 0
end
{% endmacro %}

{#- The same without rounding to hundredths: six places, half-up, for what is too little to be seen in two. -#}
{% macro exact_points(numerator, denominator, max_points, full_mark_percent, empty_policy) %}
case
    when {{ denominator }} > 0
        then least(
            {{ max_points }},
            cast(
                cast(
                    {{ whole_quotient(
                        'cast(2 * 1000000 as bigint) * 100 * ' ~ max_points ~ ' * ' ~ numerator
                        ~ ' + ' ~ denominator ~ ' * ' ~ full_mark_percent,
                        '2 * ' ~ denominator ~ ' * ' ~ full_mark_percent
                    ) }} as decimal(15, 0)
                ) * cast(0.000001 as decimal(7, 6)) as decimal(12, 6)
            )
        )
    when {{ empty_policy }} = 'full' then cast({{ max_points }} as decimal(12, 6))
    else cast(0 as decimal(12, 6))
end
{% endmacro %}

{#- A quotient in parts of 1/scale, half-up. The remainder is scaled alone: the dividend times the scale may not fit. -#}
{% macro scaled_quotient(dividend, divisor, scale) %}
{%- set whole = whole_quotient(dividend, divisor) -%}
{{ scale }} * {{ whole }} + {{ whole_quotient(
    '2 * ' ~ scale ~ ' * (' ~ dividend ~ ' - ' ~ divisor ~ ' * ' ~ whole ~ ') + ' ~ divisor, '2 * ' ~ divisor
) }}
{%- endmacro %}

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
