-- Periods that have begun at the business date, of the years in which something was received and that a rule
-- set covers. The previous period is the calendar's, whether anything was received in it or not.
with years as (
    select distinct calendar.year_start_on
    from (
        select received_on from {{ ref('int_dossiers') }}
        where is_received
        union
        select received_on from {{ ref('int_petitions') }}
    ) as received
    inner join {{ ref('int_calendar') }} as calendar
        on received.received_on = calendar.calendar_on
),

days as (
    select calendar.*
    from {{ ref('int_calendar') }} as calendar
    inner join years
        on calendar.year_start_on = years.year_start_on
),

bounds as (
    {% for period_type, period in period_types().items() -%}
    select
        '{{ period_type }}' as period_type,
        {{ period.starts }} as period_start,
        max(calendar_on) as period_end,
        cast({{ dbt.dateadd(period.unit, -period.back, period.starts) }} as date) as previous_start
    from days
    group by {{ period.starts }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
)

select
    bounds.period_type,
    bounds.period_start,
    bounds.period_end,
    bounds.previous_start,
    -- what is still open is judged here: at the end of the period or at as-of, whichever is earlier
    least(bounds.period_end, run.business_date) as judged_on
from bounds
cross join {{ source('control', 'run') }} as run
where
    bounds.period_start <= run.business_date
    and bounds.period_end >= (
        select min(rule_sets.valid_from_on) as first_on from {{ ref('rule_sets') }} as rule_sets
    )
