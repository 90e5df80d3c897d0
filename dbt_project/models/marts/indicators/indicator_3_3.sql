{{ indicator('3.3', ref('int_dossier_counts'), numerator='online', denominator='received') }}
