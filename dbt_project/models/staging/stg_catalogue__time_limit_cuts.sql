{{ latest_version(
    source('landed', 'time_limit_cuts'), ['decision_number', 'procedure_code'],
    ['decision_number', 'decided_on', procedure_key('procedure_code') ~ ' as procedure_code',
     'procedure_code as procedure_wire_code', 'level', 'agency_code', 'legal_days', 'reduced_days', 'days_cut',
     'hours_per_day', 'hourly_cost', 'subjects_per_year', 'times_per_year']
) }}
