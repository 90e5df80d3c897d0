with judged as (
    select
        dossiers.*,
        coalesce(dossiers.late_from_on > run.business_date, true) as is_on_time
    from {{ ref('int_on_time_differences') }} as dossiers
    cross join {{ source('control', 'run') }} as run
),

compared as (
    select
        *,
        min(case when is_on_time then 1 else 0 end) over (partition by basis, dossier_code) as least,
        max(case when is_on_time then 1 else 0 end) over (partition by basis, dossier_code) as most
    from judged
)

select
    basis,
    dossier_code,
    definition,
    is_on_time,
    agency_code,
    procedure_code,
    received_at,
    due_at,
    counted_due_at,
    ended_at,
    supplement_requests
from compared
where least < most
