"""What the oracle says of one dossier or petition, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One member of a denominator: does it count in the numerator, and by which rule."""

    code: str
    counts: bool
    reason: str

    def __str__(self) -> str:
        return f"{self.code}: {'counts' if self.counts else 'does not count'} - {self.reason}"
