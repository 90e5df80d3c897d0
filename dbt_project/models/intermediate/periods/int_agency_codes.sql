select
    agency_code as written_code,
    agency_code,
    valid_from_on,
    valid_to_on
from {{ ref('dim_agency') }}

union

select
    old_agency_code as written_code,
    agency_code,
    valid_from_on,
    valid_to_on
from {{ ref('dim_agency') }}
where old_agency_code is not null
