-- Procedures under a unit's authority: of the province all of the catalogue, of a commune all communal ones.
-- The catalogue does not say which department is competent for which provincial procedure: those of which it
-- ever received a dossier, on either side.
with used as (
    select distinct
        agency_code,
        procedure_code
    from {{ ref('int_dossier_days') }}
)

select
    agencies.agency_code,
    procedures.procedure_code,
    procedures.service_level_code,
    procedures.service_level_code in ('3', '4') as is_online_service,
    coalesce(procedures.has_fee, false) as has_fee,
    coalesce(procedures.is_for_citizens, false) as is_for_citizens,
    coalesce(procedures.is_for_business, false) as is_for_business,
    procedures.is_place_free
from {{ ref('dim_agency') }} as agencies
inner join {{ ref('stg_catalogue__procedures') }} as procedures
    on agencies.agency_level = 'province'
    or (agencies.agency_level = 'commune' and procedures.level = 'communal')
    or (agencies.agency_level = 'department' and procedures.level = 'provincial')
left join used
    on agencies.agency_code = used.agency_code and procedures.procedure_code = used.procedure_code
where agencies.agency_level <> 'department' or used.procedure_code is not null
