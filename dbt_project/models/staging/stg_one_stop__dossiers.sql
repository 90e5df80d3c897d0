{{ config(materialized='table') }}
{{ latest_version(
    source('tonight', 'one_stop_dossiers'), ['dossier_code'],
    staged_dossier_columns() + ['other_dossier_code', 'modified_at', 'sync_flag_code', 'sync_queue_code',
                                'has_sync_reply', 'is_deleted', 'apology_sent_at']
) }}
