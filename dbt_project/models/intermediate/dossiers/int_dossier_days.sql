{% set keys = ['basis', 'received_on', 'agency_code', 'procedure_code'] -%}
{{ keep_groups(keys) }}
select
    basis,
    received_on,
    coalesce(agency_code, 'unknown') as agency_code,
    coalesce(procedure_code, 'unknown') as procedure_code,
    open_due_on,
    cast(count(*) as bigint) as dossiers,
    cast(sum(case when is_on_time then 1 else 0 end) as bigint) as settled_on_time,
    cast(sum(case when is_on_time and not has_petition then 1 else 0 end) as bigint) as settled_without_fault,
    cast(sum(case when not has_petition then 1 else 0 end) as bigint) as without_petition,
    cast(sum(case when is_online then 1 else 0 end) as bigint) as online,
    cast(sum(case when has_financial_obligation then 1 else 0 end) as bigint) as with_obligation,
    cast(sum(case when is_obligation_paid_online then 1 else 0 end) as bigint) as paid_online,
    cast(sum(case when has_electronic_result then 1 else 0 end) as bigint) as with_electronic_result,
    cast(sum(case when is_digitized then 1 else 0 end) as bigint) as digitized,
    cast(sum(case when has_reused_component then 1 else 0 end) as bigint) as with_reused_component,
    cast(sum(case when is_shared then 1 else 0 end) as bigint) as shared,
    cast(sum(case when uses_population_data then 1 else 0 end) as bigint) as with_population_data,
    cast(sum(case when ended_at is not null then 1 else 0 end) as bigint) as ended,
    cast(sum(coalesce(worked_minutes, 0)) as bigint) as worked_minutes,
    cast(sum(case when is_on_both_sides then 1 else 0 end) as bigint) as on_both_sides
from {{ dossiers_of_touched_groups(keys) }}
where is_received
group by
    basis, received_on, coalesce(agency_code, 'unknown'), coalesce(procedure_code, 'unknown'), open_due_on
