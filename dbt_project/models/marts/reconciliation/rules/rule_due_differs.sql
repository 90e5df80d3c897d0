select
    'due_differs' as rule_code,
    dossier_code,
    agency_code,
    procedure_code,
    'due_at' as field,
    cast(one_stop_due_at as {{ dbt.type_string() }}) as one_stop_value,
    cast(national_due_at as {{ dbt.type_string() }}) as national_value,
    known_since_at,
    seen_since_on
from {{ ref('int_dossier_pairs') }}
where
    one_stop_code is not null
    and national_code is not null
    and (
        one_stop_due_at <> national_due_at
        or (one_stop_due_at is null and national_due_at is not null)
        or (one_stop_due_at is not null and national_due_at is null)
    )
