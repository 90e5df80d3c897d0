"""The periods: days, months, quarters, half-years and years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Period:
    """A period, both days included."""

    kind: str
    start: date
    end: date

    def days(self) -> list[date]:
        """Its days."""
        return [self.start + ONE_DAY * n for n in range((self.end - self.start).days + 1)]

    def judged_on(self, business_date: date) -> date:
        """The day at whose end what is still open is judged."""
        return min(self.end, business_date)


def periods_of(year: int, business_date: date) -> list[Period]:
    """All periods of a year, as far as they have begun."""
    whole = Period("year", date(year, 1, 1), date(year, 12, 31))
    periods = [Period("day", day, day) for day in whole.days()]
    for kind, months in MONTHS_IN.items():
        starts = [date(year, month, 1) for month in range(1, 13, months)]
        ends = [start - ONE_DAY for start in starts[1:]] + [whole.end]
        periods += [Period(kind, start, end) for start, end in zip(starts, ends, strict=True)]
    return [period for period in periods if period.start <= business_date]
