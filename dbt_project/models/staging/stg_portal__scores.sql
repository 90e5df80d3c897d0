{{ latest_version(
    source('landed', 'portal_scores'),
    ['province_code', 'unit_name', 'period_label', 'endpoint', 'metric_code', 'field_name'],
    ['province_code', 'unit_name', 'unit_code', 'period_label', 'endpoint', 'metric_code', 'field_name', 'value',
     'captured_on', 'figure_source']
) }}
