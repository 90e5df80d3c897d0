{{ items_of_latest_version(
    source('tonight', 'national_dossiers__fees'), ref('stg_national__dossiers'),
    ['dossier_code', 'fee_code', 'fee_kind_code', 'collected_when_code', 'amount']
) }}
