{{ keep_dossiers(['dossier_code', 'national_code']) }}
-- A dossier is paired under its own code; only where the portal does not hold that, under the code it was
-- pushed with. Where the portal holds both, the second copy stands alone.
with one_stop as (
    select
        dossiers.*,
        coalesce(
            own_on_portal.dossier_code, alias_on_portal.dossier_code, dossiers.dossier_code
        ) as pair_code
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    left join {{ ref('stg_national__dossiers') }} as own_on_portal
        on dossiers.dossier_code = own_on_portal.dossier_code
    left join {{ ref('stg_national__dossiers') }} as alias_on_portal
        on dossiers.other_dossier_code = alias_on_portal.dossier_code
)

select
    coalesce(one_stop.dossier_code, national.dossier_code) as dossier_code,
    one_stop.dossier_code as one_stop_code,
    national.dossier_code as national_code,
    one_stop.other_dossier_code,
    coalesce(one_stop.agency_code, national.agency_code) as agency_code,
    coalesce(
        one_stop_aliases.procedure_code, one_stop.procedure_code,
        national_aliases.procedure_code, national.procedure_code
    ) as procedure_code,
    one_stop.procedure_wire_code as one_stop_procedure_wire_code,
    national.procedure_wire_code as national_procedure_wire_code,
    coalesce(
        one_stop.received_at, one_stop.filed_at, national.received_at, national.filed_at
    ) as known_since_at,
    one_stop.status_code as one_stop_status_code,
    national.status_code as national_status_code,
    one_stop.due_at as one_stop_due_at,
    national.due_at as national_due_at,
    -- since when this pair of copies has stood: the younger copy's delivery, or the only one's first
    case
        when national.dossier_code is null then one_stop.first_delivered_on
        when one_stop.dossier_code is null then national.first_delivered_on
        else greatest(one_stop.delivered_on, national.delivered_on)
    end as seen_since_on
from one_stop
full outer join {{ ref('stg_national__dossiers') }} as national
    on one_stop.pair_code = national.dossier_code
{{ join_procedure_aliases('one_stop', 'one_stop_aliases') }}
{{ join_procedure_aliases('national', 'national_aliases') }}
