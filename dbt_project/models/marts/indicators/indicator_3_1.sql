{{ procedure_indicator('3.1', numerator='online_services', denominator='under_authority') }}
