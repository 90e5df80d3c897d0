"""The small sources: what they are, and their files. Each delivery repeats everything known by its date.

They hang on no dossier's random numbers: another row here changes no file of the dossiers. Persons in them
are officers of the province, whose values the truth already lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.province.agencies import Agency
from tests.province.people import People
from tests.province.world import World


@dataclass(frozen=True)
class Known:
    """What the makers of small sources start from."""

    world: World
    officers: People
    explained: list[tuple[str, str]]  # codes of dossiers and of the rules that found them

    def random(self, number: int) -> np.random.Generator:
        """A generator that nothing else draws from."""
        return np.random.default_rng([self.world.arguments.seed, 30, number])

    @property
    def begins(self) -> date:
        """First day of what the small sources tell: a month before the year."""
        return date(self.world.arguments.year - 1, 12, 1)

    @property
    def last_day(self) -> date:
        return self.world.arguments.last_day

    @property
    def communes(self) -> tuple[Agency, ...]:
        """The communes, or in a province without communes its departments."""
        return self.world.agencies.communes or self.world.agencies.departments


@dataclass(frozen=True)
class Table:
    """A header, and lines with the day from which each is known."""

    header: tuple[str, ...]
    lines: list[tuple[date, tuple[str, ...]]]


Maker = Callable[[Known], Table]


def slashed(day: date) -> str:
    """dd/mm/yyyy."""
    return day.strftime("%d/%m/%Y")


def vietnamese(number: float, digits: int = 0) -> str:
    """1.234,56"""
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def working_days(known: Known) -> list[date]:
    """Days on which the province works, up to the last business date."""
    clock = known.world.clock
    first, last = (np.datetime64(d, "D").astype(np.int64) for d in (known.begins, known.last_day))
    days = np.arange(first, last + 1)
    worked: list[date] = days[clock.is_working_day(days)].astype("datetime64[D]").tolist()
    return worked


def delivered(table: Table, day: date) -> list[tuple[str, ...]]:
    """The lines that a delivery of that day holds."""
    return [cells for since, cells in table.lines if since <= day]


def personal(officers: People, place: int) -> tuple[str, str, str]:
    """Name, telephone and address of one officer."""
    at = place % len(officers)
    return officers.name[at], officers.phone[at], officers.address[at]
