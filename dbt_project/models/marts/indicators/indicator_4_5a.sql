{{ procedure_indicator('4.5a', numerator='with_population_data', denominator='for_citizens') }}
