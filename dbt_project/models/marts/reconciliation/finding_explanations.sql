with compared as (
    select
        answers.*,
        row_number() over (
            partition by answers.finding_id, answers.is_before_reopening
            order by
                case when answers.cause_code is null then 1 else 0 end asc nulls last,
                case when answers.agency_code = answers.asked_agency_code then 0 else 1 end asc nulls last,
                answers.explained_on desc nulls last,
                answers.landed_row desc nulls last
        ) as place,
        min(answers.agency_code) over of_same as least_agency_code,
        max(answers.agency_code) over of_same as greatest_agency_code,
        min(answers.cause_code) over of_same as least_cause_code,
        max(answers.cause_code) over of_same as greatest_cause_code
    from {{ ref('int_finding_answers') }} as answers
    window of_same as (partition by answers.finding_id, answers.is_before_reopening)
)

select
    compared.finding_id,
    compared.agency_code,
    compared.explained_on,
    compared.delivered_on,
    compared.file_name,
    compared.row_number,
    compared.rule_code,
    compared.dossier_code,
    compared.cause_code,
    compared.responsible_agency_code,
    compared.remedied_on,
    compared.explanation_length,
    compared.remedy_length,
    compared.first_delivered_on,
    compared.answer_to,
    compared.place = 1 and compared.cause_code is not null and not compared.is_before_reopening as is_current,
    compared.is_before_reopening,
    compared.least_agency_code <> compared.greatest_agency_code
    or coalesce(compared.least_cause_code <> compared.greatest_cause_code, false) as is_conflicting,
    coalesce(compared.explained_on > compared.fixed_on, false)
    or coalesce(
        explained_day.working_day_number - first_day.working_day_number > {{ working_days_to_explain() }},
        false
    ) as is_late
from compared
left join {{ ref('int_calendar') }} as explained_day
    on compared.explained_on = explained_day.calendar_on
left join {{ ref('int_calendar') }} as first_day
    on compared.first_seen_on = first_day.calendar_on
