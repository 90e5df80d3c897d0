select
    dossiers.basis,
    dossiers.dossier_code,
    dossiers.agency_code,
    dossiers.procedure_code,
    dossiers.status_code,
    dossiers.received_on,
    dossiers.received_at,
    dossiers.due_at,
    dossiers.counted_due_at,
    dossiers.ended_at,
    dossiers.supplement_requests,
    dossiers.is_on_time,
    dossiers.open_due_on,
    dossiers.worked_minutes,
    dossiers.is_online,
    dossiers.has_financial_obligation,
    dossiers.is_obligation_paid_online,
    dossiers.has_electronic_result,
    dossiers.is_digitized,
    dossiers.has_reused_component,
    dossiers.is_shared,
    dossiers.uses_population_data,
    dossiers.has_petition,
    paired.one_stop_code is not null as is_on_both_sides
from {{ ref('int_dossiers') }} as dossiers
left join {{ ref('int_dossier_pairs') }} as paired
    on dossiers.basis = 'one_stop'
    and dossiers.dossier_code = paired.one_stop_code
    and paired.national_code is not null
where dossiers.is_received
