{#- What a correction may put into the portal's copy of a dossier, one by one; seed sync_rule_corrections. -#}
{% macro corrected_columns() %}
{{ return([
    'status_code', 'received_at', 'due_at', 'told_end_at', 'procedure_code', 'is_online', 'is_paid_online',
    'charged_items', 'components_with_file', 'result_files'
]) }}
{% endmacro %}

{#- What the steps of a copy tell; they are put right together. -#}
{% macro step_columns() %}{{ return(['last_step_at', 'steps_end_at']) }}{% endmacro %}

{#- The counts of dossiers that make an indicator, as its model says; a test holds both together. -#}
{% macro indicators_of_dossiers() %}
{{ return({
    '1.4': ['on_both_sides', 'received_one_stop'],
    '2.1': ['on_time', 'received'],
    '3.3': ['online', 'received'],
    '3.6': ['paid_online', 'with_obligation'],
    '4.1': ['with_electronic_result', 'received'],
    '4.2': ['digitized', 'received'],
    '4.3': ['with_reused_component', 'received'],
    '4.4': ['shared', 'received'],
    '4.5b': ['with_population_data', 'received'],
    '5.4': ['without_fault', 'received']
}) }}
{% endmacro %}

{#- And those that say whether a procedure counts in one: the count of dossiers, and which procedures it asks. -#}
{% macro indicators_of_procedures() %}
{{ return({
    '3.2': ['online', 'is_online_service'],
    '3.5': ['with_obligation', 'has_fee'],
    '3.5b': ['paid_online', 'has_fee'],
    '4.5a': ['with_population_data', 'is_for_citizens']
}) }}
{% endmacro %}

{#-
    Changes of counts, a column each, as rows of the indicators that are made of them: code → the columns that change
    its numerator and its denominator, 0 for what stays.
-#}
{% macro changes_by_indicator(changes, counts) %}
select
    changes.basis,
    changes.scenario,
    changes.scenario_code,
    changes.period_type,
    changes.period_start,
    changes.agency_code,
    indicators.indicator_code,
    {% for part in ['numerator', 'denominator'] -%}
    {% set place = loop.index0 -%}
    case indicators.indicator_code
        {% for code, columns in counts.items() -%}
        when '{{ code }}' then {{ columns[place] if columns[place] == 0 else 'changes.' ~ columns[place] }}
        {% endfor -%}
    end as {{ part }}_change{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ changes }} as changes
inner join {{ ref('indicators') }} as indicators
    on indicators.indicator_code in ('{{ counts | join("', '") }}')
{%- endmacro %}
