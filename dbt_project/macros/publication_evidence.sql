{#-
    Of each count of procedures in publication decisions: which decisions are looked at (facts is
    publication_facts, periods is dim_period), what puts a procedure into the numerator and the reason to show,
    and which of its decisions decides: one that is late is late for the procedure; else the newest.
-#}
{% macro publication_tests() %}
{{ return({
    'issued': {
        'when': 'facts.issued_on between periods.period_start and periods.period_end',
        'numerator': 'issued_on_time',
        'counts': 'facts.is_issued_on_time',
        'reason': "case
            when not facts.is_issued_on_time then 'issued_late'
            when facts.publish_by_on is null then 'nothing_says_it_is_late'
            else 'issued_on_time'
        end",
        'once_late_is_late': true
    },
    'to_publicise': {
        'when': 'facts.issued_on <= periods.judged_on
            and (facts.publicised_on is null or facts.publicised_on >= periods.period_start)',
        'numerator': 'publicised_on_time',
        'counts': 'facts.publicised_on <= periods.judged_on and facts.is_publicised_on_time',
        'reason': "case
            when facts.publicised_on is null or facts.publicised_on > periods.judged_on then 'not_public_yet'
            when facts.is_publicised_on_time then 'public_on_time'
            else 'public_late'
        end",
        'once_late_is_late': true
    },
    'public': {
        'when': 'facts.publicised_on <= periods.judged_on',
        'numerator': 'complete',
        'counts': 'facts.is_complete',
        'reason': "case when facts.is_complete then 'complete' else 'incomplete' end",
        'kept': "change_kind <> 'repealed'"
    }
}) }}
{% endmacro %}

{#-
    One row per period, unit and procedure of a count: whether it is in the numerator, and the decision that
    says so. `scopes` says whom an agency's decisions count for.
-#}
{% macro publication_verdicts(count, facts, scopes, periods) %}
{%- set test = publication_tests()[count] -%}
{%- set procedure = 'periods.period_type, periods.period_start, scopes.agency_code, facts.procedure_code' -%}
{%- set shown = [
    'decision_number', 'change_kind', 'issued_on', 'legal_basis_in_force_on', 'publish_by_on',
    'publicised_on', 'publicise_by_on', 'missing_contents'
] -%}
select
    period_type,
    period_start,
    agency_code,
    procedure_code,
    in_numerator,
    reason,
    own_agency_code,
    decisions,
    {{ shown | join(',\n    ') }}
from (
    select
        {{ procedure.replace(', ', ',\n        ') }},
        coalesce({{ test.counts }}, false) as in_numerator,
        {{ test.reason }} as reason,
        facts.agency_code as own_agency_code,
        facts.{{ shown | join(',\n        facts.') }},
        count(*) over (partition by {{ procedure }}) as decisions,
        row_number() over (
            partition by {{ procedure }}
            order by
                {% if test.once_late_is_late -%}
                case when {{ test.counts }} then 1 else 0 end asc nulls last,
                {% endif -%}
                facts.issued_on desc nulls last,
                facts.decision_number desc nulls last,
                facts.procedure_wire_code desc nulls last
        ) as place
    from {{ facts }} as facts
    inner join {{ scopes }} as scopes
        on facts.agency_code = scopes.own_agency_code
    inner join {{ periods }} as periods
        on {{ test.when }}
) as judged
where place = 1{% if test.kept %} and {{ test.kept }}{% endif %}
{% endmacro %}

{#- The view of the procedures behind every figure of an indicator, each with the decision that proves it. -#}
{% macro publication_evidence(code, count) %}
create or replace view {{ this.schema }}.evidence_{{ code | replace('.', '_') }} as
select
    units.basis,
    verdicts.procedure_code,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    verdicts.in_numerator,
    verdicts.reason,
    verdicts.own_agency_code,
    verdicts.decisions,
    verdicts.decision_number,
    verdicts.change_kind,
    verdicts.issued_on,
    verdicts.legal_basis_in_force_on,
    verdicts.publish_by_on,
    verdicts.publicised_on,
    verdicts.publicise_by_on,
    verdicts.missing_contents
from ({{ figure_units(code) }}) as units
inner join (
    {{ publication_verdicts(
        count, ref('publication_facts'), '(' ~ agency_scopes() ~ ')', ref('dim_period')
    ) }}
) as verdicts
    on units.period_type = verdicts.period_type
    and units.period_start = verdicts.period_start
    and units.counted_agency_code = verdicts.agency_code
{% endmacro %}
