with graded as (
    {{ graded_totals(ref('int_period_rule_sets'), ref('scorecards')) }}
)

select
    graded.ruleset,
    graded.basis,
    graded.period_type,
    graded.period_start,
    graded.period_end,
    graded.agency_code,
    graded.agency_level,
    graded.points,
    graded.max_points,
    graded.grade,
    graded.rank_in_level,
    graded.ranked_units,
    graded.next_grade,
    graded.points_to_next_grade,
    graded.points_to_next_rank,
    case when previous.ruleset = graded.ruleset then previous.points end as previous_points,
    case
        when previous.ruleset = graded.ruleset then cast(graded.points - previous.points as decimal(9, 2))
    end as points_change,
    case when previous.ruleset = graded.ruleset then previous.rank_in_level end as previous_rank_in_level,
    -- totals of two rule sets are never compared: there the trend breaks
    case
        when previous.ruleset is null then 'no_previous_period'
        when previous.ruleset <> graded.ruleset then 'other_rule_set'
    end as change_missing_reason,
    graded.provisional,
    graded.partial
from graded
inner join {{ ref('int_period_rule_sets') }} as periods
    on graded.period_type = periods.period_type and graded.period_start = periods.period_start
left join graded as previous
    on graded.basis = previous.basis
    and graded.period_type = previous.period_type
    and graded.agency_code = previous.agency_code
    and periods.previous_start = previous.period_start
