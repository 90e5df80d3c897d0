{{ latest_version(
    source('landed', 'publication_decisions'), ['decision_number', 'procedure_code'],
    ['decision_number', procedure_key('procedure_code') ~ ' as procedure_code',
     'procedure_code as procedure_wire_code', 'agency_code', 'issued_on', 'in_force_on',
     'legal_basis_in_force_on', 'change_kind', 'publicised_at', 'has_name', 'has_steps', 'has_ways',
     'has_components', 'has_number_of_copies', 'has_time_limit', 'has_subjects', 'has_performing_agency']
) }}
