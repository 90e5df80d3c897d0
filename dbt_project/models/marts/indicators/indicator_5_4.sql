{{ indicator('5.4', ref('int_dossier_counts'), numerator='without_fault', denominator='received') }}
