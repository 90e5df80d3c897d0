-- One pass over the headers of both sides. Most dossiers stand on both sides under one code, say the same
-- there and name nothing that the catalogues do not know: no rule has anything to say about these, and none
-- reads them. What is compared goes into the join as the fingerprint that staging gave it: to read twelve
-- columns of all dossiers and to join with them took twice as long.
with plain_agencies as (
    select
        written_code,
        agency_code,
        coalesce(valid_from_on, cast('1900-01-01' as date)) as valid_from_on,
        coalesce(valid_to_on, cast('9999-12-31' as date)) as valid_to_on
    from {{ ref('int_agency_codes') }}
),

plain_procedures as (
    select procedures.procedure_code
    from {{ ref('stg_catalogue__procedures') }} as procedures
    left join {{ ref('int_procedure_aliases') }} as aliases
        on procedures.procedure_code = aliases.alias_code
    where
        not coalesce(procedures.is_outside_competence, false)
        and {{ is_national_procedure_code('procedures.procedure_code') }}
        and aliases.alias_code is null
),

plain_units as (
    select distinct agency_name from {{ ref('dim_agency') }}
),

one_stop as (
    select
        dossiers.dossier_code,
        dossiers.other_dossier_code,
        agencies.agency_code,
        dossiers.modified_at,
        dossiers.synced_at,
        dossiers.header_fingerprint,
        (
            dossiers.is_deleted
            or dossiers.other_dossier_code is not null
            or procedures.procedure_code is null
            or agencies.agency_code is null
            or coalesce(
                cast(dossiers.received_at as date)
                not between agencies.valid_from_on and agencies.valid_to_on,
                false
            )
        ) as is_odd
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    left join plain_agencies as agencies
        on dossiers.agency_code = agencies.written_code
    left join plain_procedures as procedures
        on dossiers.procedure_code = procedures.procedure_code
),

national as (
    select
        dossiers.dossier_code,
        agencies.agency_code,
        dossiers.synced_at,
        dossiers.header_fingerprint,
        (
            agencies.agency_code is null
            or (dossiers.processing_unit_name is not null and units.agency_name is null)
            or coalesce(dossiers.channel_code = '0', false)
            or dossiers.has_placeholder
        ) as is_odd
    from {{ ref('stg_national__dossiers') }} as dossiers
    left join plain_agencies as agencies
        on dossiers.agency_code = agencies.written_code
    left join plain_units as units
        on dossiers.processing_unit_name = units.agency_name
)

select
    coalesce(one_stop.dossier_code, national.dossier_code) as dossier_code,
    one_stop.dossier_code is not null as is_on_one_stop,
    national.dossier_code is not null as is_on_national,
    one_stop.other_dossier_code,
    coalesce(one_stop.agency_code, national.agency_code) as agency_code
from one_stop
full outer join national
    on one_stop.dossier_code = national.dossier_code
where
    one_stop.dossier_code is null
    or national.dossier_code is null
    or one_stop.header_fingerprint <> national.header_fingerprint
    or one_stop.is_odd
    or national.is_odd
    or one_stop.modified_at > coalesce(one_stop.synced_at, national.synced_at)
