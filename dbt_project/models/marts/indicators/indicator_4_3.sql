{{ dossier_indicator('4.3', numerator='with_reused_component', denominator='received') }}
