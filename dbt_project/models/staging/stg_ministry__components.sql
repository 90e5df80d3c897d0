{{ items_of_latest_version(
    source('landed', 'ministry_dossiers__components'), ref('stg_ministry__dossiers'),
    ['dossier_code', 'component_code', 'copies', 'copy_kind', 'has_file']
) }}
