{#-
    The counts of macros/dossier_counts.sql, dossier by dossier: what puts one into a count, and the reason to show.
    `facts` is dossier_facts, `periods` is dim_period. A count without a reason of its own shows its name.
-#}
{% macro dossier_tests() %}
{%- set on_time = 'coalesce(facts.is_on_time, facts.open_due_on > periods.judged_on)' -%}
{%- set progress_reason -%}
case
        when facts.supplement_requests > 1 then 'asked_twice'
        when facts.counted_due_at is null then 'nothing_says_it_is_late'
        when facts.ended_at < facts.counted_due_at then 'ended_early'
        when facts.ended_at = facts.counted_due_at then 'ended_on_time'
        when facts.ended_at is not null then 'ended_late'
        when facts.open_due_on > periods.judged_on then 'open_not_due'
        else 'open_overdue'
    end
{%- endset -%}
{{ return({
    'received': {'holds': 'true'},
    'on_time': {'holds': on_time, 'reason': progress_reason},
    'without_fault': {
        'holds': on_time ~ ' and not facts.has_petition',
        'reason': "case when facts.has_petition then 'petition' else " ~ progress_reason ~ ' end'
    },
    'online': {'holds': 'facts.is_online'},
    'with_obligation': {'holds': 'facts.has_financial_obligation'},
    'paid_online': {'holds': 'facts.is_obligation_paid_online'},
    'with_electronic_result': {'holds': 'facts.has_electronic_result'},
    'digitized': {'holds': 'facts.is_digitized'},
    'with_reused_component': {'holds': 'facts.has_reused_component'},
    'shared': {'holds': 'facts.is_shared'},
    'with_population_data': {'holds': 'facts.uses_population_data'},
    'ended': {'holds': 'facts.ended_at is not null'},
    'worked_minutes': {'holds': 'facts.ended_at is not null'},
    'on_both_sides': {'holds': 'facts.is_on_both_sides'}
}) }}
{% endmacro %}

{#- The view of the dossiers behind every figure of an indicator, for each unit and period they count in. -#}
{% macro dossier_evidence(code, numerator, denominator) %}
{{ evidence_view(
    code, ref('dossier_facts'), dossier_tests(), numerator, denominator,
    keys=['basis', 'dossier_code'],
    shown=['procedure_code', 'status_code', 'received_at', 'due_at', 'counted_due_at', 'ended_at', 'worked_minutes']
) }}
{% endmacro %}
