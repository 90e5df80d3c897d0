-- Why a target is missed, by what is known of every dossier that does not count: the procedure it belongs to,
-- and, on the portal's copy, the causes of findings. Each is a way of its own to see it; shares of two do not
-- add up.
with missed as (
    select
        results.period_start,
        results.target_code,
        results.definition,
        results.measure_code,
        results.basis,
        results.denominator - results.numerator as missed,
        province.agency_code
    from {{ ref('target_results') }} as results
    inner join {{ ref('dim_agency') }} as province
        on province.agency_level = 'province'
    where results.status_vi = 'CHƯA ĐẠT' and results.denominator > results.numerator
),

causes as (
    select
        missed.period_start,
        missed.target_code,
        missed.definition,
        'procedure' as cause_kind,
        parts.procedure_code as cause_code,
        missed.missed,
        parts.denominator - parts.numerator as explained
    from missed
    inner join {{ ref('indicator_results_by_procedure') }} as parts
        on missed.basis = parts.basis
        and missed.measure_code = parts.indicator_code
        and missed.agency_code = parts.agency_code
        and parts.period_type = 'year'
        and missed.period_start = parts.period_start
    inner join {{ ref('int_period_rule_sets') }} as rule_sets
        on parts.ruleset = rule_sets.ruleset
        and rule_sets.period_type = 'year'
        and parts.period_start = rule_sets.period_start
    where parts.denominator > parts.numerator

    union all

    select
        missed.period_start,
        missed.target_code,
        missed.definition,
        'finding' as cause_kind,
        changes.scenario_code as cause_code,
        missed.missed,
        changes.numerator_change as explained
    from missed
    inner join {{ ref('int_correction_changes') }} as changes
        on missed.measure_code = changes.indicator_code
        and missed.agency_code = changes.agency_code
        and changes.period_type = 'year'
        and missed.period_start = changes.period_start
        and changes.scenario = 'cause'
    where missed.basis = 'national' and changes.numerator_change > 0
)

select
    period_start,
    target_code,
    definition,
    cause_kind,
    cause_code,
    missed,
    cast(explained as bigint) as explained,
    {{ exact_rate('cast(explained as bigint)', 'missed') }} as share,
    cast(rank() over (
        partition by period_start, target_code, definition, cause_kind
        order by explained desc nulls last
    ) as integer) as cause_rank
from causes
