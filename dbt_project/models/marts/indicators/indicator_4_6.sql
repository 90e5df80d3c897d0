-- The portal gives full marks in every observation and shows neither numerator nor denominator.
{{ indicator('4.6', ref('int_scored_units'), numerator='null', denominator='null') }}
