select
    decision_number,
    procedure_wire_code,
    procedure_code,
    agency_code,
    change_kind,
    issued_on,
    legal_basis_in_force_on,
    publish_by_on,
    publicised_on,
    publicise_by_on,
    is_issued_on_time,
    is_publicised_on_time,
    is_complete,
    missing_contents
from {{ ref('int_publications') }}
