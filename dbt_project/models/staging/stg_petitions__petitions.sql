{{ latest_version(
    source('landed', 'petitions'), ['petition_code'],
    ['petition_code', 'dossier_code', 'agency_code', 'kind', 'sent_at', 'received_at', 'transferred_at',
     'handled_at', 'published_at', 'status_text', 'is_disliked']
) }}
