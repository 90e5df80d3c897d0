{{ dossier_indicator('3.6', numerator='paid_online', denominator='with_obligation') }}
