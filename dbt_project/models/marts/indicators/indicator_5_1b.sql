{{ petition_indicator('5.1b', numerator='about_conduct', denominator='received') }}
