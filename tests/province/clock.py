"""Working time: which days are worked, and arithmetic on working seconds over numpy arrays.

Times are seconds since 1970-01-01 on the local clock, without zone; NEVER stands for "does not happen".
Only calendar arithmetic belongs here.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HOLIDAYS_CSV = Path(__file__).parents[2] / "dbt_project" / "seeds" / "calendar" / "public_holidays.csv"

NEVER = np.int64(2**62)
DAY = 86_400
MORNING_STARTS, MORNING_ENDS = 7 * 3600, 11 * 3600 + 1800
AFTERNOON_STARTS, AFTERNOON_ENDS = 13 * 3600 + 1800, 17 * 3600
MORNING = MORNING_ENDS - MORNING_STARTS
WORKING_DAY = MORNING + AFTERNOON_ENDS - AFTERNOON_STARTS

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


def end_of_day(day: date) -> int:
    """Last second of a day."""
    return (day_number(day) + 1) * DAY - 1


class Clock:
    """The province's working calendar, from the September before `year` to two years after it."""

    def __init__(self, year: int, holidays_csv: Path = HOLIDAYS_CSV) -> None:
        self.first_day = day_number(date(year - 1, 9, 1))
        last_day = day_number(date(year + 2, 12, 31))
        numbers = np.arange(self.first_day, last_day + 1, dtype=np.int64)
        worked = (numbers + 3) % 7 < 5  # 1970-01-01 was a Thursday
        with holidays_csv.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                index = day_number(date.fromisoformat(row["holiday_on"])) - self.first_day
                if 0 <= index < len(worked):
                    worked[index] = row["kind"] == "working_make_up"
        self.is_worked: Bools = worked
        self.worked_before: Ints = np.concatenate(([0], np.cumsum(worked)[:-1])).astype(np.int64)
        self.worked_days: Ints = numbers[worked]

    def is_working_day(self, days: Ints) -> Bools:
        """Whether day numbers are worked."""
        return self.is_worked[days - self.first_day]

    def working_seconds(self, times: Ints) -> Ints:
        """Working seconds between the start of the calendar and each time."""
        index = times // DAY - self.first_day
        second = times % DAY
        inside = np.clip(second - MORNING_STARTS, 0, MORNING) + np.clip(
            second - AFTERNOON_STARTS, 0, WORKING_DAY - MORNING
        )
        return self.worked_before[index] * WORKING_DAY + inside * self.is_worked[index]

    def time_at(self, seconds: Ints) -> Ints:
        """The time at which so many working seconds have passed (inverse of `working_seconds`)."""
        inside = seconds % WORKING_DAY
        second = np.where(inside < MORNING, MORNING_STARTS + inside, AFTERNOON_STARTS + inside - MORNING)
        return self.worked_days[seconds // WORKING_DAY] * DAY + second

    def due_day(self, times: Ints, working_days: Ints) -> Ints:
        """Day number of the n-th working day after each time's day."""
        index = times // DAY - self.first_day
        days: Ints = self.worked_days[self.worked_before[index] + working_days - ~self.is_worked[index]]
        return days

    def working_days_between(self, times: Ints, last: int) -> Ints:
        """Working days after each time's day, up to and with the day number `last`."""
        counted = np.append(self.worked_before, self.worked_before[-1] + self.is_worked[-1])
        days: Ints = counted[last + 1 - self.first_day] - counted[times // DAY + 1 - self.first_day]
        return days

    @cached_property
    def digits_of_day(self) -> Ints:
        """yyyymmdd as a number, by day number minus `first_day`."""
        days = [day_of(self.first_day + i) for i in range(len(self.is_worked))]
        return np.array([d.year * 10_000 + d.month * 100 + d.day for d in days], dtype=np.int64)

    def digits(self, times: Ints) -> Ints:
        """yyyymmddHHMMSS as a number; 0 for NEVER."""
        real = times != NEVER
        safe = np.where(real, times, self.first_day * DAY)
        second = safe % DAY
        clock = second // 3600 * 10_000 + second % 3600 // 60 * 100 + second % 60
        return np.where(real, self.digits_of_day[safe // DAY - self.first_day] * 1_000_000 + clock, 0)
