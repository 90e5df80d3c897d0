{{ indicator('3.2', ref('int_procedure_counts'), numerator='used_online', denominator='online_services') }}
