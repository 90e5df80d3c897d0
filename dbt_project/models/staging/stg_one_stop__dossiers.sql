{{ config(materialized='table') }}
{{ latest_version(
    source('tonight', 'one_stop_dossiers'), ['dossier_code'], staged_dossier_columns() + ['other_dossier_code']
) }}
