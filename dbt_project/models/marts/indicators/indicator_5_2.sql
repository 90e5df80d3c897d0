{{ indicator('5.2', ref('int_petition_counts'), numerator='on_time', denominator='received') }}
