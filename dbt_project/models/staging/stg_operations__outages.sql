{{ latest_version(
    source('landed', 'system_outages'), ['system', 'started_at'],
    ['system', 'started_at', 'ended_at', 'planned']
) }}
