-- What is still to come is reckoned from what came: as many a working day as so far. Of procedures none come,
-- those that there are have to do.
with followed as (
    select
        results.basis,
        targets.*,
        results.agency_level,
        results.numerator,
        results.denominator,
        results.rate,
        results.empty_reason,
        judged_day.working_day_number - first_day.working_day_number
        + case when first_day.is_working_day then 1 else 0 end as days_worked,
        last_day.working_day_number - judged_day.working_day_number as days_left
    from {{ ref('int_targets') }} as targets
    inner join {{ ref('measure_results') }} as results
        on targets.agency_code = results.agency_code
        and targets.measure_code = results.measure_code
        and targets.period_type = results.period_type
        and targets.period_start = results.period_start
    left join {{ ref('int_calendar') }} as first_day
        on targets.period_start = first_day.calendar_on
    left join {{ ref('int_calendar') }} as judged_day
        on targets.judged_on = judged_day.calendar_on
    left join {{ ref('int_calendar') }} as last_day
        on targets.period_end = last_day.calendar_on
),

expected as (
    select
        *,
        case
            when counts = 'procedures' then 0
            when days_worked > 0
                then {{ whole_quotient('2 * denominator * days_left + days_worked', '2 * days_worked') }}
        end as still_expected
    from followed
),

aimed as (
    select
        *,
        {{ numerator_at_target('denominator + still_expected', 'direction', 'target_hundredths') }}
        - numerator as still_aimed,
        {{ short_of_target('numerator', 'denominator', 'direction', 'target_hundredths') }}
            as short_of_target,
        {{ meets_target('numerator', 'denominator', 'direction', 'target_hundredths') }} as is_met,
        case
            when denominator > 0 then {{ whole_quotient('1000000 * numerator', 'denominator') }}
        end as rate_millionths,
        direction = 'at_least' as is_to_reach
    from expected
)

select
    basis,
    agency_code,
    measure_code,
    target_period,
    agency_level,
    measure_name_vi,
    direction,
    target_percent,
    judged_on,
    numerator,
    denominator,
    rate,
    is_met,
    case when denominator > 0 then cast(short_of_target as bigint) end as short_of_target,
    cast(days_left as integer) as working_days_left,
    cast(still_expected as bigint) as still_expected,
    -- how many of what is expected must count, or may; where nothing came, nothing can be reckoned
    case
        when denominator > 0
            then cast(case when is_to_reach then greatest(still_aimed, 0) else still_aimed end as bigint)
    end as still_needed,
    {{ exact_rate('greatest(still_aimed, 0)', 'still_expected') }} as needed_rate,
    case
        when not denominator > 0 then null
        when is_to_reach and counts = 'procedures' then still_aimed <= denominator - numerator
        when is_to_reach then still_aimed <= still_expected
        else still_aimed >= 0
    end as is_possible,
    -- whatever the rest brings
    case
        when denominator > 0
            then case when is_to_reach then still_aimed <= 0 else still_aimed >= still_expected end
    end as is_certain,
    cast(
        case
            when denominator > 0
                then rank() over (
                    partition by basis, measure_code, target_period, agency_level
                    order by
                        case
                            when is_to_reach then target_hundredths * 100 - rate_millionths
                            else rate_millionths - target_hundredths * 100
                        end desc nulls last
                )
        end as integer
    ) as gap_rank,
    empty_reason,
    document_number,
    assigned_on
from aimed
