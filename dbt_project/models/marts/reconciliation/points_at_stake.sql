-- Scored twice by the rule set in force: as the portal's copies count, and as they would.
with scored as (
    select
        changes.scenario,
        changes.scenario_code,
        periods.ruleset,
        changes.period_type,
        changes.period_start,
        periods.period_end,
        changes.agency_code,
        counts.agency_level,
        components.group_code,
        changes.indicator_code,
        counts.numerator,
        counts.denominator,
        counts.numerator + changes.numerator_change as corrected_numerator,
        counts.denominator + changes.denominator_change as corrected_denominator,
        components.max_points,
        components.full_mark_percent,
        components.empty_policy
    from {{ ref('int_correction_changes') }} as changes
    inner join {{ ref('int_period_rule_sets') }} as periods
        on changes.period_type = periods.period_type and changes.period_start = periods.period_start
    inner join {{ ref('dim_indicator') }} as components
        on periods.ruleset = components.ruleset
        and changes.indicator_code = components.indicator_code
        and components.is_scored
    inner join {{ ref('indicator_counts') }} as counts
        on counts.basis = 'national'
        and changes.period_type = counts.period_type
        and changes.period_start = counts.period_start
        and changes.agency_code = counts.agency_code
        and changes.indicator_code = counts.indicator_code
        and not counts.is_source_missing
    where
        changes.scenario <> 'put_back'
        and (components.scope <> 'not_departments' or counts.agency_level <> 'department')
),

pointed as (
    select
        scored.*,
        cast(coalesce({{ score_points(
            'numerator', 'denominator', 'max_points', 'full_mark_percent', 'empty_policy'
        ) }}, 0) as decimal(9, 2)) as points,
        cast(coalesce({{ score_points(
            'corrected_numerator', 'corrected_denominator', 'max_points', 'full_mark_percent', 'empty_policy'
        ) }}, 0) as decimal(9, 2)) as corrected_points
    from scored
)

select
    scenario,
    scenario_code,
    ruleset,
    period_type,
    period_start,
    period_end,
    agency_code,
    indicator_code,
    group_code,
    agency_level,
    numerator,
    denominator,
    corrected_numerator,
    corrected_denominator,
    points,
    corrected_points,
    cast(corrected_points - points as decimal(9, 2)) as points_at_stake
from pointed
