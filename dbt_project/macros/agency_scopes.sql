{#- Whom what an agency does counts for: itself, and always the province, also when the agency is unknown. -#}
{% macro agency_scopes() %}
select
    agencies.agency_code as own_agency_code,
    agencies.agency_code,
    agencies.agency_level
from {{ ref('dim_agency') }} as agencies

union all

select
    children.agency_code as own_agency_code,
    province.agency_code,
    province.agency_level
from {{ ref('dim_agency') }} as children
cross join {{ ref('dim_agency') }} as province
where province.agency_level = 'province' and children.agency_level <> 'province'

union all

select
    'unknown' as own_agency_code,
    province.agency_code,
    province.agency_level
from {{ ref('dim_agency') }} as province
where province.agency_level = 'province'
{% endmacro %}
