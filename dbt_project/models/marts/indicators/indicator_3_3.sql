{{ dossier_indicator('3.3', numerator='online', denominator='received') }}
