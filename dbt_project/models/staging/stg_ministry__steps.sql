{{ items_of_latest_version(
    source('landed', 'ministry_dossiers__steps'), ref('stg_ministry__dossiers'),
    ['dossier_code', 'processed_at', 'status_code', 'started_at', 'step_due_at', 'zone_unknown_columns']
) }}
