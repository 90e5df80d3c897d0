with authority as (
    select
        agency_code,
        count(*) as under_authority,
        sum(case when is_online_service then 1 else 0 end) as online_services,
        sum(case when has_fee then 1 else 0 end) as with_fee,
        sum(case when is_for_citizens then 1 else 0 end) as for_citizens,
        sum(case when is_for_business then 1 else 0 end) as for_business,
        sum(case when is_for_business and is_online_service then 1 else 0 end) as online_for_business,
        count(is_place_free) as place_told,
        sum(case when is_place_free then 1 else 0 end) as place_free
    from {{ ref('int_unit_procedures') }}
    group by agency_code
),

received as (
    select
        basis,
        period_type,
        period_start,
        agency_code,
        procedure_code,
        online,
        with_obligation,
        paid_online,
        with_population_data
    from {{ ref('int_dossier_procedure_counts') }}

    union all

    select
        days.basis,
        'day' as period_type,
        days.received_on as period_start,
        scopes.agency_code,
        days.procedure_code,
        sum(days.online) as online,
        sum(days.with_obligation) as with_obligation,
        sum(days.paid_online) as paid_online,
        sum(days.with_population_data) as with_population_data
    from {{ ref('int_dossier_days') }} as days
    inner join {{ ref('int_agency_scopes') }} as scopes
        on days.agency_code = scopes.own_agency_code
    group by days.basis, days.received_on, scopes.agency_code, days.procedure_code
),

used as (
    select
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.agency_code,
        sum(case when procedures.is_online_service and counts.online > 0 then 1 else 0 end) as used_online,
        sum(case when procedures.has_fee and counts.with_obligation > 0 then 1 else 0 end) as used_with_fee,
        sum(case when procedures.has_fee and counts.paid_online > 0 then 1 else 0 end) as paid_online,
        sum(
            case when procedures.is_for_citizens and counts.with_population_data > 0 then 1 else 0 end
        ) as with_population_data
    from received as counts
    inner join {{ ref('int_unit_procedures') }} as procedures
        on counts.agency_code = procedures.agency_code and counts.procedure_code = procedures.procedure_code
    group by counts.basis, counts.period_type, counts.period_start, counts.agency_code
)

select
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    {% for column in [
        'under_authority', 'online_services', 'with_fee', 'for_citizens', 'for_business', 'online_for_business',
        'place_told', 'place_free'
    ] -%}
    cast(coalesce(authority.{{ column }}, 0) as bigint) as {{ column }},
    {% endfor -%}
    {% for column in ['used_online', 'used_with_fee', 'paid_online', 'with_population_data'] -%}
    cast(coalesce(used.{{ column }}, 0) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_scored_units') }} as units
left join authority
    on units.agency_code = authority.agency_code
left join used
    on units.basis = used.basis
    and units.period_type = used.period_type
    and units.period_start = used.period_start
    and units.agency_code = used.agency_code
