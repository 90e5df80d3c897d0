{{ indicator('3.5', ref('int_procedure_counts'), numerator='used_with_fee', denominator='with_fee') }}
