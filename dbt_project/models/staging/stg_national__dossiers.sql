{{ latest_version(source('landed', 'national_dossiers'), ['dossier_code'], dossier_columns()) }}
