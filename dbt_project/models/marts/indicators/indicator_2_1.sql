{{ dossier_indicator('2.1', numerator='on_time', denominator='received') }}
