"""Working days and working time: morning and afternoon of working days, by the hours of their date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from tests.oracle.extracts import LOCAL
from tests.oracle.rule_data import seed_rows

ONE_DAY = timedelta(days=1)
NO_TIME = timedelta(0)
# Limits in working days are in days of eight hours, whatever the hours of the day.
WORKING_DAY = timedelta(hours=8)

Session = tuple[time, time]
# first day, last day, morning and afternoon
HOURS: list[tuple[date, date, tuple[Session, Session]]] = [
    (
        date.fromisoformat(row["valid_from_on"]),
        date.fromisoformat(row["valid_to_on"]) if row["valid_to_on"] else date.max,
        (
            (time.fromisoformat(row["morning_starts_at"]), time.fromisoformat(row["morning_ends_at"])),
            (time.fromisoformat(row["afternoon_starts_at"]), time.fromisoformat(row["afternoon_ends_at"])),
        ),
    )
    for row in seed_rows("calendar/working_hours")
]
HOLIDAYS = {
    date.fromisoformat(row["holiday_on"]): row["kind"] for row in seed_rows("calendar/public_holidays")
}


def is_working_day(day: date) -> bool:
    """Monday to Friday but for holidays, and the days worked to make up for a holiday."""
    if day in HOLIDAYS:
        return HOLIDAYS[day] == "working_make_up"
    return day.weekday() < 5


@cache
def hours_of(day: date) -> tuple[Session, Session]:
    """Morning and afternoon of a date, by the one row that holds on it."""
    (hours,) = (sessions for first, last, sessions in HOURS if first <= day <= last)
    return hours


def sessions_of(day: date) -> list[tuple[datetime, datetime]]:
    """The two sessions of a day; none on a day off."""
    if not is_working_day(day):
        return []
    return [
        (datetime.combine(day, begin, LOCAL), datetime.combine(day, end, LOCAL))
        for begin, end in hours_of(day)
    ]


def end_of(day: date) -> datetime:
    """The moment a day is over."""
    return datetime.combine(day + ONE_DAY, time(0, 0), LOCAL)


def working_time(start: datetime, end: datetime) -> timedelta:
    """Working time between two moments; none when the end is before the start."""
    total = NO_TIME
    day = start.date()
    while day <= end.date():
        for session_start, session_end in sessions_of(day):
            total += max(NO_TIME, min(end, session_end) - max(start, session_start))
        day += ONE_DAY
    return total


def moved_forward(moment: datetime, work: timedelta) -> datetime:
    """The first moment at which that much working time has passed; with no time, `moment` itself."""
    if work == NO_TIME:
        return moment
    left = work
    day = moment.date()
    while True:
        for session_start, session_end in sessions_of(day):
            begin = max(moment, session_start)
            if begin >= session_end:
                continue
            if left <= session_end - begin:
                return begin + left
            left -= session_end - begin
        day += ONE_DAY


def working_days_after(start: date, days: int) -> date:
    """The day on which that many working days have passed after the starting day, which is not counted.

    A start on a day off counts from the working day before it, which gives the same day.
    """
    day = start
    passed = 0
    while passed < days:
        day += ONE_DAY
        if is_working_day(day):
            passed += 1
    return day


def working_days_before(day: date, days: int) -> date:
    """The working day that many working days before a day, which itself is not counted, working or not."""
    left = days
    while left > 0:
        day -= ONE_DAY
        if is_working_day(day):
            left -= 1
    return day
