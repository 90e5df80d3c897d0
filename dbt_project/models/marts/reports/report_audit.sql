-- What a report says of itself: its parts against their wholes, its rates against the counts beside them, its
-- products, its judgements; and beside them what our own tables say. Nothing is put right; what does not hold
-- is shown with the gap.
with figures as (
    select
        -- what one document says of one agency and period
        dense_rank() over (
            order by document_number asc nulls last, agency_code asc nulls last, period_label asc nulls last
        ) as report,
        document_number,
        agency_code,
        period_label,
        indicator_code,
        indicator_name,
        unit,
        cast(reported_value as decimal(18, 3)) as reported_value,
        numerator,
        denominator,
        target_value,
        statement
    from {{ ref('stg_reports__figures') }}
),

-- a split is checked where the report gives the whole and every part that reports do not do without
summed as (
    select
        wholes.report,
        'sum' as kind,
        wholes.indicator_code as figure_code,
        structure.split as against,
        max(structure.title_vi) as title_vi,
        max(wholes.reported_value) as stated_value,
        cast(sum(coalesce(parts.reported_value, 0)) as decimal(24, 3)) as computed_value,
        cast(sum(structure.allowed_gap) as decimal(9, 3)) as allowed_gap,
        -- one that is left out may be the reason
        case
            when count(case when parts.indicator_code is null then 1 end) = 1
                then max(case when parts.indicator_code is null then structure.part_code end)
        end as left_out_code
    from figures as wholes
    inner join {{ ref('report_parts') }} as structure
        on wholes.indicator_code = structure.whole_code
    left join figures as parts
        on structure.part_code = parts.indicator_code
        and wholes.report = parts.report
    group by wholes.report, wholes.indicator_code, structure.split
    having count(case when parts.indicator_code is null and not structure.may_be_left_out then 1 end) = 0
),

multiplied as (
    select
        products.report,
        'product' as kind,
        products.indicator_code as figure_code,
        structure.factor_code as against,
        structure.title_vi,
        products.reported_value as stated_value,
        cast(factors.reported_value * coalesce(times.reported_value, structure.times) as decimal(24, 3))
            as computed_value,
        structure.allowed_gap,
        cast(null as {{ dbt.type_string() }}) as left_out_code
    from figures as products
    inner join {{ ref('report_products') }} as structure
        on products.indicator_code = structure.product_code
    inner join figures as factors
        on structure.factor_code = factors.indicator_code
        and products.report = factors.report
    left join figures as times
        on structure.times_code = times.indicator_code
        and products.report = times.report
    where structure.times_code is null or times.indicator_code is not null
),

-- Counts beside a rate: those of its own line, and those that other lines give.
bases as (
    select
        report,
        indicator_code,
        'own' as base,
        indicator_code as title_vi,
        reported_value as rate,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator
    from figures
    where unit = '%' and denominator > 0

    union all

    select
        rates.report,
        rates.indicator_code,
        structure.base,
        max(structure.title_vi) as title_vi,
        max(rates.reported_value) as rate,
        cast(sum(
            case when structure.role = 'numerator' then structure.sign * terms.reported_value end
        ) as bigint) as numerator,
        cast(sum(
            case when structure.role = 'denominator' then structure.sign * terms.reported_value else 0 end
        ) as bigint) as denominator
    from figures as rates
    inner join {{ ref('report_rates') }} as structure
        on rates.indicator_code = structure.rate_code
    left join figures as terms
        on structure.term_code = terms.indicator_code
        and rates.report = terms.report
    group by rates.report, rates.indicator_code, structure.base
    having count(*) = count(terms.indicator_code)
),

-- the least whole numerator that would give the rate, or more
counted as (
    select
        *,
        {{ whole_quotient(
            'cast(rate * 1000 as bigint) * denominator - 5 * denominator + 99999', 100000
        ) }} as least_numerator
    from bases
    where denominator > 0
),

rated as (
    select
        report,
        'rate' as kind,
        indicator_code as figure_code,
        base as against,
        title_vi,
        rate as stated_value,
        cast(
            {{ hundredths(whole_quotient('20000 * numerator + denominator', '2 * denominator')) }}
            as decimal(24, 3)
        ) as computed_value,
        cast(0 as decimal(9, 3)) as allowed_gap,
        cast(null as {{ dbt.type_string() }}) as left_out_code
    from counted
    where numerator is not null
),

-- without a numerator: is there a whole one at all, for any base?
feasible as (
    select
        report,
        'whole_numerator' as kind,
        indicator_code as figure_code,
        'any_base' as against,
        max(title_vi) as title_vi,
        max(rate) as stated_value,
        cast(
            max(
                case
                    when
                        least_numerator * 100000
                        < cast(rate * 1000 as bigint) * denominator + 5 * denominator
                        then rate
                end
            ) as decimal(24, 3)
        ) as computed_value,
        cast(0 as decimal(9, 3)) as allowed_gap,
        cast(null as {{ dbt.type_string() }}) as left_out_code
    from counted
    group by report, indicator_code
    having max(numerator) is null
),

judged as (
    select
        report,
        'statement' as kind,
        indicator_code as figure_code,
        'target' as against,
        indicator_code as title_vi,
        reported_value as stated_value,
        cast(target_value as decimal(24, 3)) as computed_value,
        cast(0 as decimal(9, 3)) as allowed_gap,
        cast(null as {{ dbt.type_string() }}) as left_out_code,
        (reported_value >= target_value) = (statement = 'met') as holds
    from figures
    where target_value is not null and statement in ('met', 'not_met')
),

-- shown, not judged: a report has other dates and bases than our tables
beside as (
    select
        figures.report,
        'warehouse' as kind,
        figures.indicator_code as figure_code,
        own.basis as against,
        own.title_vi,
        figures.reported_value as stated_value,
        own.own_value as computed_value,
        cast(0 as decimal(9, 3)) as allowed_gap,
        cast(null as {{ dbt.type_string() }}) as left_out_code,
        cast(null as boolean) as holds
    from figures
    inner join {{ ref('int_report_counterparts') }} as own
        on figures.document_number = own.document_number
        and figures.agency_code = own.agency_code
        and figures.period_label = own.period_label
        and figures.indicator_code = own.figure_code
),

checked as (
    select
        *,
        coalesce(abs(stated_value - computed_value) <= allowed_gap, false) as holds
    from (
        select * from summed
        union all
        select * from multiplied
        union all
        select * from rated
        union all
        select * from feasible
    ) as computed
    union all
    select * from judged
    union all
    select * from beside
)

select
    figures.document_number,
    figures.agency_code,
    figures.period_label,
    checked.kind,
    checked.figure_code,
    checked.against,
    coalesce(figures.indicator_name, checked.title_vi) as figure_name,
    checked.title_vi,
    checked.stated_value,
    checked.computed_value,
    checked.holds,
    case
        when not coalesce(checked.holds, false) and checked.kind <> 'statement'
            then checked.stated_value - checked.computed_value
    end as gap,
    -- a part that the report does not give fits what is missing
    case
        when not checked.holds and checked.stated_value > checked.computed_value then checked.left_out_code
    end as left_out_code
from checked
inner join figures
    on checked.report = figures.report and checked.figure_code = figures.indicator_code
