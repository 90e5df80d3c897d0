{{ config(materialized='view') }}
-- What cutting time limits saves: one-off as reports publish it (days × hours a day × cost of an hour, each
-- procedure once), and in a year by how many come and how often. Products and sums are exact; only what is
-- called rounded is, half-up to whole đồng and after adding up, so rounded parts need not add up.
{% set groupings = {
    'all': "'all'", 'level': 'cuts.level', 'agency': 'cuts.agency_code', 'field': 'cuts.field_code'
} -%}
with cuts as (
    select
        years.period_start,
        years.period_end,
        coalesce(aliases.procedure_code, decided.procedure_code) as procedure_code,
        decided.decided_on,
        decided.level,
        coalesce(agencies.agency_code, 'unknown') as agency_code,
        coalesce(procedures.field_code, 'unknown') as field_code,
        decided.days_cut,
        -- wide, because DuckDB keeps products of narrow decimals in 18 digits
        cast(decided.days_cut as decimal(19, 2)) * cast(decided.hours_per_day as decimal(5, 2)) as hours_cut,
        cast(decided.hourly_cost as decimal(11, 3)) as hourly_cost,
        -- where one of the two is not told, how often it is done is not known
        cast(decided.subjects_per_year as decimal(19, 0)) * cast(decided.times_per_year as decimal(5, 2))
            as times_done,
        -- a procedure counts once, as the last decision on it has it
        row_number() over (
            partition by years.period_start, coalesce(aliases.procedure_code, decided.procedure_code)
            order by
                decided.decided_on desc nulls last,
                decided.decision_number desc nulls last,
                decided.procedure_wire_code asc nulls last
        ) as place
    from {{ ref('int_periods') }} as years
    inner join {{ ref('stg_catalogue__time_limit_cuts') }} as decided
        on years.judged_on >= decided.decided_on
    left join {{ ref('int_procedure_aliases') }} as aliases
        on decided.procedure_code = aliases.alias_code
        and (aliases.valid_from_on is null or decided.decided_on >= aliases.valid_from_on)
        and (aliases.valid_to_on is null or decided.decided_on <= aliases.valid_to_on)
    left join {{ ref('stg_catalogue__procedures') }} as procedures
        on coalesce(aliases.procedure_code, decided.procedure_code) = procedures.procedure_code
    left join {{ ref('int_agency_codes') }} as agencies
        on decided.agency_code = agencies.written_code
    where years.period_type = 'year'
),

summed as (
    {% for grouping, item in groupings.items() -%}
    select
        cuts.period_start,
        cuts.period_end,
        '{{ grouping }}' as grouping_kind,
        {{ item }} as item_code,
        count(*) as procedures,
        sum(cuts.days_cut) as days_cut,
        sum(cuts.hours_cut) as hours_cut,
        -- where an hour costs the same in all of them
        case when min(cuts.hourly_cost) = max(cuts.hourly_cost) then max(cuts.hourly_cost) end as hourly_cost,
        sum(cuts.hours_cut * cuts.hourly_cost) as cost_saved,
        count(case when cuts.times_done is null then 1 end) as procedures_without_frequency,
        sum(cuts.hours_cut * cuts.times_done) as yearly_hours_cut,
        sum(cuts.hours_cut * cuts.times_done * cuts.hourly_cost) as yearly_cost_saved,
        max(cuts.decided_on) as last_decided_on
    from cuts
    where cuts.place = 1
    group by cuts.period_start, cuts.period_end{% if grouping != 'all' %}, {{ item }}{% endif %}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
)

select
    period_start,
    period_end,
    grouping_kind,
    item_code,
    cast(procedures as bigint) as procedures,
    cast(days_cut as decimal(14, 2)) as days_cut,
    cast(hours_cut as decimal(18, 4)) as hours_cut,
    hourly_cost,
    cast(cost_saved as decimal(28, 7)) as cost_saved,
    cast(cast(cost_saved as decimal(20, 0)) as bigint) as cost_saved_rounded,
    cast(procedures_without_frequency as bigint) as procedures_without_frequency,
    cast(yearly_hours_cut as decimal(28, 6)) as yearly_hours_cut,
    cast(yearly_cost_saved as decimal(34, 9)) as yearly_cost_saved,
    cast(cast(yearly_cost_saved as decimal(20, 0)) as bigint) as yearly_cost_saved_rounded,
    last_decided_on
from summed
