{{ latest_version(
    source('landed', 'targets'), ['agency_code', 'indicator_code', 'period_label'],
    ['agency_code', 'indicator_code', 'period_label', 'indicator_name', 'direction', 'target_value', 'unit',
     'document_number', 'assigned_on']
) }}
