-- An answer is about a dossier and a rule; where it names the finding, about that one only. Findings about
-- all dossiers of an agency are answered by its code.
with known as (
    select
        facts.dossier_code,
        coalesce(
            max(case when facts.basis = 'one_stop' then facts.agency_code end), max(facts.agency_code)
        ) as agency_code
    from {{ ref('int_dossiers') }} as facts
    where
        facts.dossier_code in (
            select said.dossier_code from {{ ref('stg_agencies__explanations') }} as said
        )
    group by facts.dossier_code
)

select
    coalesce(
        lives.finding_id, {{ dbt.hash("concat(answers.rule_code, '|', answers.dossier_code)") }}
    ) as finding_id,
    answers.landed_row,
    answers.dossier_code,
    answers.rule_code,
    coalesce(authors.agency_code, answers.agency_code) as agency_code,
    answers.cause_code,
    answers.responsible_agency_code,
    answers.explained_on,
    answers.remedied_on,
    answers.explanation_length,
    answers.remedy_length,
    answers.first_delivered_on,
    answers.delivered_on,
    answers.file_name,
    answers.row_number,
    case
        when lives.finding_id is not null then 'finding'
        when answers.rule_code = {{ overdue_rule() }} and known.dossier_code is not null then 'overdue'
        else 'nothing'
    end as answer_to,
    coalesce(lives.agency_code, known.agency_code) as asked_agency_code,
    lives.first_seen_on,
    lives.fixed_on,
    -- said before the finding came back: it explains an earlier time
    coalesce(answers.explained_on < lives.reopened_on, false) as is_before_reopening
from {{ ref('stg_agencies__explanations') }} as answers
left join {{ ref('int_finding_lives') }} as lives
    on answers.rule_code = lives.rule_code
    and answers.dossier_code = coalesce(lives.dossier_code, lives.agency_code)
    and (answers.finding_id is null or answers.finding_id = lives.finding_id)
left join known
    on answers.dossier_code = known.dossier_code
left join {{ ref('int_agency_codes') }} as authors
    on answers.agency_code = authors.written_code
