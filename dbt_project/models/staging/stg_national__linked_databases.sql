{{ items_of_latest_version(
    source('tonight', 'national_dossiers__linked_databases'), ref('stg_national__dossiers'),
    ['dossier_code', 'database_code']
) }}
