{{ items_of_latest_version(
    source('tonight', 'one_stop_dossiers__linked_databases'), ref('stg_one_stop__dossiers'),
    ['dossier_code', 'database_code']
) }}
