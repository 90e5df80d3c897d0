select
    'missing_on_national' as rule_code,
    dossier_code,
    agency_code,
    procedure_code,
    'dossier_code' as field,
    one_stop_code as one_stop_value,
    cast(null as {{ dbt.type_string() }}) as national_value,
    known_since_at,
    seen_since_on
from {{ ref('int_dossier_pairs') }}
where one_stop_code is not null and national_code is null
