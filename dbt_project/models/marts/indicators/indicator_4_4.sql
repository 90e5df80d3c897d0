{{ dossier_indicator('4.4', numerator='shared', denominator='received') }}
