-- What was digitized in form only, and what a citizen brought although the province held it. By the one-stop
-- system, where papers are taken in; by the day that the dossier came in, as the finding knows it.
with found as (
    select
        dossier_code,
        cast(known_since_at as date) as received_on,
        coalesce(agency_code, 'unknown') as agency_code,
        coalesce(procedure_code, 'unknown') as procedure_code,
        case when rule_code = 'formal_digitization' then cast(one_stop_value as bigint) else 0 end
            as formal_papers,
        case when rule_code = 'asked_again_although_held' then cast(one_stop_value as bigint) else 0 end
            as papers_asked_again
    from {{ ref('int_findings') }}
    where rule_code in ('formal_digitization', 'asked_again_although_held')
),

findings as (
    select
        periods.period_type,
        periods.period_start,
        scopes.agency_code,
        found.procedure_code,
        cast(count(distinct case when found.formal_papers > 0 then found.dossier_code end) as bigint)
            as formal_dossiers,
        cast(sum(found.formal_papers) as bigint) as formal_papers,
        cast(count(distinct case when found.papers_asked_again > 0 then found.dossier_code end) as bigint)
            as dossiers_asked_again,
        cast(sum(found.papers_asked_again) as bigint) as papers_asked_again
    from found
    inner join {{ ref('int_period_days') }} as periods
        on found.received_on = periods.calendar_on and periods.period_type <> 'day'
    inner join {{ ref('int_agency_scopes') }} as scopes
        on found.agency_code = scopes.own_agency_code
    group by periods.period_type, periods.period_start, scopes.agency_code, found.procedure_code
)

select
    counts.period_type,
    counts.period_start,
    counts.period_end,
    counts.agency_code,
    counts.procedure_code,
    counts.agency_level,
    counts.received,
    counts.digitized,
    counts.with_electronic_result,
    counts.with_reused_component,
    coalesce(findings.formal_dossiers, 0) as formal_dossiers,
    coalesce(findings.formal_papers, 0) as formal_papers,
    -- each of them sent a citizen for papers that the province held: the errands it cost, at least
    coalesce(findings.dossiers_asked_again, 0) as dossiers_asked_again,
    coalesce(findings.papers_asked_again, 0) as papers_asked_again
from {{ ref('int_dossier_procedure_counts') }} as counts
left join findings
    on counts.period_type = findings.period_type
    and counts.period_start = findings.period_start
    and counts.agency_code = findings.agency_code
    and counts.procedure_code = findings.procedure_code
where counts.basis = 'one_stop'
