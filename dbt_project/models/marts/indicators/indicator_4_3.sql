{{ indicator('4.3', ref('int_dossier_counts'), numerator='with_reused_component', denominator='received') }}
