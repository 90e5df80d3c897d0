"""The pipeline's published figures beside the oracle's, and what to say when they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.figures import Figure, FigureKey
from tests.oracle.verdicts import Verdict

JUDGED_BY_DOSSIER = ("2.1", "5.4")


@dataclass(frozen=True)
class Published:
    """Numerator, denominator and points of one row of `indicator_results`."""

    numerator: int | None
    denominator: int | None
    points: Decimal | None


@dataclass(frozen=True)
class PipelineDossier:
    """What the pipeline holds of one dossier (`int_dossiers`)."""

    is_received: bool
    is_on_time: bool | None
    open_due_on: date | None
    has_petition: bool
    due_at: object
    ended_at: object

    def counts(self, indicator_code: str, last_day: date) -> bool:
        """Whether the pipeline counts it in the numerator of 2.1 or 5.4."""
        in_time = bool(self.is_on_time) or (self.open_due_on is not None and self.open_due_on > last_day)
        return self.is_received and in_time and not (indicator_code == "5.4" and self.has_petition)


PipelineDossiers = Mapping[tuple[str, str], PipelineDossier]


def where(key: FigureKey) -> str:
    """A figure by its name."""
    return (
        f"indicator {key.indicator_code}, agency {key.agency_code}, {key.period_type} "
        f"{key.period_start}..{key.period_end}, basis {key.basis}"
    )


def in_words(figure: Figure | Published | None) -> str:
    """A figure as a/b and points."""
    if figure is None:
        return "no row"
    return f"{figure.numerator}/{figure.denominator}, {figure.points} points"


def is_same(mine: Figure | None, theirs: Published | None) -> bool:
    """Whether both are there and all three numbers are the same."""
    if mine is None or theirs is None:
        return False
    return (mine.numerator, mine.denominator, mine.points) == (
        theirs.numerator,
        theirs.denominator,
        theirs.points,
    )


def dossier_line(
    verdict: Verdict, key: FigureKey, business_date: date, dossiers: PipelineDossiers
) -> tuple[bool, str]:
    """Whether both sides agree on one dossier, and both verdicts in words."""
    theirs = dossiers.get((key.basis, verdict.code))
    if theirs is None:
        return False, f"    {verdict}; the pipeline has no such dossier"
    counts = theirs.counts(key.indicator_code, min(key.period_end, business_date))
    agreed = counts == verdict.counts
    said = f"pipeline: {'counts' if counts else 'does not count'}, {theirs}"
    return agreed, f"    {'same' if agreed else 'DIFFERS'} {verdict}; {said}"


def difference(
    key: FigureKey,
    mine: Figure | None,
    theirs: Published | None,
    business_date: date,
    dossiers: PipelineDossiers,
) -> str:
    """One difference in words: which figure, both values, and the verdicts the oracle's rests on."""
    lines = [f"{where(key)}: oracle {in_words(mine)}; pipeline {in_words(theirs)}"]
    verdicts = mine.verdicts if mine is not None else []
    if key.indicator_code in JUDGED_BY_DOSSIER:
        judged = sorted(dossier_line(verdict, key, business_date, dossiers) for verdict in verdicts)
        lines += [line for _, line in judged]
    else:
        lines += [f"    {verdict}" for verdict in verdicts]
    most = 12
    if len(lines) > most:
        lines = [*lines[:most], f"    ... and {len(lines) - most} more members that stand behind these"]
    return "\n".join(lines)


def differences(
    oracle: Mapping[FigureKey, Figure],
    pipeline: Mapping[FigureKey, Published],
    business_date: date,
    dossiers: PipelineDossiers,
) -> list[str]:
    """Every figure that is missing on a side or has other numbers, in words; small denominators first."""
    keys = [key for key in oracle.keys() | pipeline.keys() if not is_same(oracle.get(key), pipeline.get(key))]
    keys.sort(key=lambda key: (len(oracle[key].verdicts) if key in oracle else 0, key))
    return [difference(key, oracle.get(key), pipeline.get(key), business_date, dossiers) for key in keys]
