with published as (
    select
        scores.province_code,
        scores.unit_name,
        scores.period_label,
        fields.code,
        min(scores.captured_on) as captured_on,
        max(scores.figure_source) as figure_source,
        -- a figure none of whose parts is given is unknown, not zero
        cast(sum(case when fields.role = 'numerator' then scores.value end) as bigint) as numerator,
        cast(sum(case when fields.role = 'denominator' then scores.value end) as bigint) as denominator,
        cast(max(case when fields.role = 'points' then scores.value end) as decimal(9, 2)) as published_points
    from {{ ref('stg_portal__scores') }} as scores
    inner join {{ ref('portal_fields') }} as fields
        on scores.endpoint = fields.endpoint
        and scores.metric_code = fields.metric_code
        and scores.field_name = fields.field_name
    group by scores.province_code, scores.unit_name, scores.period_label, fields.code
),

components as (
    select
        published.*,
        rules.group_code,
        cast({{ score_points(
            'published.numerator', 'published.denominator', 'rules.max_points',
            'rules.full_mark_percent', 'rules.empty_policy'
        ) }} as decimal(9, 2)) as computed_points
    from published
    inner join {{ ref('rule_set_components') }} as rules
        on published.code = rules.indicator_code and rules.ruleset = 'dvcqg-2026'
),

all_codes as (
    select
        province_code,
        unit_name,
        period_label,
        code,
        'component' as kind,
        numerator,
        denominator,
        computed_points,
        published_points,
        captured_on,
        figure_source
    from components

    union all

    select
        published.province_code,
        published.unit_name,
        published.period_label,
        published.code,
        'group' as kind,
        published.numerator,
        published.denominator,
        sums.computed_points,
        published.published_points,
        published.captured_on,
        published.figure_source
    from published
    inner join (
        select
            province_code,
            unit_name,
            period_label,
            group_code,
            cast(sum(coalesce(computed_points, 0)) as decimal(9, 2)) as computed_points
        from components
        group by province_code, unit_name, period_label, group_code
    ) as sums
        on published.province_code = sums.province_code
        and published.unit_name = sums.unit_name
        and published.period_label = sums.period_label
        and published.code = sums.group_code
)

select
    province_code,
    unit_name,
    period_label,
    code,
    kind,
    numerator,
    denominator,
    computed_points,
    published_points,
    computed_points - published_points as gap,
    captured_on,
    figure_source
from all_codes
