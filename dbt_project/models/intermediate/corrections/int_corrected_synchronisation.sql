-- What a scenario changes of 1.4, which counts dossiers of the one-stop system and whether the portal holds
-- them.
select
    corrections.scenario,
    corrections.scenario_code,
    corrections.dossier_code,
    case when corrections.copy_truth = 'one_stop' then 1 else -1 end as weight,
    facts.agency_code,
    facts.procedure_code,
    facts.received_on
from {{ ref('int_corrections') }} as corrections
inner join {{ ref('int_correction_copies') }} as copies
    on corrections.dossier_code = copies.dossier_code and copies.basis = 'one_stop'
inner join {{ ref('int_dossiers') }} as facts
    on facts.basis = 'one_stop' and corrections.dossier_code = facts.dossier_code and facts.is_received
where
    (corrections.copy_truth = 'one_stop' and not copies.is_paired)
    or (corrections.copy_truth = 'nothing' and copies.is_paired)
