{#-
    Scoring, written once: the scorecards apply it to each period under the rule set in force at its end, the
    views rescored_* to each period under every rule set. `scorings` says which: rule set, period (type and
    start) and is_provisional. All else is read from released marts, so a release can score itself again.
-#}

{#- Whether rows of two relations are about the same. -#}
{% macro same(one, other, columns) -%}
{% for column in columns -%}
{{ one }}.{{ column }} = {{ other }}.{{ column }}
        {%- if not loop.last %}
        and {% endif %}
{%- endfor %}
{%- endmacro %}

{#-
    Points of every component. Its scope says whose figure counts for a unit: its own, or the province's. What is
    scored is `counts`, with the columns of indicator_counts; `tied_by` are those that tie it to `scorings`.
-#}
{% macro component_scores(scorings, counts=none, tied_by=['period_type', 'period_start']) %}
{%- set counts = counts or ref('indicator_counts') %}
with valued as (
    select
        scorings.ruleset,
        counts.basis,
        {% for column in tied_by -%}
        counts.{{ column }},
        {% endfor -%}
        counts.period_end,
        counts.agency_code,
        counts.indicator_code,
        counts.agency_level,
        components.max_points,
        components.full_mark_percent,
        components.empty_policy,
        components.is_scored,
        scorings.is_provisional,
        components.scope = 'not_departments' and counts.agency_level = 'department' as is_out_of_scope,
        counts.is_source_missing,
        case
            when components.scope = 'as_province' then whole.numerator
            when components.scope = 'own' or counts.agency_level <> 'department' then counts.numerator
        end as numerator,
        case
            when components.scope = 'as_province' then whole.denominator
            when components.scope = 'own' or counts.agency_level <> 'department' then counts.denominator
        end as denominator
    from {{ counts }} as counts
    inner join {{ scorings }} as scorings
        on {{ same('counts', 'scorings', tied_by) }}
    inner join {{ ref('dim_indicator') }} as components
        on scorings.ruleset = components.ruleset and counts.indicator_code = components.indicator_code
    left join {{ counts }} as whole
        on whole.agency_level = 'province'
        and {{ same('counts', 'whole', ['basis', 'indicator_code'] + tied_by) }}
)

select
    ruleset,
    basis,
    {% for column in tied_by -%}
    {{ column }},
    {% endfor -%}
    period_end,
    agency_code,
    indicator_code,
    agency_level,
    numerator,
    denominator,
    {{ exact_rate('numerator', 'denominator') }} as rate,
    cast(
        case
            when is_scored and not is_out_of_scope and not is_source_missing then {{ score_points(
                'numerator', 'denominator', 'max_points', 'full_mark_percent', 'empty_policy'
            ) }}
        end as decimal(9, 2)
    ) as points,
    cast(max_points as decimal(9, 2)) as max_points,
    case
        when is_out_of_scope then 'not_applicable'
        when is_source_missing then 'source_missing'
        when denominator is null then 'not_applicable'
        when denominator = 0 then 'no_denominator'
    end as empty_reason,
    is_provisional as provisional
from valued
{% endmacro %}

{#-
    Points of every group: the sum of its rounded components. The maximum stays whole and a component without
    points adds nothing: nothing is rescaled.
-#}
{% macro group_scores(scorings, results) %}
select
    components.ruleset,
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    components.group_code,
    units.agency_level,
    cast(sum(coalesce(results.points, 0)) as decimal(9, 2)) as points,
    cast(sum(components.max_points) as decimal(9, 2)) as max_points,
    cast(sum(case when results.points is null then 1 else 0 end) as integer) as components_missing
from {{ ref('scored_units') }} as units
inner join {{ scorings }} as scorings
    on units.period_type = scorings.period_type and units.period_start = scorings.period_start
inner join {{ ref('dim_indicator') }} as components
    on scorings.ruleset = components.ruleset and components.is_scored
left join {{ results }} as results
    on components.ruleset = results.ruleset
    and units.basis = results.basis
    and units.period_type = results.period_type
    and units.period_start = results.period_start
    and units.agency_code = results.agency_code
    and components.indicator_code = results.indicator_code
group by
    components.ruleset, units.basis, units.period_type, units.period_start, units.period_end,
    units.agency_code, components.group_code, units.agency_level
{% endmacro %}

{#- Total, grade and rank within the level, of units scored by one rule set, and the ways to the next ones. -#}
{% macro graded_totals(scorings, groups) %}
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
    from {{ groups }}
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
            from {{ ref('dim_grade') }} as grades
            where grades.ruleset = totals.ruleset and grades.min_points <= totals.points
        ) as grade_from,
        (
            select min(grades.min_points) as min_points
            from {{ ref('dim_grade') }} as grades
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
    scorings.is_provisional as provisional,
    ranked.is_partial as partial
from ranked
inner join {{ scorings }} as scorings
    on ranked.ruleset = scorings.ruleset
    and ranked.period_type = scorings.period_type
    and ranked.period_start = scorings.period_start
left join {{ ref('dim_grade') }} as grades
    on ranked.ruleset = grades.ruleset and ranked.grade_from = grades.min_points
left join {{ ref('dim_grade') }} as next_grades
    on ranked.ruleset = next_grades.ruleset and ranked.next_grade_from = next_grades.min_points
{% endmacro %}
