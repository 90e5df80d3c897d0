-- Numerators and denominators that a scenario changes, per basis, unit and period. What is put right is put
-- right on the portal; put_back takes both sides back to where an earlier release had them.
{% set flags = ['online', 'with_obligation', 'paid_online', 'with_electronic_result', 'digitized',
    'with_reused_component', 'shared', 'with_population_data'] -%}
{% set of_dossiers, of_procedures = {}, {} -%}
{% set of_competences = {'3.1': ['is_online_service', 'under_authority']} -%}
{% for code, counts in indicators_of_dossiers().items() if code != '1.4' -%}
{% do of_dossiers.update({code: counts}) -%}
{% endfor -%}
{% for code, counted in indicators_of_procedures().items() -%}
{% do of_procedures.update({code: ['changed_' ~ loop.index, 0]}) -%}
{% do of_competences.update({code: [0, counted[1]]}) -%}
{% endfor -%}
{% set facts = ['agency_code', 'procedure_code', 'is_on_time', 'open_due_on', 'is_online',
    'has_financial_obligation', 'is_obligation_paid_online', 'has_electronic_result', 'is_digitized',
    'has_reused_component', 'is_shared', 'uses_population_data', 'has_petition'] -%}
with corrected as (
    select
        'national' as basis,
        scenario,
        scenario_code,
        {{ facts | join(',\n        ') }},
        received_on,
        weight
    from {{ ref('int_corrected_dossiers') }}

    union all

    select
        basis,
        'put_back' as scenario,
        'all' as scenario_code,
        {{ facts | join(',\n        ') }},
        received_on,
        weight
    from {{ ref('int_dossiers_put_back') }}
),

-- Every period but the day is made of whole months; and most of what is taken off is added again alike.
months as (
    {% set counted = counted_facts() -%}
    select
        basis,
        scenario,
        scenario_code,
        coalesce(agency_code, 'unknown') as agency_code,
        coalesce(procedure_code, 'unknown') as procedure_code,
        open_due_on,
        cast({{ dbt.date_trunc('month', 'received_on') }} as date) as received_month_on,
        {% for count, condition in counted.items() -%}
        sum(case when {{ condition }} then weight else 0 end) as {{ count }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from corrected
    group by
        basis, scenario, scenario_code, coalesce(agency_code, 'unknown'), coalesce(procedure_code, 'unknown'),
        open_due_on, cast({{ dbt.date_trunc('month', 'received_on') }} as date)
),

dossiers as (
    select
        months.basis,
        months.scenario,
        months.scenario_code,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        scopes.agency_level,
        months.procedure_code,
        {{ judged_dossier_sums('months', 'periods.judged_on', flags) }}
    from (
        select *
        from months
        where
            {{ counted | join(' <> 0\n            or ') }} <> 0
    ) as months
    inner join {{ ref('int_period_days') }} as periods
        on months.received_month_on = periods.calendar_on and periods.period_type <> 'day'
    inner join {{ ref('int_agency_scopes') }} as scopes
        on months.agency_code = scopes.own_agency_code
    group by
        months.basis, months.scenario, months.scenario_code, periods.period_type, periods.period_start,
        scopes.agency_code, scopes.agency_level, months.procedure_code
),

-- 1.4 is one figure for both bases: what the one-stop system received, and how much of it the portal holds
told as (
    select
        'national' as basis,
        scenario,
        scenario_code,
        agency_code,
        received_on,
        weight as on_both_sides,
        0 as received
    from {{ ref('int_corrected_synchronisation') }}

    union all

    select
        bases.basis,
        'put_back' as scenario,
        'all' as scenario_code,
        facts.agency_code,
        facts.received_on,
        case when facts.is_on_both_sides then facts.weight else 0 end as on_both_sides,
        facts.weight as received
    from {{ ref('int_dossiers_put_back') }} as facts
    cross join (
        select 'national' as basis
        union all
        select 'one_stop' as basis
    ) as bases
    where facts.basis = 'one_stop'
),

synchronised as (
    select
        facts.basis,
        facts.scenario,
        facts.scenario_code,
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        sum(facts.on_both_sides) as on_both_sides,
        sum(facts.received) as received
    from told as facts
    inner join {{ ref('int_period_days') }} as periods
        on facts.received_on = periods.calendar_on and periods.period_type <> 'day'
    inner join {{ ref('int_agency_scopes') }} as scopes
        on coalesce(facts.agency_code, 'unknown') = scopes.own_agency_code
    group by
        facts.basis, facts.scenario, facts.scenario_code, periods.period_type, periods.period_start,
        scopes.agency_code
),

-- A department is competent for what it ever received (int_unit_procedures): with its last dossier of a
-- procedure goes the procedure, with its first one comes one.
competence as (
    select
        totals.scenario,
        totals.scenario_code,
        totals.agency_code,
        totals.procedure_code,
        case when coalesce(held.dossiers, 0) > 0 then -1 else 1 end as change,
        catalogue.service_level_code in ('3', '4') as is_online_service,
        coalesce(catalogue.has_fee, false) as has_fee,
        coalesce(catalogue.is_for_citizens, false) as is_for_citizens
    from (
        select
            scenario,
            scenario_code,
            agency_code,
            procedure_code,
            sum(weight) as dossiers
        from corrected
        group by scenario, scenario_code, agency_code, procedure_code
    ) as totals
    inner join {{ ref('dim_agency') }} as agencies
        on totals.agency_code = agencies.agency_code and agencies.agency_level = 'department'
    inner join {{ ref('stg_catalogue__procedures') }} as catalogue
        on totals.procedure_code = catalogue.procedure_code and catalogue.level = 'provincial'
    left join (
        select
            agency_code,
            procedure_code,
            sum(dossiers) as dossiers
        from {{ ref('int_dossier_days') }}
        group by agency_code, procedure_code
    ) as held
        on totals.agency_code = held.agency_code and totals.procedure_code = held.procedure_code
    where (coalesce(held.dossiers, 0) > 0) <> (coalesce(held.dossiers, 0) + totals.dossiers > 0)
),

-- a procedure counts in the numerator as soon as one dossier of it does
procedures as (
    select
        dossiers.basis,
        dossiers.scenario,
        dossiers.scenario_code,
        dossiers.period_type,
        dossiers.period_start,
        dossiers.agency_code,
        {% for code, counted in indicators_of_procedures().items() -%}
        sum(case
            when
                coalesce(procedures.{{ counted[1] }}, competence.{{ counted[1] }}, false)
                and coalesce(competence.change = 1, procedures.procedure_code is not null)
                and coalesce(counts.{{ counted[0] }}, 0) + dossiers.{{ counted[0] }} > 0
                then 1
            else 0
        end)
        - sum(case
            when procedures.{{ counted[1] }} and coalesce(counts.{{ counted[0] }}, 0) > 0 then 1
            else 0
        end) as changed_{{ loop.index }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from dossiers
    left join {{ ref('int_unit_procedures') }} as procedures
        on dossiers.agency_code = procedures.agency_code
        and dossiers.procedure_code = procedures.procedure_code
    left join competence
        on dossiers.scenario = competence.scenario
        and dossiers.scenario_code = competence.scenario_code
        and dossiers.agency_code = competence.agency_code
        and dossiers.procedure_code = competence.procedure_code
    left join {{ ref('int_dossier_procedure_counts') }} as counts
        on dossiers.basis = counts.basis
        and dossiers.period_type = counts.period_type
        and dossiers.period_start = counts.period_start
        and dossiers.agency_code = counts.agency_code
        and dossiers.procedure_code = counts.procedure_code
    group by
        dossiers.basis, dossiers.scenario, dossiers.scenario_code, dossiers.period_type,
        dossiers.period_start, dossiers.agency_code
),

-- what a department is competent for counts in all of its periods
competences as (
    select
        units.basis,
        competence.scenario,
        competence.scenario_code,
        units.period_type,
        units.period_start,
        competence.agency_code,
        {% for column in ['is_online_service', 'has_fee', 'is_for_citizens'] -%}
        sum(case when competence.{{ column }} then competence.change else 0 end) as {{ column }},
        {% endfor -%}
        sum(competence.change) as under_authority
    from competence
    inner join {{ ref('int_scored_units') }} as units
        on competence.agency_code = units.agency_code
        and (units.basis = 'national' or competence.scenario = 'put_back')
        and units.period_type <> 'day'
    group by
        units.basis, competence.scenario, competence.scenario_code, units.period_type, units.period_start,
        competence.agency_code
),

units as (
    select
        basis,
        scenario,
        scenario_code,
        period_type,
        period_start,
        agency_code,
        {% for count in ['received', 'on_time', 'without_fault'] + flags -%}
        sum({{ count }}) as {{ count }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from dossiers
    group by basis, scenario, scenario_code, period_type, period_start, agency_code
),

changes as (
    {{ changes_by_indicator('units', of_dossiers) }}
    union all
    {{ changes_by_indicator('procedures', of_procedures) }}
    union all
    {{ changes_by_indicator('competences', of_competences) }}
    union all
    {{ changes_by_indicator('synchronised', {'1.4': ['on_both_sides', 'received']}) }}
)

select
    basis,
    scenario,
    scenario_code,
    period_type,
    period_start,
    agency_code,
    indicator_code,
    cast(sum(numerator_change) as bigint) as numerator_change,
    cast(sum(denominator_change) as bigint) as denominator_change
from changes
group by basis, scenario, scenario_code, period_type, period_start, agency_code, indicator_code
having sum(numerator_change) <> 0 or sum(denominator_change) <> 0
