-- What each action would change, component by component, on the portal's basis and in the periods that are
-- running. Scored twice by the rule set in force, as points_at_stake is; nothing is estimated.
with running as (
    select
        periods.ruleset,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        run.business_date
    from {{ ref('int_period_rule_sets') }} as periods
    cross join {{ source('control', 'run') }} as run
    where
        periods.period_type in ('month', 'quarter', 'year')
        and run.business_date between periods.period_start and periods.period_end
),

-- figures that a unit can move by what it does itself
figures as (
    select
        results.ruleset,
        results.period_type,
        results.period_start,
        results.period_end,
        results.agency_code,
        results.indicator_code,
        results.agency_level,
        results.numerator,
        results.denominator,
        cast(coalesce(results.points, 0) as decimal(9, 2)) as points,
        components.max_points,
        components.full_mark_percent,
        components.empty_policy
    from {{ ref('indicator_results') }} as results
    inner join running
        on results.period_type = running.period_type and results.period_start = running.period_start
    inner join {{ ref('dim_indicator') }} as components
        on results.ruleset = components.ruleset and results.indicator_code = components.indicator_code
    where
        results.basis = 'national'
        and results.numerator is not null
        and components.is_scored
        and (components.scope <> 'as_province' or results.agency_level = 'province')
),

services as (
    select
        counts.period_type,
        counts.period_start,
        counts.agency_code,
        counts.procedure_code,
        counts.received - counts.online as not_online,
        counts.with_obligation - counts.paid_online as not_paid_online,
        coalesce(catalogue.service_level_code in ('3', '4'), false) as may_be_online,
        coalesce(procedures.is_online_service, false) and counts.online = 0 as opens_online,
        coalesce(procedures.has_fee, false) and counts.paid_online = 0 as opens_payment
    from {{ ref('int_dossier_procedure_counts') }} as counts
    inner join running
        on counts.period_type = running.period_type and counts.period_start = running.period_start
    left join {{ ref('dim_procedure') }} as catalogue
        on counts.procedure_code = catalogue.procedure_code
    left join {{ ref('int_unit_procedures') }} as procedures
        on counts.agency_code = procedures.agency_code and counts.procedure_code = procedures.procedure_code
    where counts.basis = 'national'
),

-- a dossier adds one to indicator_code; the first one of a procedure also adds one to opened_code
offers as (
    select
        period_type,
        period_start,
        agency_code,
        'move_online' as action,
        procedure_code as target_code,
        not_online as items_in_all,
        '3.3' as indicator_code,
        case when opens_online then '3.2' end as opened_code
    from services
    where may_be_online and not_online > 0

    union all

    select
        period_type,
        period_start,
        agency_code,
        'pay_online' as action,
        procedure_code as target_code,
        not_paid_online as items_in_all,
        '3.6' as indicator_code,
        case when opens_payment then '3.5b' end as opened_code
    from services
    where not_paid_online > 0

    union all

    select
        running.period_type,
        running.period_start,
        scopes.agency_code,
        'reuse_component' as action,
        missed.component_code as target_code,
        -- two dossiers may name one copy of the portal
        cast(count(distinct missed.national_code) as bigint) as items_in_all,
        '4.3' as indicator_code,
        cast(null as {{ dbt.type_string() }}) as opened_code
    from {{ ref('int_reuse_missed') }} as missed
    inner join running
        on missed.received_on between running.period_start and running.period_end
    inner join {{ ref('int_agency_scopes') }} as scopes
        on missed.agency_code = scopes.own_agency_code
    group by running.period_type, running.period_start, scopes.agency_code, missed.component_code
),

-- Of the dossiers that there are, as many as give all the points that all of them would: beyond the full mark
-- or within a rounding the others add nothing.
enough as (
    select
        offers.*,
        greatest(
            {{ least_numerator(
                'cast(' ~ score_points(
                    '(figures.numerator + offers.items_in_all)', 'figures.denominator', 'figures.max_points',
                    'figures.full_mark_percent', 'figures.empty_policy'
                ) ~ ' as decimal(9, 2))',
                'figures.denominator', 'figures.max_points', 'figures.full_mark_percent'
            ) }} - figures.numerator,
            case when offers.opened_code is null then 0 else 1 end
        ) as items
    from offers
    inner join figures
        on offers.period_type = figures.period_type
        and offers.period_start = figures.period_start
        and offers.agency_code = figures.agency_code
        and offers.indicator_code = figures.indicator_code
),

petitions as (
    select
        running.period_type,
        running.period_start,
        scopes.agency_code,
        judged.state,
        cast(count(*) as bigint) as items,
        cast(sum(case when judged.may_satisfy then 1 else 0 end) as bigint) as may_satisfy
    from (
        select
            petitions.agency_code,
            petitions.received_on,
            case
                when not coalesce(petitions.is_on_time, petitions.open_due_on >= run.business_date)
                    then 'late'
                when petitions.is_on_time is null then 'open'
            end as state,
            not petitions.is_repeat
            and not petitions.is_disliked
            and not coalesce(petitions.repeated_on <= run.business_date, false) as may_satisfy
        from {{ ref('int_petitions') }} as petitions
        cross join {{ source('control', 'run') }} as run
    ) as judged
    inner join running
        on judged.received_on between running.period_start and running.period_end
    inner join {{ ref('int_agency_scopes') }} as scopes
        on judged.agency_code = scopes.own_agency_code
    where judged.state is not null
    group by running.period_type, running.period_start, scopes.agency_code, judged.state
),

-- dossiers whose copies on the portal would be put right, in the unit and period of either
corrected as (
    select
        running.period_type,
        running.period_start,
        scopes.agency_code,
        findings.cause_code,
        cast(count(distinct findings.dossier_code) as bigint) as items
    from (
        select
            scenario_code as cause_code,
            dossier_code,
            received_on,
            coalesce(agency_code, 'unknown') as agency_code
        from {{ ref('int_corrected_dossiers') }}
        where scenario = 'cause'
        union
        select
            scenario_code as cause_code,
            dossier_code,
            received_on,
            coalesce(agency_code, 'unknown') as agency_code
        from {{ ref('int_corrected_synchronisation') }}
        where scenario = 'cause'
    ) as findings
    inner join running
        on findings.received_on between running.period_start and running.period_end
    inner join {{ ref('int_agency_scopes') }} as scopes
        on findings.agency_code = scopes.own_agency_code
    group by running.period_type, running.period_start, scopes.agency_code, findings.cause_code
),

-- what numerator and denominator become when it is done, and the numerator when it is left undone
changes as (
    select
        period_type,
        period_start,
        agency_code,
        action,
        target_code,
        items,
        items_in_all,
        indicator_code,
        0 as left_numerator,
        items as done_numerator,
        0 as done_denominator
    from enough

    union all

    select
        period_type,
        period_start,
        agency_code,
        action,
        target_code,
        items,
        items_in_all,
        opened_code as indicator_code,
        0 as left_numerator,
        1 as done_numerator,
        0 as done_denominator
    from enough
    where opened_code is not null

    {% for indicator_code, count in {'5.2': 'items', '5.3': 'may_satisfy'}.items() -%}
    union all

    select
        period_type,
        period_start,
        agency_code,
        'answer_petitions' as action,
        state as target_code,
        items,
        items as items_in_all,
        '{{ indicator_code }}' as indicator_code,
        -- until its limit has passed an open one counts as in time
        case when state = 'open' then -{{ count }} else 0 end as left_numerator,
        case when state = 'late' then {{ count }} else 0 end as done_numerator,
        0 as done_denominator
    from petitions
    where {{ count }} > 0

    {% endfor -%}
    union all

    select
        corrected.period_type,
        corrected.period_start,
        corrected.agency_code,
        'clear_findings' as action,
        corrected.cause_code as target_code,
        corrected.items,
        corrected.items as items_in_all,
        stakes.indicator_code,
        0 as left_numerator,
        stakes.corrected_numerator - stakes.numerator as done_numerator,
        stakes.corrected_denominator - stakes.denominator as done_denominator
    from corrected
    inner join {{ ref('points_at_stake') }} as stakes
        on stakes.scenario = 'cause'
        and corrected.cause_code = stakes.scenario_code
        and corrected.period_type = stakes.period_type
        and corrected.period_start = stakes.period_start
        and corrected.agency_code = stakes.agency_code
),

changed as (
    select
        figures.ruleset,
        figures.period_type,
        figures.period_start,
        figures.period_end,
        figures.agency_code,
        changes.action,
        changes.target_code,
        figures.indicator_code,
        figures.agency_level,
        changes.items,
        changes.items_in_all,
        figures.points as points_now,
        figures.numerator + changes.left_numerator as numerator_before,
        figures.denominator as denominator_before,
        figures.numerator + changes.done_numerator as numerator_after,
        figures.denominator + changes.done_denominator as denominator_after,
        figures.max_points,
        figures.full_mark_percent,
        figures.empty_policy
    from changes
    inner join figures
        on changes.period_type = figures.period_type
        and changes.period_start = figures.period_start
        and changes.agency_code = figures.agency_code
        and changes.indicator_code = figures.indicator_code
    where changes.items > 0
),

scored as (
    select
        changed.*,
        {% for moment in ['before', 'after'] -%}
        cast(coalesce({{ score_points(
            'numerator_' ~ moment, 'denominator_' ~ moment, 'max_points', 'full_mark_percent', 'empty_policy'
        ) }}, 0) as decimal(9, 2)) as points_{{ moment }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from changed
),

summed as (
    select
        scored.*,
        sum(scored.points_after - scored.points_before) over (
            partition by
                scored.period_type, scored.period_start, scored.agency_code, scored.action, scored.target_code
        ) as points
    from scored
)

select
    ruleset,
    'national' as basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    action,
    target_code,
    indicator_code,
    agency_level,
    cast(items as bigint) as items,
    cast(items_in_all as bigint) as items_in_all,
    cast(numerator_before as bigint) as numerator_before,
    cast(denominator_before as bigint) as denominator_before,
    cast(numerator_after as bigint) as numerator_after,
    cast(denominator_after as bigint) as denominator_after,
    points_now,
    points_before,
    points_after
from summed
-- what raises no score is no lever
where points > 0
