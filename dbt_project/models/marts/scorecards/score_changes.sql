{{ config(materialized='view') }}
-- The points of each component are given again at steps between what was published of the previous period
-- and what is known of this one, each time by the macro that scores the scorecards. A part is the difference
-- of two steps, so the parts add up to the change whatever is rounded on the way (docs/decisions/0025).
{% set unit = ['basis', 'period_type', 'agency_code', 'indicator_code'] -%}
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
        compared.period_type,
        compared.period_start,
        indicators.indicator_code
    from compared
    inner join {{ ref('dim_indicator') }} as indicators
        on indicators.is_scored
        and (compared.ruleset = indicators.ruleset or compared.previous_ruleset = indicators.ruleset)
),

-- units that are scored in both periods
counted as (
    select
        compared.ruleset,
        compared.previous_ruleset,
        compared.previous_start,
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.period_end,
        counts.agency_code,
        counts.indicator_code,
        counts.agency_level,
        counts.numerator,
        counts.denominator,
        counts.is_source_missing,
        previous.numerator as previous_numerator,
        previous.denominator as previous_denominator
    from {{ ref('indicator_counts') }} as counts
    inner join compared
        on {{ same('counts', 'compared', ['period_type', 'period_start']) }}
    inner join {{ ref('indicator_counts') }} as previous
        on {{ same('counts', 'previous', unit) }}
        and compared.previous_start = previous.period_start
    inner join components
        on {{ same('counts', 'components', ['period_type', 'period_start', 'indicator_code']) }}
),

-- every unit at every step
counts as (
    select
        'put_back' as step,
        counted.basis,
        counted.period_type,
        counted.period_start,
        counted.period_end,
        counted.agency_code,
        counted.indicator_code,
        counted.agency_level,
        counted.previous_numerator + coalesce(changes.numerator_change, 0) as numerator,
        counted.previous_denominator + coalesce(changes.denominator_change, 0) as denominator,
        counted.is_source_missing
    from counted
    left join {{ ref('int_correction_changes') }} as changes
        on changes.scenario = 'put_back'
        and {{ same('counted', 'changes', unit) }}
        and counted.previous_start = changes.period_start

    union all

    select
        'other_rules' as step,
        basis,
        period_type,
        period_start,
        period_end,
        agency_code,
        indicator_code,
        agency_level,
        previous_numerator as numerator,
        previous_denominator as denominator,
        is_source_missing
    from counted

    {% for step in ['entered', 'weighted'] -%}
    union all

    select
        '{{ step }}' as step,
        counted.basis,
        counted.period_type,
        counted.period_start,
        counted.period_end,
        counted.agency_code,
        counted.indicator_code,
        counted.agency_level,
        {% for part in ['numerator', 'denominator'] -%}
        case
            when mixed.basis is not null then mixed.{{ step }}_{{ part }}
            -- a unit with nothing below it
            when counted.previous_denominator > 0 and counted.denominator > 0 then counted.previous_{{ part }}
            else counted.{{ part }}
        end as {{ part }},
        {% endfor -%}
        counted.is_source_missing
    from counted
    left join {{ ref('int_agency_mix') }} as mixed
        on counted.agency_level = 'province'
        and {{ same('counted', 'mixed', ['basis', 'period_type', 'period_start', 'indicator_code']) }}
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

-- one row per unit and component; without points it adds nothing
stepped as (
    select
        {{ keys | join(',\n        ') }},
        {% for step in steps -%}
        coalesce(max(case when step = '{{ step }}' then points end), 0) as {{ step }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from scored
    group by {{ keys | join(', ') }}
),

-- What an earlier release published of the previous period, and whether it compared this one already. Then
-- what was compared with at first stays, and the nights in between have their parts.
pointed as (
    select
        counted.*,
        run.business_date,
        published.published_on,
        known.previous_published_on as known_published_on,
        known.previous_points as known_points,
        known.restated_points as known_restated_points,
        known.corrected_points as known_corrected_points,
        coalesce(earlier.points, 0) as earlier_points,
        coalesce(previous.points, 0) as present_points,
        coalesce(results.points, 0) as points,
        {% for step in steps -%}
        coalesce(stepped.{{ step }}, 0) as {{ step }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from counted
    cross join {{ source('control', 'run') }} as run
    left join stepped
        on {{ same('counted', 'stepped', keys) }}
    left join {{ ref('indicator_results') }} as results
        on {{ same('counted', 'results', keys) }}
    left join {{ ref('indicator_results') }} as previous
        on {{ same('counted', 'previous', unit) }}
        and counted.previous_start = previous.period_start
    left join (
        select distinct
            period_type,
            period_start,
            published_on
        from {{ source('control', 'previous_results') }}
    ) as published
        on counted.period_type = published.period_type and counted.previous_start = published.period_start
    left join {{ source('control', 'previous_results') }} as earlier
        on {{ same('counted', 'earlier', unit) }}
        and counted.previous_start = earlier.period_start
    left join {{ source('control', 'previous_score_changes') }} as known
        on {{ same('counted', 'known', keys) }}
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
        entered - other_rules as volume_points,
        weighted - entered as mix_points,
        points - weighted as rate_points
    from pointed
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
