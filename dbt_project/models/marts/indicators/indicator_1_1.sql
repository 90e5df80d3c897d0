{{ indicator('1.1', ref('int_publication_counts'), numerator='issued_on_time', denominator='issued') }}
