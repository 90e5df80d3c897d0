-- What was found tonight goes on from what an earlier night knew of it; what was known and is not found any
-- more is fixed. A rule that is no more takes its findings along: nobody looked for them.
with known as (
    select previous.*
    from {{ source('control', 'previous_findings') }} as previous
    inner join {{ ref('sync_rules') }} as rules
        on previous.rule_code = rules.rule_code
)

select
    found.finding_id,
    found.rule_code,
    found.rule_version,
    found.severity,
    found.certainty,
    found.dossier_code,
    found.agency_code,
    found.procedure_code,
    found.field,
    found.one_stop_value,
    found.national_value,
    found.cause_code,
    found.provisional,
    coalesce(known.first_seen_on, found.business_date) as first_seen_on,
    found.business_date as last_seen_on,
    found.seen_since_on as stands_since_on,
    cast(null as date) as fixed_on,
    case when known.fixed_on is not null then found.business_date else known.reopened_on end as reopened_on,
    refinements.refined_by
from {{ ref('int_found_tonight') }} as found
left join known
    on found.finding_id = known.finding_id
left join {{ ref('int_finding_refinements') }} as refinements
    on found.finding_id = refinements.finding_id

union all

select
    known.finding_id,
    known.rule_code,
    known.rule_version,
    known.severity,
    known.certainty,
    known.dossier_code,
    known.agency_code,
    known.procedure_code,
    known.field,
    known.one_stop_value,
    known.national_value,
    known.cause_code,
    known.provisional,
    known.first_seen_on,
    known.last_seen_on,
    known.stands_since_on,
    coalesce(known.fixed_on, run.business_date) as fixed_on,
    known.reopened_on,
    known.refined_by
from known
cross join {{ source('control', 'run') }} as run
left join {{ ref('int_found_tonight') }} as found
    on known.finding_id = found.finding_id
where found.finding_id is null
