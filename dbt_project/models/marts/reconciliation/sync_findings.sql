with answers as (
    select
        finding_id,
        cast(count(*) as integer) as explanations,
        max(case when is_current then cause_code end) as explained_cause_code,
        max(case when is_current then explained_on end) as explained_on,
        max(case when is_current then agency_code end) as explained_by_agency_code
    from {{ ref('finding_explanations') }}
    where answer_to = 'finding'
    group by finding_id
)

select
    lives.finding_id,
    lives.rule_code,
    lives.rule_version,
    lives.severity,
    lives.certainty,
    lives.dossier_code,
    lives.agency_code,
    lives.procedure_code,
    lives.field,
    lives.one_stop_value,
    lives.national_value,
    lives.cause_code,
    lives.provisional,
    lives.first_seen_on,
    lives.last_seen_on,
    case
        when lives.fixed_on is not null then 'fixed'
        when answers.explained_cause_code is not null then 'explained'
        when lives.reopened_on is not null then 'reopened'
        when lives.first_seen_on = run.business_date then 'new'
        else 'open'
    end as status,
    -- what is fixed costs nothing any more
    case when lives.fixed_on is null then points.points_at_stake end as points_at_stake,
    lives.stands_since_on,
    lives.fixed_on,
    lives.reopened_on,
    cast(
        {{ dbt.datediff('lives.first_seen_on', 'coalesce(lives.fixed_on, run.business_date)', 'day') }}
        as integer
    ) as age_days,
    lives.refined_by,
    answers.explained_cause_code,
    answers.explained_on,
    answers.explained_by_agency_code,
    coalesce(answers.explanations, 0) as explanations
from {{ ref('int_finding_lives') }} as lives
cross join {{ source('control', 'run') }} as run
left join answers
    on lives.finding_id = answers.finding_id
left join {{ ref('int_finding_points') }} as points
    on lives.rule_code = points.rule_code and lives.dossier_code = points.dossier_code
