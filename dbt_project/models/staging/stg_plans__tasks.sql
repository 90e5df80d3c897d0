{{ latest_version(
    source('landed', 'plan_tasks'), ['document_number', 'task_code'],
    ['document_number', 'task_code', 'document_on', 'section_name', 'task_name', 'lead_agency_code',
     'lead_name', 'cooperating_names', 'due_text', 'due_kind', 'due_on', 'due_year', 'product_text',
     'indicator_code', 'measure_direction', 'measure_value', 'state', 'done_on']
) }}
