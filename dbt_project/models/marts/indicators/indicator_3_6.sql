{{ indicator('3.6', ref('int_dossier_counts'), numerator='paid_online', denominator='with_obligation') }}
