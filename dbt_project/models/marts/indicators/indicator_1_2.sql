{{ indicator(
    '1.2', ref('int_publication_counts'),
    numerator='publicised_on_time', denominator='to_publicise'
) }}
