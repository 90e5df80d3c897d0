{{ config(post_hook="{{ dossier_evidence('1.4', 'on_both_sides', 'received') }}") }}
-- depends_on: {{ ref('dossier_facts') }}, {{ ref('dim_period') }}, {{ ref('dim_agency') }}
-- A comparison of the two sides, so it reads the same on both bases: what the one-stop system received,
-- and how much of it the national portal holds. Where nothing was received, a share of last year's total
-- stands for what should have been; for a day there is none.
with placed as (
    select
        counts.*,
        calendar.year_start_on,
        case counts.period_type
            when 'month' then 12
            when 'quarter' then 4
            when 'half_year' then 2
            when 'year' then 1
        end as periods_in_year
    from {{ ref('int_dossier_counts') }} as counts
    inner join {{ ref('int_calendar') }} as calendar
        on counts.period_start = calendar.calendar_on
    where counts.basis = 'one_stop'
),

expected as (
    select
        placed.period_type,
        placed.period_start,
        placed.period_end,
        placed.agency_code,
        placed.agency_level,
        placed.on_both_sides,
        case
            when placed.received > 0 or placed.periods_in_year is null then placed.received
            else coalesce(
                {{ whole_quotient(
                    '2 * last_year.received + placed.periods_in_year', '2 * placed.periods_in_year'
                ) }}, 0
            )
        end as received,
        'all' as procedure_code
    from placed
    left join {{ ref('int_dossier_counts') }} as last_year
        on last_year.basis = 'one_stop'
        and last_year.period_type = 'year'
        and placed.agency_code = last_year.agency_code
        and cast({{ dbt.dateadd('year', -1, 'placed.year_start_on') }} as date) = last_year.period_start

    union all

    select
        period_type,
        period_start,
        period_end,
        agency_code,
        agency_level,
        on_both_sides,
        received,
        procedure_code
    from {{ ref('int_dossier_procedure_counts') }}
    where basis = 'one_stop'
),

compared as (
    select
        bases.basis,
        expected.*
    from expected
    cross join (
        select 'national' as basis
        union all
        select 'one_stop' as basis
    ) as bases
)

{{ indicator('1.4', 'compared', 'on_both_sides', 'received', 'procedure_code') }}
