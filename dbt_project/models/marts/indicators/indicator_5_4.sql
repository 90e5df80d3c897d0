{{ dossier_indicator('5.4', numerator='without_fault', denominator='received') }}
