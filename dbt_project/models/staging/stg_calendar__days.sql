{{ latest_version(
    source('landed', 'working_calendar'), ['calendar_on'],
    ['calendar_on', 'kind', 'reason', 'document_number', 'morning_hours', 'afternoon_hours']
) }}
