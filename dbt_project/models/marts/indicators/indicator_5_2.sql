{{ petition_indicator('5.2', numerator='on_time', denominator='received') }}
