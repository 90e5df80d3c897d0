select
    'missing_on_one_stop' as rule_code,
    dossier_code,
    agency_code,
    procedure_code,
    'dossier_code' as field,
    cast(null as {{ dbt.type_string() }}) as one_stop_value,
    national_code as national_value,
    known_since_at,
    seen_since_on
from {{ ref('int_dossier_pairs') }}
where one_stop_code is null and national_code is not null
