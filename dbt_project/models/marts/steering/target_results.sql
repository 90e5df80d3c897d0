-- Two definitions of one target stand side by side; none is forced to agree with the other. Published figures
-- are the latest that a report gives for the year.
with published as (
    select
        figures.agency_code,
        figures.indicator_code as target_code,
        figures.period_label,
        figures.reported_value,
        figures.as_of_on,
        figures.document_number,
        figures.statement,
        row_number() over (
            partition by figures.agency_code, figures.indicator_code, figures.period_label
            order by
                figures.as_of_on desc nulls last,
                figures.document_on desc nulls last,
                figures.document_number desc nulls last
        ) as place
    from {{ ref('stg_reports__figures') }} as figures
    inner join {{ ref('dim_agency') }} as agencies
        on figures.agency_code = agencies.agency_code and agencies.agency_level = 'province'
),

years as (
    select
        period_start,
        period_end,
        judged_on,
        substring(cast(period_start as {{ dbt.type_string() }}), 1, 4) as period_label
    from {{ ref('int_periods') }}
    where period_type = 'year'
),

stated as (
    select
        years.period_start,
        years.period_end,
        targets.target_code,
        definitions.definition,
        targets.target_number,
        targets.target_vi,
        definitions.definition_vi,
        targets.direction,
        targets.target_percent,
        cast(targets.target_percent * 100 as bigint) as target_hundredths,
        definitions.measure_code,
        definitions.basis,
        results.numerator,
        results.denominator,
        case
            when definitions.definition = 'published' then cast(published.reported_value as decimal(18, 3))
            when results.rate is not null then cast(results.rate * 100 as decimal(18, 3))
        end as result_percent,
        case when definitions.definition = 'published' then published.as_of_on else years.judged_on end
            as as_of_on,
        published.document_number,
        published.statement
    from years
    inner join {{ ref('resolution_targets') }} as targets
        on years.period_end >= targets.valid_from_on
        and years.period_end <= coalesce(targets.valid_to_on, years.period_end)
    inner join {{ ref('resolution_definitions') }} as definitions
        on targets.target_code = definitions.target_code
    left join published
        on definitions.definition = 'published'
        and targets.target_code = published.target_code
        and years.period_label = published.period_label
        and published.place = 1
    left join {{ ref('measure_results') }} as results
        on definitions.measure_code = results.measure_code
        and definitions.basis = results.basis
        and results.period_type = 'year'
        and years.period_start = results.period_start
        and results.agency_level = 'province'
)

select
    period_start,
    target_code,
    definition,
    period_end,
    target_number,
    target_vi,
    definition_vi,
    direction,
    target_percent,
    result_percent,
    numerator,
    denominator,
    case
        when result_percent is null then null
        when
            coalesce(
                {{ meets_target('numerator', 'denominator', 'direction', 'target_hundredths') }},
                case direction
                    when 'at_least' then result_percent >= target_percent
                    when 'at_most' then result_percent <= target_percent
                    else result_percent < target_percent
                end
            )
            then 'ĐẠT'
        else 'CHƯA ĐẠT'
    end as status_vi,
    case statement when 'met' then 'ĐẠT' when 'not_met' then 'CHƯA ĐẠT' end as published_status_vi,
    as_of_on,
    measure_code,
    basis,
    document_number
from stated
