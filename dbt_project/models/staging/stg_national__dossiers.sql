{{ latest_version(source('landed', 'national_dossiers'), ['dossier_code'], staged_dossier_columns()) }}
