"""An independent second computation of eight indicators, straight from the raw extracts.

It reads like the rule text and shares no code with the pipeline or with the maker of provinces: standard
library only, no SQL. Of the project it takes data only: the calendar, the code lists and the rule set.

Indicators: 1.4, 2.1, 3.3, 3.6, 4.1, 4.3, 5.2 and 5.4, for every month and year of 2026 that has begun at the
business date, for the province and each department and commune, on both bases.
"""
