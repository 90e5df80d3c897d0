{{ dossier_indicator('2.2', numerator='worked_minutes', denominator='ended') }}
