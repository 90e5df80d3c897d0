{{ latest_version(
    source('tonight', 'digitized_documents'), ['document_code'],
    ['document_code', 'dossier_code', 'kind', 'component_code', 'digitized_at', 'has_file', 'is_pushed',
     'has_data', 'owner_link', 'result_code', 'valid_until_on']
) }}
