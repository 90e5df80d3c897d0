{{ latest_version(
    source('tonight', 'payments'), ['payment_code'],
    ['payment_code', 'dossier_code', 'amount', 'state', 'method', 'gateway_code', 'paid_at']
) }}
