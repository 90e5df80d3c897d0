"""What was received, by unit and day: most figures are counted of such heaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from tests.oracle.periods import Period


class Received(Protocol):
    """A dossier or petition: which agency's it is, if that is known, and when it was received."""

    @property
    def agency(self) -> str | None: ...

    @property
    def received(self) -> datetime | None: ...


Member = TypeVar("Member", bound=Received)
# A unit is an agency, or (None) the whole province with what belongs to agencies nobody knows.
Unit = str | None
Heaps = dict[tuple[Unit, date], list[Member]]


def heaps_of(members: Iterable[Member]) -> Heaps[Member]:
    """Each member on the heap of its agency and on that of the province; none without a reception time."""
    heaps: Heaps[Member] = {}
    for member in members:
        if member.received is None:
            continue
        for unit in {None, member.agency}:
            heaps.setdefault((unit, member.received.date()), []).append(member)
    return heaps


def received_in(heaps: Heaps[Member], unit: Unit, period: Period) -> list[Member]:
    """The members of one unit received in the period."""
    return [member for day in period.days() for member in heaps.get((unit, day), [])]
