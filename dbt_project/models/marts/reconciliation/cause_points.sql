-- What a unit would gain if the findings of one cause were put right, the dearest cause first; all of them
-- together are not their sum where a component is capped or one dossier has several causes.
with causes as (
    select
        scenario,
        scenario_code,
        ruleset,
        period_type,
        period_start,
        period_end,
        agency_code,
        agency_level,
        cast(sum(points_at_stake) as decimal(9, 2)) as points_at_stake
    from {{ ref('points_at_stake') }}
    where scenario in ('cause', 'all')
    group by
        scenario, scenario_code, ruleset, period_type, period_start, period_end, agency_code, agency_level
),

sums as (
    select
        period_type,
        period_start,
        agency_code,
        cast(sum(points_at_stake) as decimal(9, 2)) as points_one_by_one
    from causes
    where scenario = 'cause'
    group by period_type, period_start, agency_code
)

select
    causes.ruleset,
    causes.period_type,
    causes.period_start,
    causes.period_end,
    causes.agency_code,
    causes.scenario_code as cause_code,
    causes.agency_level,
    causes.points_at_stake,
    case
        when causes.scenario = 'cause' then rank() over (
            partition by causes.scenario, causes.period_type, causes.period_start, causes.agency_code
            order by causes.points_at_stake desc nulls last
        )
    end as rank_in_unit,
    -- on the row of all: what they make together beyond their sum
    case
        when causes.scenario = 'all'
            then cast(causes.points_at_stake - coalesce(sums.points_one_by_one, 0) as decimal(9, 2))
    end as joint_effect
from causes
left join sums
    on causes.period_type = sums.period_type
    and causes.period_start = sums.period_start
    and causes.agency_code = sums.agency_code
