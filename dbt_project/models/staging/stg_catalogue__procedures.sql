{{ latest_version(
    source('landed', 'procedures'), ['procedure_code'],
    ['procedure_code', 'procedure_name', 'field_code', 'field_name', 'level', 'service_level_code',
     'time_limit_days', 'has_fee', 'returns_paper', 'is_for_citizens', 'is_for_business',
     'is_outside_competence', 'public_posting_days', 'is_place_free']
) }}
