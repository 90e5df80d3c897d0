{{ items_of_latest_version(
    source('landed', 'ministry_dossiers__fees'), ref('stg_ministry__dossiers'),
    ['dossier_code', 'fee_code', 'fee_kind_code', 'collected_when_code', 'amount', 'is_paid']
) }}
