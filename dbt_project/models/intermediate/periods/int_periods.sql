-- Periods that have begun at the business date and whose end a rule set covers.
with bounds as (
    select
        'month' as period_type,
        month_start_on as period_start,
        max(calendar_on) as period_end
    from {{ ref('int_calendar') }}
    group by month_start_on

    union all

    select
        'year' as period_type,
        year_start_on as period_start,
        max(calendar_on) as period_end
    from {{ ref('int_calendar') }}
    group by year_start_on
)

select
    bounds.period_type,
    bounds.period_start,
    bounds.period_end,
    rule_sets.ruleset,
    -- what is still open is judged here: at the end of the period or at as-of, whichever is earlier
    least(bounds.period_end, run.business_date) as judged_on,
    {{ dbt.dateadd('day', 'rule_sets.maturity_days', 'bounds.period_end') }}
    > run.business_date as is_provisional
from bounds
cross join {{ source('control', 'run') }} as run
inner join {{ ref('rule_sets') }} as rule_sets
    on bounds.period_end >= rule_sets.valid_from_on
    and (rule_sets.valid_to_on is null or bounds.period_end <= rule_sets.valid_to_on)
where bounds.period_start <= run.business_date
