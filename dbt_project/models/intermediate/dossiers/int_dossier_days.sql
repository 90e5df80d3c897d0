select
    judged.basis,
    judged.received_on,
    coalesce(judged.agency_code, 'unknown') as agency_code,
    judged.procedure_code,
    judged.open_due_on,
    count(*) as dossiers,
    sum(case when judged.is_on_time then 1 else 0 end) as settled_on_time,
    sum(case when judged.is_on_time and not judged.has_petition then 1 else 0 end) as settled_without_fault,
    sum(case when not judged.has_petition then 1 else 0 end) as without_petition,
    sum(case when judged.is_online then 1 else 0 end) as online,
    sum(case when judged.has_financial_obligation then 1 else 0 end) as with_obligation,
    sum(case when judged.is_obligation_paid_online then 1 else 0 end) as paid_online,
    sum(case when judged.has_electronic_result then 1 else 0 end) as with_electronic_result,
    sum(case when judged.is_digitized then 1 else 0 end) as digitized,
    sum(case when judged.has_reused_component then 1 else 0 end) as with_reused_component,
    sum(case when judged.is_shared then 1 else 0 end) as shared,
    sum(case when judged.uses_population_data then 1 else 0 end) as with_population_data,
    sum(case when judged.ended_at is not null then 1 else 0 end) as ended,
    sum(coalesce(judged.worked_minutes, 0)) as worked_minutes,
    sum(case when synced.one_stop_code is not null then 1 else 0 end) as on_both_sides
from {{ ref('int_dossiers') }} as judged
left join (
    select
        'one_stop' as basis,
        one_stop_code
    from {{ ref('int_dossier_pairs') }}
    where one_stop_code is not null and national_code is not null
) as synced
    on judged.basis = synced.basis and judged.dossier_code = synced.one_stop_code
where judged.is_received
group by
    judged.basis, judged.received_on, coalesce(judged.agency_code, 'unknown'), judged.procedure_code,
    judged.open_due_on
