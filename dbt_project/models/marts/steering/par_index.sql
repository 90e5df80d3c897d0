-- The aim of the provinces' plans: three to five ranks up in a year.
{% set least_ranks_up = 3 -%}
{% set thousandths = "cast(({}) * 1000 as bigint)" -%}
with components as (
    select
        agency_code,
        cast(index_year as integer) as index_year,
        component_code,
        parent_component_code,
        level,
        component_name,
        max_points,
        achieved_points,
        max_points - achieved_points as points_lost,
        cast(index_rank as integer) as index_rank,
        cast(ranked_units as integer) as ranked_units
    from {{ ref('stg_par_index__components') }}
),

totals as (
    select
        agency_code,
        index_year,
        {{ thousandths.format('points_lost') }} as lost_thousandths
    from components
    where level = 'total'
)

select
    components.agency_code,
    components.index_year,
    components.component_code,
    components.parent_component_code,
    components.level,
    components.component_name,
    components.max_points,
    components.achieved_points,
    components.points_lost,
    -- per cent of all that the agency lost in the year
    case
        when totals.lost_thousandths > 0
            then {{ hundredths(whole_quotient(
                '20000 * ' ~ thousandths.format('components.points_lost') ~ ' + totals.lost_thousandths',
                '2 * totals.lost_thousandths'
            )) }}
    end as share_of_loss,
    cast(
        rank() over (
            partition by components.agency_code, components.index_year, components.level
            order by components.points_lost desc nulls last
        ) as integer
    ) as loss_rank,
    components.achieved_points - previous.achieved_points as achieved_change,
    components.index_rank,
    components.ranked_units,
    previous.index_rank - components.index_rank as ranks_up,
    -- how many ranks are missing to the least that plans ask for; the first cannot climb
    case
        when components.index_rank is not null and previous.index_rank is not null
            then greatest(components.index_rank - greatest(previous.index_rank - {{ least_ranks_up }}, 1), 0)
    end as ranks_to_aim
from components
left join totals
    on components.agency_code = totals.agency_code and components.index_year = totals.index_year
-- the year before in the calendar; one that is missing is missing
left join components as previous
    on components.agency_code = previous.agency_code
    and components.index_year = previous.index_year + 1
    and components.component_code = previous.component_code
