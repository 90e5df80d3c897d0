{{ config(materialized='view') }}
with summed as (
    select
        ruleset,
        basis,
        period_type,
        period_start,
        period_end,
        agency_code,
        action,
        target_code,
        agency_level,
        items,
        items_in_all,
        sum(points_before - points_now) as change_before,
        sum(points_after - points_now) as change_after
    from {{ ref('lever_components') }}
    group by
        ruleset, basis, period_type, period_start, period_end, agency_code, action, target_code, agency_level,
        items, items_in_all
),

placed as (
    select
        summed.*,
        cast(totals.points + summed.change_before as decimal(9, 2)) as points_before,
        cast(totals.points + summed.change_after as decimal(9, 2)) as points_after,
        totals.points as points_now,
        totals.ranked_units,
        totals.provisional,
        totals.partial
    from summed
    inner join {{ ref('scorecard_totals') }} as totals
        on summed.ruleset = totals.ruleset
        and summed.basis = totals.basis
        and summed.period_type = totals.period_type
        and summed.period_start = totals.period_start
        and summed.agency_code = totals.agency_code
),

-- The rank that a unit of so many points would have: the others keep theirs. Counted on one list of all
-- points, real and thought of, and not by comparing each with each.
thought_of as (
    select distinct
        basis,
        period_type,
        period_start,
        agency_level,
        points
    from (
        {% for moment in ['before', 'after'] -%}
        select
            basis,
            period_type,
            period_start,
            agency_level,
            points_{{ moment }} as points
        from placed
        {% if not loop.last %}
        union all

        {% endif -%}
        {% endfor %}
    ) as moments
),

better as (
    select
        basis,
        period_type,
        period_start,
        agency_level,
        points,
        sum(units) over (
            partition by basis, period_type, period_start, agency_level order by points desc nulls last
        ) - units as units_above
    from (
        select
            basis,
            period_type,
            period_start,
            agency_level,
            points,
            sum(units) as units
        from (
            select
                basis,
                period_type,
                period_start,
                agency_level,
                points,
                1 as units
            from {{ ref('scorecard_totals') }}
            union all
            select
                basis,
                period_type,
                period_start,
                agency_level,
                points,
                0 as units
            from thought_of
        ) as listed
        group by basis, period_type, period_start, agency_level, points
    ) as counted
),

ranked as (
    select
        placed.*,
        cast(placed.points_after - placed.points_before as decimal(9, 2)) as points,
        {% for moment in ['before', 'after'] -%}
        -- it is not above itself
        {{ moment }}.units_above + 1
        - case when placed.points_now > placed.points_{{ moment }} then 1 else 0 end as rank_{{ moment }},
        (
            select max(grades.min_points) as min_points
            from {{ ref('dim_grade') }} as grades
            where grades.ruleset = placed.ruleset and grades.min_points <= placed.points_{{ moment }}
        ) as grade_from_{{ moment }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from placed
    {% for moment in ['before', 'after'] -%}
    inner join better as {{ moment }}
        on placed.basis = {{ moment }}.basis
        and placed.period_type = {{ moment }}.period_type
        and placed.period_start = {{ moment }}.period_start
        and placed.agency_level = {{ moment }}.agency_level
        and placed.points_{{ moment }} = {{ moment }}.points
    {% endfor %}
),

priced as (
    select
        ranked.*,
        {{ exact_rate('cast(100 * ranked.points as bigint)', '(100 * ranked.items)') }} as points_per_item
    from ranked
)

select
    priced.ruleset,
    priced.basis,
    priced.period_type,
    priced.period_start,
    priced.period_end,
    priced.agency_code,
    priced.action,
    priced.target_code,
    priced.agency_level,
    priced.items,
    priced.items_in_all,
    priced.action = 'clear_findings' or priced.target_code = 'open' as is_still_possible,
    priced.points,
    priced.points_per_item,
    cast(rank() over (
        partition by priced.basis, priced.period_type, priced.period_start, priced.agency_code
        order by priced.points_per_item desc nulls last
    ) as integer) as lever_rank,
    priced.points_before,
    priced.points_after,
    case when not priced.partial then grades_before.grade end as grade_before,
    case when not priced.partial then grades_after.grade end as grade_after,
    case when not priced.partial then cast(priced.rank_before as bigint) end as rank_before,
    case when not priced.partial then cast(priced.rank_after as bigint) end as rank_after,
    priced.ranked_units,
    priced.provisional
from priced
{% for moment in ['before', 'after'] -%}
left join {{ ref('dim_grade') }} as grades_{{ moment }}
    on priced.ruleset = grades_{{ moment }}.ruleset
    and priced.grade_from_{{ moment }} = grades_{{ moment }}.min_points
{% endfor %}
