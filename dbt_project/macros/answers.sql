{#- How long an agency has to explain a finding, in working days. -#}
{% macro working_days_to_explain() %}15{% endmacro %}

{#- The rule code under which an overdue dossier is explained: no reconciliation rule. -#}
{% macro overdue_rule() %}'overdue'{% endmacro %}
