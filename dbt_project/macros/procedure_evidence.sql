{#-
    The counts of int_procedure_counts, procedure by procedure: what puts one into a count, and the reason to
    show. `procedures` is unit_procedures; `used` is what the unit received of it in the period, if anything.
-#}
{% macro procedure_tests() %}
{%- set tests = {
    'under_authority': {'holds': 'true'},
    'online_services': {
        'holds': 'procedures.is_online_service',
        'reason': "case when procedures.is_online_service then 'offered_online' else 'not_offered_online' end"
    },
    'with_fee': {'holds': 'procedures.has_fee'},
    'for_citizens': {'holds': 'procedures.is_for_citizens'}
} -%}
{%- for count, use in {
    'used_online': ('is_online_service', 'online', 'online_dossier'),
    'used_with_fee': ('has_fee', 'with_obligation', 'dossier_with_a_fee'),
    'paid_online': ('has_fee', 'paid_online', 'dossier_paid_online'),
    'with_population_data': ('is_for_citizens', 'with_population_data', 'dossier_with_population_data')
}.items() -%}
{%- set holds = 'coalesce(used.' ~ use[1] ~ ', 0) > 0' -%}
{%- do tests.update({count: {
    'holds': 'procedures.' ~ use[0] ~ ' and ' ~ holds,
    'reason': "case when " ~ holds ~ " then '" ~ use[2] ~ "' when coalesce(used.received, 0) > 0 then 'no_"
        ~ use[2] ~ "' else 'no_dossier' end"
}}) -%}
{%- endfor -%}
{{ return(tests) }}
{% endmacro %}

{#- The view of the procedures behind every figure of an indicator, each with the dossiers that prove it. -#}
{% macro procedure_evidence(code, numerator, denominator) %}
{%- set counts = {
    'online': 'is_online',
    'with_obligation': 'has_financial_obligation',
    'paid_online': 'is_obligation_paid_online',
    'with_population_data': 'uses_population_data'
} -%}
create or replace view {{ this.schema }}.evidence_{{ code | replace('.', '_') }} as
select
    units.basis,
    procedures.procedure_code,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    coalesce({{ procedure_tests()[numerator].holds }}, false) as in_numerator,
    {{ procedure_tests()[numerator].reason }} as reason,
    units.counted_agency_code as own_agency_code,
    procedures.service_level_code,
    cast(coalesce(used.received, 0) as bigint) as dossiers_received,
    {% for count in counts -%}
    cast(coalesce(used.{{ count }}, 0) as bigint) as dossiers_{{ count }}{% if not loop.last %},{% endif %}
    {% endfor %}
from ({{ figure_units(code) }}) as units
inner join {{ ref('unit_procedures') }} as procedures
    on units.counted_agency_code = procedures.agency_code
left join (
    select
        facts.basis,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        facts.procedure_code,
        {% for count, column in counts.items() -%}
        sum(case when facts.{{ column }} then 1 else 0 end) as {{ count }},
        {% endfor -%}
        count(*) as received
    from {{ ref('dossier_facts') }} as facts
    inner join {{ ref('dim_period') }} as periods
        on facts.received_on between periods.period_start and periods.period_end
    inner join ({{ agency_scopes() }}) as scopes
        on coalesce(facts.agency_code, 'unknown') = scopes.own_agency_code
    group by
        facts.basis, periods.period_type, periods.period_start, scopes.agency_code, facts.procedure_code
) as used
    on units.basis = used.basis
    and units.period_type = used.period_type
    and units.period_start = used.period_start
    and procedures.agency_code = used.agency_code
    and procedures.procedure_code = used.procedure_code
where {{ procedure_tests()[denominator].holds }}
{% endmacro %}
