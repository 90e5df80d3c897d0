-- An answer of 4 or 5 is a satisfied one; a question left open is no answer.
with answers as (
    select
        answers.sheet_code,
        answers.factor,
        cast(answers.answer as integer) as answer,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        scopes.agency_code,
        scopes.agency_level
    from {{ ref('stg_sipas__answers') }} as answers
    left join {{ ref('int_agency_codes') }} as codes
        on answers.agency_code = codes.written_code
    inner join {{ ref('int_agency_scopes') }} as scopes
        on coalesce(codes.agency_code, 'unknown') = scopes.own_agency_code
    inner join {{ ref('int_period_days') }} as periods
        on answers.surveyed_on = periods.calendar_on and periods.period_type <> 'day'
    where answers.answer is not null and answers.surveyed_on <= periods.judged_on
),

factors as (
    select * from answers
    union all
    select
        sheet_code,
        'all' as factor,
        answer,
        period_type,
        period_start,
        period_end,
        agency_code,
        agency_level
    from answers
)

select
    period_type,
    period_start,
    period_end,
    agency_code,
    factor,
    agency_level,
    count(distinct sheet_code) as sheets,
    count(*) as answers,
    cast(sum(case when answer >= 4 then 1 else 0 end) as bigint) as satisfied
from factors
group by period_type, period_start, period_end, agency_code, factor, agency_level
