{{ indicator('2.1', ref('int_dossier_counts'), numerator='on_time', denominator='received') }}
