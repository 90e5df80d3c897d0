{{ items_of_latest_version(
    source('tonight', 'one_stop_dossiers__results'), ref('stg_one_stop__dossiers'),
    ['dossier_code', 'result_code', 'component_code', 'has_file', 'file_link_class', 'file_link']
) }}
