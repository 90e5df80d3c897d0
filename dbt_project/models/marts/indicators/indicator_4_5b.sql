{{ dossier_indicator('4.5b', numerator='with_population_data', denominator='received') }}
