{{ latest_version(
    source('landed', 'certified_copies'), ['agency_code', 'certified_on'],
    ['agency_code', 'certified_on', 'requests', 'electronic_requests', 'electronic_copies']
) }}
