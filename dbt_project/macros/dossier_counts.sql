{#-
    What the counts of dossiers count, by their facts: those that add up whatever the day of judgement, and for 2.1 and 5.4
    what has to be known of settled and of open ones apart (judged_dossier_sums).
-#}
{% macro counted_facts() %}
{{ return({
    'dossiers': 'true',
    'settled_on_time': 'is_on_time',
    'settled_without_fault': 'is_on_time and not has_petition',
    'without_petition': 'not has_petition',
    'online': 'is_online',
    'with_obligation': 'has_financial_obligation',
    'paid_online': 'is_obligation_paid_online',
    'with_electronic_result': 'has_electronic_result',
    'digitized': 'is_digitized',
    'with_reused_component': 'has_reused_component',
    'shared': 'is_shared',
    'with_population_data': 'uses_population_data'
}) }}
{% endmacro %}

{#- Counts of dossiers that add up over days, procedures and agencies whatever the day of judgement. -#}
{% macro summed_dossier_counts() %}
{{ return([
    'online', 'with_obligation', 'paid_online', 'with_electronic_result', 'digitized', 'with_reused_component',
    'shared', 'with_population_data', 'ended', 'worked_minutes', 'on_both_sides'
]) }}
{% endmacro %}

{#- All counts of dossiers received in a period. -#}
{% macro dossier_counts() %}
{{ return(['received', 'on_time', 'without_fault'] + summed_dossier_counts()) }}
{% endmacro %}

{#-
    Those counts as sums over rows of counted_facts, where `judged_on` decides on what is open. `summed`: other columns than
    all of summed_dossier_counts.
-#}
{% macro judged_dossier_sums(days, judged_on, summed=none) %}
    cast(sum({{ days }}.dossiers) as bigint) as received,
    cast(sum(
        case
            when {{ days }}.open_due_on is null then {{ days }}.settled_on_time
            when {{ days }}.open_due_on > {{ judged_on }} then {{ days }}.dossiers
            else 0
        end
    ) as bigint) as on_time,
    cast(sum(
        case
            when {{ days }}.open_due_on is null then {{ days }}.settled_without_fault
            when {{ days }}.open_due_on > {{ judged_on }} then {{ days }}.without_petition
            else 0
        end
    ) as bigint) as without_fault,
    {% for column in summed or summed_dossier_counts() -%}
    cast(sum({{ days }}.{{ column }}) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
{%- endmacro %}
