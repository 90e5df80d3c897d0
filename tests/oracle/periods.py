"""The periods that are compared: months and the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

YEAR = 2026


@dataclass(frozen=True)
class Period:
    """A period, both days included."""

    kind: str
    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day <= self.end

    def judged_on(self, business_date: date) -> date:
        """The day at whose end what is still open is judged."""
        return min(self.end, business_date)


def periods_begun(business_date: date) -> list[Period]:
    """The months and the year 2026, as far as they have begun."""
    starts = [date(YEAR, month, 1) for month in range(1, 13)]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [date(YEAR, 12, 31)]
    periods = [Period("month", start, end) for start, end in zip(starts, ends, strict=True)]
    periods.append(Period("year", date(YEAR, 1, 1), date(YEAR, 12, 31)))
    return [period for period in periods if period.start <= business_date]
