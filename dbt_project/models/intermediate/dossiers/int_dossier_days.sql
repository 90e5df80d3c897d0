{% set keys = ['basis', 'received_on', 'agency_code', 'procedure_code'] -%}
{{ keep_groups(keys) }}
select
    basis,
    received_on,
    coalesce(agency_code, 'unknown') as agency_code,
    coalesce(procedure_code, 'unknown') as procedure_code,
    open_due_on,
    {% for count, condition in counted_facts().items() -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ count }},
    {% endfor -%}
    cast(sum(case when ended_at is not null then 1 else 0 end) as bigint) as ended,
    cast(sum(coalesce(worked_minutes, 0)) as bigint) as worked_minutes,
    cast(sum(case when is_on_both_sides then 1 else 0 end) as bigint) as on_both_sides
from {{ dossiers_of_touched_groups(keys) }}
where is_received
group by
    basis, received_on, coalesce(agency_code, 'unknown'), coalesce(procedure_code, 'unknown'), open_due_on
