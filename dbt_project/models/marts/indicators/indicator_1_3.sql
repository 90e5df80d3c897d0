{{ indicator('1.3', ref('int_publication_counts'), numerator='complete', denominator='public') }}
