{{ items_of_latest_version(
    source('tonight', 'national_dossiers__supplements'), ref('stg_national__dossiers'),
    ['dossier_code', 'requested_at', 'completed_at', 'previous_due_at', 'new_due_at', 'is_completed']
) }}
