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
left join {{ ref('int_procedures_used') }} as used
    on units.basis = used.basis
    and units.period_type = used.period_type
    and units.period_start = used.period_start
    and units.agency_code = used.agency_code
