-- One pass over the headers of both sides. Most dossiers stand on both sides under one code, say the same
-- there and name nothing that the catalogues do not know: no rule has anything to say about these, and none
-- reads them.
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
)

select
    coalesce(one_stop.dossier_code, national.dossier_code) as dossier_code,
    one_stop.dossier_code is not null as is_on_one_stop,
    national.dossier_code is not null as is_on_national,
    one_stop.other_dossier_code,
    coalesce(one_stop_agencies.agency_code, national_agencies.agency_code) as agency_code
from {{ ref('stg_one_stop__dossiers') }} as one_stop
full outer join {{ ref('stg_national__dossiers') }} as national
    on one_stop.dossier_code = national.dossier_code
left join plain_agencies as one_stop_agencies
    on one_stop.agency_code = one_stop_agencies.written_code
left join plain_agencies as national_agencies
    on national.agency_code = national_agencies.written_code
left join plain_procedures
    on one_stop.procedure_code = plain_procedures.procedure_code
left join plain_units
    on national.processing_unit_name = plain_units.agency_name
where
    one_stop.dossier_code is null
    or national.dossier_code is null
    or one_stop.is_deleted
    or one_stop.other_dossier_code is not null
    {% for column in compared_columns() -%}
    or one_stop.{{ column }} is distinct from national.{{ column }}
    {% endfor -%}
    or plain_procedures.procedure_code is null
    or one_stop_agencies.agency_code is null
    or national_agencies.agency_code is null
    or cast(one_stop.received_at as date)
    not between one_stop_agencies.valid_from_on and one_stop_agencies.valid_to_on
    or (national.processing_unit_name is not null and plain_units.agency_name is null)
    or national.channel_code = '0'
    or national.owner_identity_class = 'placeholder'
    or national.owner_phone_class = 'placeholder'
    or national.abstract_class = 'placeholder'
    or one_stop.modified_at > coalesce(one_stop.synced_at, national.synced_at)
