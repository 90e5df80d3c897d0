{{ procedure_indicator('3.5', numerator='used_with_fee', denominator='with_fee') }}
