{{ indicator('4.1', ref('int_dossier_counts'), numerator='with_electronic_result', denominator='received') }}
