"""What the oracle says of one dossier, petition or procedure, and why; and the counts of such verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One member of a denominator: what it adds to the numerator if it counts, and by which rule."""

    code: str
    counts: bool
    reason: str
    amount: int = 1

    def __str__(self) -> str:
        counted = "counts" if self.amount == 1 else f"counts {self.amount}"
        return f"{self.code}: {counted if self.counts else 'does not count'} - {self.reason}"


@dataclass(frozen=True)
class Count:
    """Numerator and denominator of one indicator, and the verdicts they rest on."""

    numerator: int | None
    denominator: int | None
    verdicts: list[Verdict]


def count_of(verdicts: list[Verdict]) -> Count:
    """Every verdict is one of the denominator; those that count make the numerator."""
    return Count(sum(v.amount for v in verdicts if v.counts), len(verdicts), verdicts)


def count_in(members: frozenset[str], those: Iterable[str], reason: str) -> Count:
    """How many members are among those; only they get a verdict, for the others nothing is to be said."""
    counted = sorted(members.intersection(those))
    return Count(len(counted), len(members), [Verdict(code, True, reason) for code in counted])
