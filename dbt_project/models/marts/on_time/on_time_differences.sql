with judged as (
    select
        dossiers.basis,
        dossiers.dossier_code,
        definitions.definition,
        dossiers.agency_code,
        dossiers.procedure_code,
        dossiers.received_at,
        dossiers.due_at,
        dossiers.counted_due_at,
        dossiers.ended_at,
        dossiers.supplement_requests,
        coalesce({{ late_from_on('dossiers', 'definitions') }} > run.business_date, true) as is_on_time
    from {{ ref('int_dossiers') }} as dossiers
    cross join {{ source('control', 'run') }} as run
    cross join {{ ref('on_time_rules') }} as definitions
    where dossiers.is_received
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
