-- What one dossier is worth to its agency in the year in which it was received: too little for two decimals,
-- so not rounded to them. Of the components made of dossiers; a procedure does not hang on one dossier.
{% set tests = dossier_tests() -%}
with changes as (
    select
        facts.scenario_code as rule_code,
        facts.dossier_code,
        facts.agency_code,
        periods.period_start,
        sum(facts.weight) as received,
        {% for code, counts in indicators_of_dossiers().items() if code != '1.4' -%}
        sum(case when {{ tests[counts[0]].holds }} then facts.weight else 0 end) as {{ counts[0] }},
        {% endfor -%}
        sum(case when {{ tests['with_obligation'].holds }} then facts.weight else 0 end) as with_obligation
    from {{ ref('int_corrected_dossiers') }} as facts
    inner join {{ ref('int_periods') }} as periods
        on periods.period_type = 'year'
        and facts.received_on between periods.period_start and periods.period_end
    where facts.scenario = 'rule'
    group by facts.scenario_code, facts.dossier_code, facts.agency_code, periods.period_start
),

by_component as (
    {% for code, counts in indicators_of_dossiers().items() if code != '1.4' -%}
    select
        rule_code,
        dossier_code,
        agency_code,
        period_start,
        '{{ code }}' as indicator_code,
        {{ counts[0] }} as numerator_change,
        {{ counts[1] }} as denominator_change
    from changes
    union all
    {% endfor -%}
    select
        facts.scenario_code as rule_code,
        facts.dossier_code,
        facts.agency_code,
        periods.period_start,
        '1.4' as indicator_code,
        facts.weight as numerator_change,
        0 as denominator_change
    from {{ ref('int_corrected_synchronisation') }} as facts
    inner join {{ ref('int_periods') }} as periods
        on periods.period_type = 'year'
        and facts.received_on between periods.period_start and periods.period_end
    where facts.scenario = 'rule'
),

scored as (
    select
        by_component.rule_code,
        by_component.dossier_code,
        counts.numerator,
        counts.denominator,
        cast(counts.numerator + by_component.numerator_change as bigint) as corrected_numerator,
        cast(counts.denominator + by_component.denominator_change as bigint) as corrected_denominator,
        components.max_points,
        components.full_mark_percent,
        components.empty_policy
    from by_component
    inner join {{ ref('int_period_rule_sets') }} as periods
        on periods.period_type = 'year' and by_component.period_start = periods.period_start
    inner join {{ ref('dim_indicator') }} as components
        on periods.ruleset = components.ruleset
        and by_component.indicator_code = components.indicator_code
        and components.is_scored
    inner join {{ ref('indicator_counts') }} as counts
        on counts.basis = 'national'
        and counts.period_type = 'year'
        and by_component.period_start = counts.period_start
        and by_component.agency_code = counts.agency_code
        and by_component.indicator_code = counts.indicator_code
        and not counts.is_source_missing
    where components.scope <> 'not_departments' or counts.agency_level <> 'department'
)

select
    rule_code,
    dossier_code,
    cast(sum(
        {{ exact_points(
            'corrected_numerator', 'corrected_denominator', 'max_points', 'full_mark_percent', 'empty_policy'
        ) }}
        - {{ exact_points('numerator', 'denominator', 'max_points', 'full_mark_percent', 'empty_policy') }}
    ) as decimal(12, 6)) as points_at_stake
from scored
group by rule_code, dossier_code
