{{ indicator(
    '3.1', ref('int_procedure_counts'),
    numerator='online_services', denominator='under_authority'
) }}
