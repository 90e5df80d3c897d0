{#-
    Why a dossier may be overdue, the cause that decides first (docs/decisions/0021). The seed overdue_causes says
    the same order and the words; a test holds both together.
-#}
{% macro overdue_causes() %}
{{ return([
    'outside_competence', 'data_sync', 'operation', 'supplement_counting', 'system_outage', 'waiting_by_law',
    'no_due_date', 'internal_process', 'actual', 'unexplained'
]) }}
{% endmacro %}

{#- What of a pair's copy on one side decides whether it is late, and how much. -#}
{% macro late_copy_columns() %}
{{ return([
    'received_at', 'due_at', 'counted_due_at', 'ended_at', 'is_on_time', 'open_due_on', 'received_second',
    'due_second', 'counted_due_second', 'ended_second', 'supplement_requests', 'has_new_due',
    'waited_seconds'
]) }}
{% endmacro %}

{#- Who has a dossier that is in a state: what a step says without naming anybody. -#}
{% macro held_by(status_code) -%}
case {{ status_code }}
        when '2' then 'one_stop_desk'
        when '4' then 'specialist_unit'
        when '5' then 'citizen'
        when '6' then 'tax_authority'
    end
{%- endmacro %}
