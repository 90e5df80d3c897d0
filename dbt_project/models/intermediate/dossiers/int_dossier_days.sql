{% set counts = ['dossiers', 'settled_on_time', 'settled_without_fault', 'without_petition']
    + summed_dossier_counts() %}
{% call(dossiers) kept_counts(
    ['basis', 'received_on', 'agency_code', 'procedure_code', 'open_due_on'], counts
) %}
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
    sum(case when is_digitized then 1 else 0 end) as digitized,
    sum(case when has_reused_component then 1 else 0 end) as with_reused_component,
    sum(case when is_shared then 1 else 0 end) as shared,
    sum(case when uses_population_data then 1 else 0 end) as with_population_data,
    sum(case when ended_at is not null then 1 else 0 end) as ended,
    sum(coalesce(worked_minutes, 0)) as worked_minutes,
    sum(case when is_on_both_sides then 1 else 0 end) as on_both_sides
from {{ dossiers }}
where is_received
group by basis, received_on, coalesce(agency_code, 'unknown'), procedure_code, open_due_on
{% endcall %}
