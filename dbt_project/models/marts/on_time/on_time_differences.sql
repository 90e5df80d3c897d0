{{ config(materialized='view') }}
with judged as (
    select
        dossiers.*,
        coalesce(dossiers.late_from_on > run.business_date, true) as is_on_time
    from {{ ref('int_on_time_differences') }} as dossiers
    cross join {{ source('control', 'run') }} as run
),

differing as (
    select
        basis,
        dossier_code
    from judged
    group by basis, dossier_code
    having min(case when is_on_time then 1 else 0 end) < max(case when is_on_time then 1 else 0 end)
)

select
    judged.basis,
    judged.dossier_code,
    judged.definition,
    judged.is_on_time,
    judged.agency_code,
    judged.procedure_code,
    judged.received_at,
    judged.due_at,
    judged.counted_due_at,
    judged.ended_at,
    judged.supplement_requests
from judged
inner join differing
    on judged.basis = differing.basis and judged.dossier_code = differing.dossier_code
