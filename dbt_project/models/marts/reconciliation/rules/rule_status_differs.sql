select
    'status_differs' as rule_code,
    dossier_code,
    agency_code,
    procedure_code,
    'status_code' as field,
    one_stop_status_code as one_stop_value,
    national_status_code as national_value,
    known_since_at,
    seen_since_on
from {{ ref('int_dossier_pairs') }}
where
    one_stop_code is not null
    and national_code is not null
    and coalesce(one_stop_status_code, '') <> coalesce(national_status_code, '')
