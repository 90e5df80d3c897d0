select
    basis,
    received_on,
    coalesce(agency_code, 'unknown') as agency_code,
    procedure_code,
    open_due_on,
    count(*) as dossiers,
    sum(case when is_on_time then 1 else 0 end) as settled_on_time,
    sum(case when is_on_time and not has_petition then 1 else 0 end) as settled_without_fault,
    sum(case when not has_petition then 1 else 0 end) as without_petition,
    sum(case when is_online then 1 else 0 end) as online,
    sum(case when has_financial_obligation then 1 else 0 end) as with_obligation,
    sum(case when is_obligation_paid_online then 1 else 0 end) as paid_online,
    sum(case when has_electronic_result then 1 else 0 end) as with_electronic_result,
    sum(case when has_reused_component then 1 else 0 end) as with_reused_component,
    sum(case when synced.one_stop_code is not null then 1 else 0 end) as on_both_sides
from {{ ref('int_dossiers') }} as dossiers
left join (
    select one_stop_code
    from {{ ref('int_dossier_pairs') }}
    where one_stop_code is not null and national_code is not null
) as synced
    on dossiers.basis = 'one_stop' and dossiers.dossier_code = synced.one_stop_code
where is_received
group by basis, received_on, coalesce(agency_code, 'unknown'), procedure_code, open_due_on
