{{ procedure_indicator('3.5b', numerator='paid_online', denominator='with_fee') }}
