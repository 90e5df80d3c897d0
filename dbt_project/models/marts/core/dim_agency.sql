select
    agency_code,
    agency_name,
    agency_level,
    parent_agency_code,
    old_agency_code,
    valid_from_on,
    valid_to_on
from {{ ref('stg_catalogue__agencies') }}
