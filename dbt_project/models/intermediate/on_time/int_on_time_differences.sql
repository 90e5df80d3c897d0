{{ keep_dossiers() }}
-- A dossier on which every other definition agrees with that of Decision 766, on any day of judgement, is in
-- no row.
with compared as (
    select distinct
        dossiers.basis,
        dossiers.dossier_code
    from {{ dossiers_tonight() }} as dossiers
    inner join {{ ref('on_time_rules') }} as official
        on official.definition = 'by_timestamp_766'
    inner join {{ ref('on_time_rules') }} as others
        on others.definition <> 'by_timestamp_766'
    where
        dossiers.is_received
        and coalesce({{ late_from_on('dossiers', 'official') }}, cast('9999-12-31' as date))
        <> coalesce({{ late_from_on('dossiers', 'others') }}, cast('9999-12-31' as date))
)

select
    dossiers.basis,
    dossiers.dossier_code,
    definitions.definition,
    {{ late_from_on('dossiers', 'definitions') }} as late_from_on,
    dossiers.agency_code,
    dossiers.procedure_code,
    dossiers.received_at,
    dossiers.due_at,
    dossiers.counted_due_at,
    dossiers.ended_at,
    dossiers.supplement_requests
from {{ dossiers_tonight() }} as dossiers
inner join compared
    on dossiers.basis = compared.basis and dossiers.dossier_code = compared.dossier_code
cross join {{ ref('on_time_rules') }} as definitions
