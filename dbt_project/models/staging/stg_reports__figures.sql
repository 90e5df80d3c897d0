{{ latest_version(
    source('landed', 'reported_figures'), ['document_number', 'agency_code', 'indicator_code', 'period_label'],
    ['document_number', 'agency_code', 'indicator_code', 'period_label', 'document_on', 'indicator_name',
     'as_of_on', 'reported_value', 'unit', 'numerator', 'denominator', 'target_value', 'statement']
) }}
