{{ petition_indicator('5.1a', numerator='about_procedures', denominator='received') }}
