{{ keep_dossiers(['dossier_code', 'national_code']) }}
-- Kept, because looking for a few suspects among all facts takes as long as any night has.
select
    papers.dossier_code,
    pairs.national_code,
    papers.component_code,
    coalesce(facts.agency_code, 'unknown') as agency_code,
    facts.received_on
from {{ ref('int_papers_asked_again') }} as papers
inner join {{ ref('int_pairs_tonight') }} as pairs
    on papers.dossier_code = pairs.one_stop_code and pairs.is_paired
inner join {{ dossiers_tonight() }} as facts
    on pairs.national_code = facts.dossier_code and facts.basis = 'national'
where facts.is_received and not facts.has_reused_component
