{{ config(materialized='view') }}
-- What the store could have given, type of paper by type of paper; the dossiers are those of the finding
-- asked_again_although_held, by the day that each came in, as digitization_quality counts them.
with papers as (
    select
        cast(findings.known_since_at as date) as received_on,
        coalesce(findings.agency_code, 'unknown') as agency_code,
        coalesce(findings.procedure_code, 'unknown') as procedure_code,
        papers.component_code,
        papers.is_online,
        -- the finding says how many papers of the dossier were asked again
        findings.one_stop_value = '1' as is_only_one
    from {{ ref('int_findings') }} as findings
    inner join {{ ref('int_papers_asked_again') }} as papers
        on findings.dossier_code = papers.dossier_code
    where findings.rule_code = 'asked_again_although_held'
),

counted as (
    select
        periods.period_type,
        periods.period_start,
        periods.period_end,
        scopes.agency_code,
        papers.procedure_code,
        papers.component_code,
        scopes.agency_level,
        cast(count(*) as bigint) as dossiers_asked_again,
        cast(sum(case when papers.is_online then 0 else 1 end) as bigint) as trips,
        cast(sum(case when papers.is_only_one then 1 else 0 end) as bigint) as dossiers_spared
    from papers
    inner join {{ ref('int_period_days') }} as periods
        on papers.received_on = periods.calendar_on and periods.period_type <> 'day'
    inner join {{ ref('int_agency_scopes') }} as scopes
        on papers.agency_code = scopes.own_agency_code
    group by
        periods.period_type, periods.period_start, periods.period_end, scopes.agency_code,
        papers.procedure_code, papers.component_code, scopes.agency_level
)

select
    period_type,
    period_start,
    period_end,
    agency_code,
    procedure_code,
    component_code,
    agency_level,
    dossiers_asked_again,
    trips,
    dossiers_spared,
    cast(rank() over (
        partition by period_type, period_start, agency_code
        order by dossiers_asked_again desc nulls last
    ) as integer) as candidate_rank
from counted
