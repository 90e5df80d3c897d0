{{ procedure_indicator('3.2', numerator='used_online', denominator='online_services') }}
