"""Counts to which a province is made, so that a night on it must find them again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tests.published import Figure, Score

# What has become of a received dossier at the end of the last day.
FATES = ("early", "on_time", "overdue", "open_in_time", "open_overdue")


@dataclass(frozen=True)
class Catalogue:
    """Procedures, by what the catalogue says of each."""

    provincial: int
    communal: int
    full: int  # service level 4
    partial: int  # service level 3
    business: int


@dataclass(frozen=True)
class Savings:
    """Procedures whose time limit was cut, the days cut of all of them, and what an hour costs in đồng."""

    procedures: int
    days: Decimal
    hourly_cost: Decimal


@dataclass(frozen=True)
class Goals:
    """Counts at the end of the last day, and what a report and the portal said of the province.

    Attributes:
        fates: received dossiers, in the order of FATES.
        carried_over: those of them that were received before the year.
        online: those of the others that came online.
        petitions_in_progress: handled only after the last day.
        petitions_elsewhere: neither resolved nor in progress: refused, sent elsewhere, or asked to complete.
    """

    fates: tuple[int, ...]
    carried_over: int
    online: int
    petitions_published: int
    petitions_in_progress: int
    petitions_elsewhere: int
    catalogue: Catalogue
    savings: Savings
    document_number: str
    reported: tuple[Figure, ...]
    score: Score

    @property
    def received(self) -> int:
        """Dossiers."""
        return sum(self.fates)

    @property
    def petitions(self) -> int:
        """Petitions."""
        return self.petitions_published + self.petitions_in_progress + self.petitions_elsewhere
