with totals as (
    select
        ruleset,
        basis,
        period_type,
        period_start,
        period_end,
        agency_code,
        agency_level,
        cast(sum(points) as decimal(9, 2)) as points,
        cast(sum(max_points) as decimal(9, 2)) as max_points
    from {{ ref('scorecards') }}
    group by ruleset, basis, period_type, period_start, period_end, agency_code, agency_level
),

-- a rule set is whole when every component it scores is computed by a model
completeness as (
    select
        ruleset,
        max(case when is_scored and not is_computed then 1 else 0 end) = 1 as is_partial
    from {{ ref('dim_indicator') }}
    group by ruleset
),

-- units with the same points share a rank, so the next better points are those of the next better rank
steps as (
    select
        *,
        lag(points) over (
            partition by ruleset, basis, period_type, period_start, agency_level
            order by points desc nulls last
        ) as next_better_points
    from (
        select distinct
            ruleset,
            basis,
            period_type,
            period_start,
            agency_level,
            points
        from totals
    ) as distinct_points
),

ranked as (
    select
        totals.*,
        completeness.is_partial,
        steps.next_better_points,
        rank() over (
            partition by
                totals.ruleset, totals.basis, totals.period_type, totals.period_start, totals.agency_level
            order by totals.points desc nulls last
        ) as rank_in_level,
        count(*) over (
            partition by
                totals.ruleset, totals.basis, totals.period_type, totals.period_start, totals.agency_level
        ) as ranked_units,
        (
            select max(grades.min_points) as min_points
            from {{ ref('rule_set_grades') }} as grades
            where grades.ruleset = totals.ruleset and grades.min_points <= totals.points
        ) as grade_from,
        (
            select min(grades.min_points) as min_points
            from {{ ref('rule_set_grades') }} as grades
            where grades.ruleset = totals.ruleset and grades.min_points > totals.points
        ) as next_grade_from
    from totals
    inner join completeness
        on totals.ruleset = completeness.ruleset
    inner join steps
        on totals.ruleset = steps.ruleset
        and totals.basis = steps.basis
        and totals.period_type = steps.period_type
        and totals.period_start = steps.period_start
        and totals.agency_level = steps.agency_level
        and totals.points = steps.points
)

select
    ranked.ruleset,
    ranked.basis,
    ranked.period_type,
    ranked.period_start,
    ranked.period_end,
    ranked.agency_code,
    ranked.agency_level,
    ranked.points,
    ranked.max_points,
    case when not ranked.is_partial then grades.grade end as grade,
    case when not ranked.is_partial then ranked.rank_in_level end as rank_in_level,
    ranked.ranked_units,
    case when not ranked.is_partial then next_grades.grade end as next_grade,
    case when not ranked.is_partial then cast(ranked.next_grade_from - ranked.points as decimal(9, 2)) end
        as points_to_next_grade,
    case when not ranked.is_partial then cast(ranked.next_better_points - ranked.points as decimal(9, 2)) end
        as points_to_next_rank,
    case when previous.ruleset = ranked.ruleset then previous.points end as previous_points,
    case
        when previous.ruleset = ranked.ruleset then cast(ranked.points - previous.points as decimal(9, 2))
    end as points_change,
    case when previous.ruleset = ranked.ruleset and not ranked.is_partial then previous.rank_in_level end
        as previous_rank_in_level,
    -- totals of two rule sets are never compared: there the trend breaks
    case
        when previous.ruleset is null then 'no_previous_period'
        when previous.ruleset <> ranked.ruleset then 'other_rule_set'
    end as change_missing_reason,
    periods.is_provisional as provisional,
    ranked.is_partial as partial
from ranked
inner join {{ ref('int_period_rule_sets') }} as periods
    on ranked.ruleset = periods.ruleset
    and ranked.period_type = periods.period_type
    and ranked.period_start = periods.period_start
left join ranked as previous
    on ranked.basis = previous.basis
    and ranked.period_type = previous.period_type
    and ranked.agency_code = previous.agency_code
    and periods.previous_start = previous.period_start
left join {{ ref('rule_set_grades') }} as grades
    on ranked.ruleset = grades.ruleset and ranked.grade_from = grades.min_points
left join {{ ref('rule_set_grades') }} as next_grades
    on ranked.ruleset = next_grades.ruleset and ranked.next_grade_from = next_grades.min_points
