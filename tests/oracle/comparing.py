"""The pipeline's published figures beside the oracle's, and what to say when they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.by_procedure import Divided, DividedKey
from tests.oracle.figures import Figure, FigureKey
from tests.oracle.verdicts import Verdict

JUDGED_BY_DOSSIER = ("2.1", "5.4")
# A published rate is rounded.
RATE_TOLERANCE = 0.000_001
MOST_LINES = 12
SAME = ("agency_level", "numerator", "denominator", "points", "max_points", "empty_reason")


@dataclass(frozen=True)
class Published:
    """One row of `indicator_results`, without its key."""

    agency_level: str
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    points: Decimal | None
    max_points: Decimal
    empty_reason: str | None


@dataclass(frozen=True)
class PublishedPart:
    """One row of `indicator_results_by_procedure`, without its key."""

    numerator: int | None
    denominator: int | None


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
        f"{key.period_start}..{key.period_end}, basis {key.basis}, {key.ruleset}"
    )


def in_words(figure: Figure | Published | Divided | PublishedPart | None) -> str:
    """A figure as a/b, its points and the level of its agency."""
    if figure is None:
        return "no row"
    share = f"{figure.numerator}/{figure.denominator}"
    if isinstance(figure, Divided | PublishedPart):
        return share
    rate = None if figure.rate is None else f"{float(figure.rate):.6f}"
    return (
        f"{share}, rate {rate} ({figure.empty_reason}), {figure.points} of {figure.max_points} points, "
        f"{figure.agency_level}"
    )


def is_same_rate(mine: Figure, theirs: Published) -> bool:
    """Whether both rates are empty, or as good as equal."""
    if mine.rate is None or theirs.rate is None:
        return mine.rate is None and theirs.rate is None
    return abs(float(mine.rate) - float(theirs.rate)) <= RATE_TOLERANCE


def is_same(mine: Figure | None, theirs: Published | None) -> bool:
    """Whether both are there and say the same."""
    if mine is None or theirs is None or not is_same_rate(mine, theirs):
        return False
    return all(getattr(mine, name) == getattr(theirs, name) for name in SAME)


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


def members(
    key: FigureKey, verdicts: list[Verdict], business_date: date, dossiers: PipelineDossiers
) -> list[str]:
    """The verdicts a figure rests on, those first on which both sides differ."""
    if key.indicator_code in JUDGED_BY_DOSSIER:
        judged = sorted(dossier_line(verdict, key, business_date, dossiers) for verdict in verdicts)
        lines = [line for _, line in judged]
    else:
        lines = [f"    {verdict}" for verdict in verdicts]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"    ... and {len(lines) - MOST_LINES} more members behind these"]
    return lines


def figures_that_differ(
    oracle: Mapping[FigureKey, Figure], pipeline: Mapping[FigureKey, Published]
) -> list[FigureKey]:
    """Every figure that is missing on a side or says something else; small denominators first."""
    keys = [key for key in oracle.keys() | pipeline.keys() if not is_same(oracle.get(key), pipeline.get(key))]
    return sorted(keys, key=lambda key: (len(oracle[key].verdicts) if key in oracle else 0, key))


def is_same_part(mine: Divided | None, theirs: PublishedPart | None) -> bool:
    """The same for a divided figure."""
    if mine is None or theirs is None:
        return False
    return (mine.numerator, mine.denominator) == (theirs.numerator, theirs.denominator)


def parts_that_differ(
    oracle: Mapping[DividedKey, Divided], pipeline: Mapping[DividedKey, PublishedPart]
) -> list[DividedKey]:
    """Every divided figure that is missing on a side or has other numbers; small denominators first."""
    keys = [
        key for key in oracle.keys() | pipeline.keys() if not is_same_part(oracle.get(key), pipeline.get(key))
    ]
    return sorted(keys, key=lambda key: (len(oracle[key].verdicts) if key in oracle else 0, key))


@dataclass(frozen=True)
class Telling:
    """What is needed to say why two figures differ."""

    business_date: date
    dossiers: Callable[[], PipelineDossiers]

    def figure(self, key: FigureKey, mine: Figure | None, theirs: Published | None) -> str:
        """One difference: which figure, both values, and the verdicts the oracle's rests on."""
        verdicts = mine.verdicts if mine is not None else []
        head = f"{where(key)}: oracle {in_words(mine)}; pipeline {in_words(theirs)}"
        return "\n".join([head, *members(key, verdicts, self.business_date, self.dossiers())])

    def part(self, key: DividedKey, mine: Divided | None, theirs: PublishedPart | None) -> str:
        """One difference of a divided figure."""
        verdicts = mine.verdicts if mine is not None else []
        head = (
            f"{where(key.figure)}, field {key.field_code}, procedure {key.procedure_code}: "
            f"oracle {in_words(mine)}; pipeline {in_words(theirs)}"
        )
        return "\n".join([head, *members(key.figure, verdicts, self.business_date, self.dossiers())])
