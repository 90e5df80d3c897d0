{#- The counts of int_petition_counts, petition by petition: what puts one into a count, and the reason to show. -#}
{% macro petition_tests() %}
{%- set on_time = 'coalesce(facts.is_on_time, facts.open_due_on >= periods.judged_on)' -%}
{%- set progress_reason -%}
case
        when facts.is_on_time then 'handled_on_time'
        when not facts.is_on_time then 'handled_late'
        when facts.open_due_on >= periods.judged_on then 'open_not_due'
        else 'open_overdue'
    end
{%- endset -%}
{%- set repeated = 'coalesce(facts.repeated_on <= periods.judged_on, false)' -%}
{{ return({
    'received': {'holds': 'true'},
    'about_procedures': {'holds': "coalesce(facts.kind = 'procedure', false)"},
    'about_conduct': {'holds': "coalesce(facts.kind = 'conduct', false)"},
    'on_time': {'holds': on_time, 'reason': progress_reason},
    'first_received': {'holds': 'not facts.is_repeat'},
    'satisfied': {
        'holds': 'not facts.is_repeat and not facts.is_disliked and not ' ~ repeated ~ ' and ' ~ on_time,
        'reason': "case when facts.is_disliked then 'disliked' when " ~ repeated ~ " then 'repeated' else "
            ~ progress_reason ~ ' end'
    }
}) }}
{% endmacro %}

{#- The view of the petitions behind every figure of an indicator; both bases read the one petition system. -#}
{% macro petition_evidence(code, numerator, denominator) %}
{{ evidence_view(
    code, ref('petition_facts'), petition_tests(), numerator, denominator,
    keys=['petition_code'],
    shown=['kind', 'received_on', 'handle_by_on', 'publish_by_on']
) }}
{% endmacro %}
