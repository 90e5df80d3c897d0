{{ petition_indicator('5.3', numerator='satisfied', denominator='first_received') }}
