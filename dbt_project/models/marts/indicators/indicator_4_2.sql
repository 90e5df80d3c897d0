{{ dossier_indicator('4.2', numerator='digitized', denominator='received') }}
