"""An independent second computation of every indicator, straight from the raw extracts.

It reads like the rule text and shares no code with the pipeline or with the maker of provinces: standard
library only, no SQL. Of the project it takes data only: the calendar, the code lists and the rule sets.

All components from 1.1 to 5.4, for every day, month, quarter, half-year and year of the years in which
something was received, as far as begun at the business date, for the province and each department and
commune, on both bases.
"""
