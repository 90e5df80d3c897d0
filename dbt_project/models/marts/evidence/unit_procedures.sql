select
    agency_code,
    procedure_code,
    service_level_code,
    is_online_service,
    has_fee,
    is_for_citizens
from {{ ref('int_unit_procedures') }}
