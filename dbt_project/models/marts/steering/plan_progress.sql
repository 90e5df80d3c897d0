-- A task with a measure is judged by it, of the agency that leads or else of the province, in the year in
-- which it is due; a task without one by what was reported. On the one-stop basis: what was really done.
with dated as (
    select
        tasks.*,
        coalesce(codes.agency_code, tasks.lead_agency_code) as own_agency_code,
        case
            when tasks.due_kind = 'by_date' then tasks.due_on
            when tasks.due_kind = 'by_year' then cast(concat(tasks.due_year, '-12-31') as date)
            when tasks.due_kind = 'by_quarter'
                then cast(concat(tasks.due_year, case
                    when lower(tasks.due_text) like '%quý iv%' then '-12-31'
                    when lower(tasks.due_text) like '%quý 4%' then '-12-31'
                    when lower(tasks.due_text) like '%quý iii%' then '-09-30'
                    when lower(tasks.due_text) like '%quý 3%' then '-09-30'
                    when lower(tasks.due_text) like '%quý ii%' then '-06-30'
                    when lower(tasks.due_text) like '%quý 2%' then '-06-30'
                    else '-03-31'
                end) as date)
        end as last_day_on,
        run.business_date
    from {{ ref('stg_plans__tasks') }} as tasks
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('int_agency_codes') }} as codes
        on tasks.lead_agency_code = codes.written_code
),

years as (
    select
        dated.*,
        day.year_start_on
    from dated
    left join {{ ref('int_calendar') }} as day
        on least(coalesce(dated.last_day_on, dated.business_date), dated.business_date) = day.calendar_on
),

measured as (
    select
        years.*,
        measures.measure_name_vi,
        coalesce(own.agency_code, province.agency_code) as measured_agency_code,
        case when own.agency_code is not null then own.numerator else province.numerator end as numerator,
        case when own.agency_code is not null then own.denominator else province.denominator end
            as denominator,
        case when own.agency_code is not null then own.rate else province.rate end as rate,
        coalesce(years.measure_direction, 'at_least') as direction,
        cast(years.measure_value * 100 as bigint) as target_hundredths
    from years
    left join {{ ref('dim_measure') }} as measures
        on years.indicator_code = measures.measure_code
    left join {{ ref('measure_results') }} as own
        on own.basis = 'one_stop'
        and own.period_type = 'year'
        and years.year_start_on = own.period_start
        and years.own_agency_code = own.agency_code
        and measures.measure_code = own.measure_code
        and own.denominator > 0
    left join {{ ref('measure_results') }} as province
        on province.basis = 'one_stop'
        and province.period_type = 'year'
        and province.agency_level = 'province'
        and years.year_start_on = province.period_start
        and measures.measure_code = province.measure_code
),

judged as (
    select
        *,
        {{ meets_target('numerator', 'denominator', 'direction', 'target_hundredths') }} as is_met,
        case when measure_name_vi is not null and target_hundredths is not null then 'data' else 'report' end
            as judged_by
    from measured
)

select
    document_number,
    task_code,
    document_on,
    section_name,
    task_name,
    own_agency_code as lead_agency_code,
    lead_name,
    cooperating_names,
    due_text,
    last_day_on as due_on,
    product_text,
    indicator_code as measure_code,
    measure_name_vi,
    case when judged_by = 'data' then direction end as direction,
    case when judged_by = 'data' then measure_value end as target_percent,
    case when judged_by = 'data' then measured_agency_code end as measured_agency_code,
    case when judged_by = 'data' then numerator end as numerator,
    case when judged_by = 'data' then denominator end as denominator,
    case when judged_by = 'data' then rate end as rate,
    judged_by,
    state as reported_state,
    done_on,
    case
        when judged_by = 'data' then case when is_met then 'done' when not is_met then 'not_met' end
        else state
    end as status,
    -- past its day and not done, or done after it
    coalesce(
        case
            when judged_by = 'data' then last_day_on < business_date and not is_met
            when state = 'done' then done_on > last_day_on
            else last_day_on < business_date
        end,
        false
    ) as is_overdue,
    -- said to be done, and the data say that it is not
    coalesce(judged_by = 'data' and state = 'done' and not is_met, false) as is_contradicted
from judged
