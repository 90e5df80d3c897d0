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

ranked as (
    select
        totals.*,
        completeness.is_partial,
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
        ) as grade_from
    from totals
    inner join completeness
        on totals.ruleset = completeness.ruleset
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
    ranked.is_partial as partial
from ranked
left join {{ ref('rule_set_grades') }} as grades
    on ranked.ruleset = grades.ruleset and ranked.grade_from = grades.min_points
