{{ items_of_latest_version(
    source('tonight', 'national_dossiers__results'), ref('stg_national__dossiers'),
    ['dossier_code', 'result_code', 'component_code', 'has_file', 'file_link_class', 'file_link']
) }}
