{{ dossier_indicator('4.1', numerator='with_electronic_result', denominator='received') }}
