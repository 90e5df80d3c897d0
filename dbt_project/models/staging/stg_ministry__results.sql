{{ items_of_latest_version(
    source('landed', 'ministry_dossiers__results'), ref('stg_ministry__dossiers'),
    ['dossier_code', 'result_code', 'component_code', 'has_file']
) }}
