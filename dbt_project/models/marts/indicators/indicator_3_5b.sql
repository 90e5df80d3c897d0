{{ indicator('3.5b', ref('int_procedure_counts'), numerator='paid_online', denominator='with_fee') }}
