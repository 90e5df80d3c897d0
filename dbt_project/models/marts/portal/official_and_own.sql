{% set bases = ['national', 'one_stop'] -%}
{% set near_percent = 1 -%}
-- What the portal published beside what follows from our dossiers. `published` also holds the group points of
-- the portal's older API, which come without counts.
with published as (
    select
        province_code,
        unit_name,
        period_label,
        code,
        kind,
        captured_on,
        numerator,
        denominator,
        coalesce(published_points, computed_points) as points,
        published_points is not null as are_points_published
    from {{ ref('portal_score_check') }}

    union all

    select
        scores.province_code,
        scores.unit_name,
        scores.period_label,
        scores.metric_code as code,
        'group' as kind,
        scores.captured_on,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        cast(scores.value as decimal(9, 2)) as points,
        true as are_points_published
    from {{ ref('stg_portal__scores') }} as scores
    inner join {{ ref('indicator_groups') }} as indicator_groups
        on scores.metric_code = indicator_groups.group_code
    where scores.endpoint = 'rest.jsp' and scores.field_name = 'score' and scores.value is not null
),

placed as (
    select
        published.*,
        units.agency_code,
        units.period_type,
        units.period_start,
        units.period_end,
        units.judged_on,
        units.missing_reason,
        -- the last day of the period that the portal could have counted; nobody knows when it did not say so
        case
            when published.captured_on is not null then least(published.captured_on, units.period_end)
        end as seen_on,
        coalesce(indicators.source in ('one_stop_dossiers', 'petitions'), false) as adds_up_by_day
    from published
    inner join {{ ref('int_portal_units') }} as units
        on published.province_code = units.province_code
        and published.unit_name = units.unit_name
        and published.period_label = units.period_label
    left join {{ ref('indicators') }} as indicators
        on published.code = indicators.indicator_code
),

own as (
    select
        results.ruleset,
        results.basis,
        results.period_type,
        results.period_start,
        results.agency_code,
        results.indicator_code as code,
        components.group_code,
        results.numerator,
        results.denominator,
        results.rate,
        results.points,
        results.empty_reason
    from {{ ref('indicator_results') }} as results
    inner join {{ ref('rule_set_components') }} as components
        on results.ruleset = components.ruleset and results.indicator_code = components.indicator_code
    where results.period_type <> 'day'

    union all

    select
        ruleset,
        basis,
        period_type,
        period_start,
        agency_code,
        group_code as code,
        group_code,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        cast(null as decimal(12, 6)) as rate,
        points,
        cast(null as {{ dbt.type_string() }}) as empty_reason
    from {{ ref('scorecards') }}
    where period_type <> 'day'
),

-- what we counted on the days of the period that the portal had not seen yet
later as (
    select
        placed.province_code,
        placed.unit_name,
        placed.period_label,
        placed.code,
        cast(sum(days.denominator) as bigint) as denominator
    from placed
    inner join {{ ref('indicator_results') }} as days
        on placed.agency_code = days.agency_code
        and placed.code = days.indicator_code
        and days.basis = 'national'
        and days.period_type = 'day'
        and placed.seen_on < days.period_start
        and placed.period_start <= days.period_start
        and placed.judged_on >= days.period_start
    group by placed.province_code, placed.unit_name, placed.period_label, placed.code
),

compared as (
    select
        placed.province_code,
        placed.unit_name,
        placed.period_label,
        placed.code,
        placed.kind,
        placed.agency_code,
        national.ruleset,
        national.group_code,
        placed.period_type,
        placed.period_start,
        placed.period_end,
        placed.captured_on,
        coalesce(placed.seen_on <> placed.judged_on, false) as is_of_another_day,
        placed.numerator as portal_numerator,
        placed.denominator as portal_denominator,
        placed.points as portal_points,
        placed.are_points_published,
        {% for basis in bases -%}
        {{ basis }}.numerator as {{ basis }}_numerator,
        {{ basis }}.denominator as {{ basis }}_denominator,
        {{ basis }}.rate as {{ basis }}_rate,
        {{ basis }}.points as {{ basis }}_points,
        {% endfor -%}
        coalesce(
            placed.missing_reason,
            case
                -- an empty denominator is known to give no points
                when placed.points is null and coalesce(placed.denominator, -1) <> 0
                    then 'no_published_figure'
                when national.code is null or one_stop.code is null then 'no_own_figure'
                when national.empty_reason = 'source_missing' then 'source_missing'
                when national.empty_reason = 'not_applicable' and national.points is null
                    then 'not_applicable'
            end
        ) as missing_reason,
        -- how far the counts may be apart because the portal was asked on another day
        case
            when not placed.adds_up_by_day or placed.seen_on is null then 0
            when placed.seen_on < placed.judged_on then coalesce(later.denominator, 0)
            when placed.seen_on > placed.judged_on
                then {{ whole_quotient(
                    'coalesce(national.denominator, 0) * '
                    ~ dbt.datediff('placed.judged_on', 'placed.seen_on', 'day'),
                    '(' ~ dbt.datediff('placed.period_start', 'placed.judged_on', 'day') ~ ' + 1)'
                ) }} + 1
            else 0
        end as late_allowance
    from placed
    {% for basis in bases -%}
    left join own as {{ basis }}
        on {{ basis }}.basis = '{{ basis }}'
        and placed.period_type = {{ basis }}.period_type
        and placed.period_start = {{ basis }}.period_start
        and placed.agency_code = {{ basis }}.agency_code
        and placed.code = {{ basis }}.code
    {% endfor -%}
    left join later
        on placed.province_code = later.province_code
        and placed.unit_name = later.unit_name
        and placed.period_label = later.period_label
        and placed.code = later.code
),

-- what has no points adds nothing
measured as (
    select
        *,
        {% for basis in bases -%}
        case
            when missing_reason is null
                then cast(coalesce({{ basis }}_points, 0) - coalesce(portal_points, 0) as decimal(9, 2))
        end as {{ basis }}_gap{% if not loop.last %},{% endif %}
        {% endfor %}
    from compared
),

-- the order of these conditions is the order of the causes
judged as (
    select
        *,
        greatest(abs(national_gap), abs(one_stop_gap)) as widest_gap,
        case
            when missing_reason is not null then null
            when greatest(abs(national_gap), abs(one_stop_gap)) <= 0.01 then 'none'
            when kind = 'group' then null
            when portal_denominator is null or national_denominator is null then null
            when
                100 * (abs(portal_denominator - national_denominator) - late_allowance)
                > {{ near_percent }} * portal_denominator
                then 'base_differs'
            when
                (
                    one_stop_denominator > national_denominator
                    or one_stop_numerator > national_numerator
                )
                and 100 * (abs(portal_numerator - national_numerator) - late_allowance)
                <= {{ near_percent }} * portal_denominator
                and abs(national_gap) < abs(one_stop_gap)
                then 'not_synced'
            when
                is_of_another_day
                and (
                    portal_denominator <> national_denominator
                    or portal_numerator <> national_numerator
                )
                then 'late'
            else 'rule'
        end as own_cause
    from measured
),

widest as (
    select
        *,
        row_number() over (
            partition by province_code, unit_name, period_label, group_code
            order by widest_gap desc nulls last, code asc nulls last
        ) as gap_rank
    from judged
    where kind = 'component' and own_cause <> 'none'
),

explained as (
    select
        judged.*,
        -- a group has no counts: its cause is that of its component with the widest gap
        coalesce(judged.own_cause, widest.own_cause) as likely_cause
    from judged
    left join widest
        on judged.kind = 'group'
        and judged.missing_reason is null
        and widest.gap_rank = 1
        and judged.province_code = widest.province_code
        and judged.unit_name = widest.unit_name
        and judged.period_label = widest.period_label
        and judged.code = widest.group_code
)

select
    province_code,
    unit_name,
    period_label,
    code,
    kind,
    agency_code,
    ruleset,
    period_type,
    period_start,
    period_end,
    captured_on,
    portal_numerator,
    portal_denominator,
    {{ exact_rate('portal_numerator', 'portal_denominator') }} as portal_rate,
    portal_points,
    are_points_published,
    {% for basis in bases -%}
    {{ basis }}_numerator,
    {{ basis }}_denominator,
    {{ basis }}_rate,
    {{ basis }}_points,
    {{ basis }}_gap,
    {% endfor -%}
    late_allowance,
    likely_cause,
    coalesce(missing_reason, case when likely_cause is null then 'no_counts' end) as missing_reason
from explained
