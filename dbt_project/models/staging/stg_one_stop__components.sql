{{ items_of_latest_version(
    source('tonight', 'one_stop_dossiers__components'), ref('stg_one_stop__dossiers'),
    ['dossier_code', 'component_code', 'has_file', 'is_digitized', 'reuse_code', 'is_from_store', 'is_deleted',
     'replacing_result_code', 'file_link_class', 'file_link']
) }}
