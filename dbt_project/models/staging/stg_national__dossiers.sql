{{ config(materialized='table') }}
{{ latest_version(
    source('tonight', 'national_dossiers'), ['dossier_code'], staged_dossier_columns(),
    over_versions={'ever_due_at': 'max(due_at)'}
) }}
