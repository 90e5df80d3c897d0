{{ items_of_latest_version(
    source('tonight', 'one_stop_dossiers__fees'), ref('stg_one_stop__dossiers'),
    ['dossier_code', 'fee_code', 'fee_kind_code', 'collected_when_code', 'amount']
) }}
