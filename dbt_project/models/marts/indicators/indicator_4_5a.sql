{{ indicator(
    '4.5a', ref('int_procedure_counts'),
    numerator='with_population_data', denominator='for_citizens'
) }}
