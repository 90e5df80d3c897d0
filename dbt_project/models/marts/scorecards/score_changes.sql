{{ config(materialized='view') }}
-- The points of each component are given at steps between what was published of the previous period and
-- what is known of this one, by the macro that scores the scorecards. A part is the difference of two steps,
-- so the parts add up to the change whatever is rounded on the way (docs/decisions/0025). Only steps that may
-- differ from the one before are scored.
{% set unit = ['basis', 'period_type', 'agency_code', 'indicator_code'] -%}
{% set period = ['period_type', 'period_start'] -%}
{% set keys = unit + ['period_start'] -%}
{% set steps = ['put_back', 'other_rules', 'entered', 'weighted'] -%}
with compared as (
    select
        periods.ruleset,
        previous.ruleset as previous_ruleset,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        previous.period_start as previous_start
    from {{ ref('int_period_rule_sets') }} as periods
    inner join {{ ref('int_period_rule_sets') }} as previous
        on periods.period_type = previous.period_type and periods.previous_start = previous.period_start
    where periods.period_type <> 'day'
),

-- what either of the rule sets scores
components as (
    select distinct
        compared.*,
        indicators.indicator_code
    from compared
    inner join {{ ref('dim_indicator') }} as indicators
        on indicators.is_scored
        and (compared.ruleset = indicators.ruleset or compared.previous_ruleset = indicators.ruleset)
),

-- put_back: the previous period as known today, but for the dossiers of which a finding was fixed tonight
put_back as (
    select distinct
        basis,
        period_type,
        period_start,
        indicator_code
    from {{ ref('int_correction_changes') }}
    where scenario = 'put_back'
),

counts as (
    select
        'put_back' as step,
        counts.basis,
        counts.agency_code,
        counts.indicator_code,
        counts.agency_level,
        compared.period_type,
        compared.period_start,
        compared.period_end,
        counts.numerator + coalesce(changes.numerator_change, 0) as numerator,
        counts.denominator + coalesce(changes.denominator_change, 0) as denominator,
        counts.is_source_missing
    from {{ ref('indicator_counts') }} as counts
    inner join put_back
        on {{ same('counts', 'put_back', ['basis', 'indicator_code'] + period) }}
    inner join compared
        on counts.period_type = compared.period_type and counts.period_start = compared.previous_start
    left join {{ ref('int_correction_changes') }} as changes
        on {{ same('counts', 'changes', keys) }}
        and changes.scenario = 'put_back'

    union all

    select
        'other_rules' as step,
        counts.basis,
        counts.agency_code,
        counts.indicator_code,
        counts.agency_level,
        compared.period_type,
        compared.period_start,
        compared.period_end,
        counts.numerator,
        counts.denominator,
        counts.is_source_missing
    from {{ ref('indicator_counts') }} as counts
    inner join compared
        on counts.period_type = compared.period_type
        and counts.period_start = compared.previous_start
        and compared.ruleset <> compared.previous_ruleset

    {% for step in ['entered', 'weighted'] -%}
    union all

    select
        '{{ step }}' as step,
        mixed.basis,
        mixed.agency_code,
        mixed.indicator_code,
        'province' as agency_level,
        compared.period_type,
        compared.period_start,
        compared.period_end,
        mixed.{{ step }}_numerator as numerator,
        mixed.{{ step }}_denominator as denominator,
        false as is_source_missing
    from {{ ref('int_agency_mix') }} as mixed
    inner join compared
        on {{ same('mixed', 'compared', period) }}
    {% endfor -%}
),

-- at first by the rules of the previous period, then by those of this one
scorings as (
    {% for step in steps -%}
    select
        '{{ step }}' as step,
        period_type,
        period_start,
        {{ 'previous_ruleset' if step == 'put_back' else 'ruleset' }} as ruleset,
        false as is_provisional
    from compared
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

scored as (
    {{ component_scores('scorings', 'counts', ['step', 'period_type', 'period_start']) }}
),

-- without points a component adds nothing
stepped as (
    select
        {{ keys | join(',\n        ') }},
        {% for step in steps -%}
        max(case when step = '{{ step }}' then coalesce(points, 0) end) as {{ step }},
        {% endfor -%}
        max(case when step = 'other_rules' then denominator end) as other_rules_denominator
    from scored
    group by {{ keys | join(', ') }}
),

-- Units that are scored in both periods. What an earlier release published of the previous one, and whether
-- it compared the two already: then what was compared with at first stays, and each night adds its part.
pointed as (
    select
        components.*,
        units.basis,
        units.agency_code,
        units.agency_level,
        run.business_date,
        published.published_on,
        known.previous_published_on as known_published_on,
        known.previous_points as known_points,
        known.restated_points as known_restated_points,
        known.corrected_points as known_corrected_points,
        coalesce(earlier.points, 0) as earlier_points,
        coalesce(previous.points, 0) as present_points,
        coalesce(results.points, 0) as points,
        results.denominator,
        coalesce(stepped.put_back, previous.points, 0) as put_back,
        case
            when components.ruleset = components.previous_ruleset then coalesce(previous.points, 0)
            else coalesce(stepped.other_rules, 0)
        end as other_rules,
        case
            when components.ruleset = components.previous_ruleset then previous.denominator
            else stepped.other_rules_denominator
        end as previous_denominator,
        stepped.entered,
        stepped.weighted
    from components
    inner join {{ ref('scored_units') }} as units
        on {{ same('components', 'units', period) }}
    inner join {{ ref('scored_units') }} as previous_units
        on {{ same('units', 'previous_units', ['basis', 'period_type', 'agency_code']) }}
        and components.previous_start = previous_units.period_start
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('indicator_results') }} as results
        on {{ same('units', 'results', ['basis', 'agency_code'] + period) }}
        and components.indicator_code = results.indicator_code
    left join {{ ref('indicator_results') }} as previous
        on {{ same('previous_units', 'previous', ['basis', 'agency_code'] + period) }}
        and components.indicator_code = previous.indicator_code
    left join stepped
        on {{ same('units', 'stepped', ['basis', 'agency_code'] + period) }}
        and components.indicator_code = stepped.indicator_code
    left join (
        select distinct
            period_type,
            period_start,
            published_on
        from {{ source('control', 'previous_results') }}
    ) as published
        on {{ same('previous_units', 'published', period) }}
    left join {{ source('control', 'previous_results') }} as earlier
        on {{ same('previous_units', 'earlier', ['basis', 'agency_code'] + period) }}
        and components.indicator_code = earlier.indicator_code
    left join {{ source('control', 'previous_score_changes') }} as known
        on {{ same('units', 'known', ['basis', 'agency_code'] + period) }}
        and components.indicator_code = known.indicator_code
    -- no model computes what neither has
    where results.agency_code is not null or previous.agency_code is not null
),

-- of a unit without agencies below it there is one step only where a figure begins or ends
moved as (
    select
        *,
        coalesce(
            entered, case when previous_denominator > 0 and denominator > 0 then other_rules else points end
        ) as with_new_figures
    from pointed
),

parted as (
    select
        *,
        coalesce(known_published_on, published_on, business_date) as previous_published_on,
        case
            when published_on is null then present_points
            else coalesce(known_points, earlier_points)
        end as previous_points,
        case
            when published_on is null then 0
            else coalesce(known_restated_points, 0) + put_back - earlier_points
        end as restated_points,
        case
            when published_on is null then 0
            else coalesce(known_corrected_points, 0) + present_points - put_back
        end as corrected_points,
        other_rules - present_points as rule_set_points,
        with_new_figures - other_rules as volume_points,
        coalesce(weighted, with_new_figures) - with_new_figures as mix_points,
        points - coalesce(weighted, with_new_figures) as rate_points
    from moved
)

{% set parts = ['restated_points', 'corrected_points', 'rule_set_points', 'volume_points', 'mix_points',
    'rate_points'] -%}
select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    indicator_code,
    agency_level,
    ruleset,
    previous_ruleset,
    previous_start,
    previous_published_on,
    cast(previous_points as decimal(9, 2)) as previous_points,
    cast(points as decimal(9, 2)) as points,
    cast(points - previous_points as decimal(9, 2)) as change,
    {% for part in parts -%}
    cast({{ part }} as decimal(9, 2)) as {{ part }}{% if not loop.last %},{% endif %}
    {% endfor %}
from parted
