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
