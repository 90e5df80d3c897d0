"""The figures made of dossiers, divided by the field and the procedure of each dossier.

The field is the catalogue's, whatever the dossier says. A procedure of which the unit received a dossier in
the period has every such figure, 0/0 where none of its dossiers is in the denominator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.oracle.figures import Figure, FigureKey, Province
from tests.oracle.judging import OF_DOSSIERS
from tests.oracle.verdicts import Verdict, count_of

DIVIDED = ("1.4", *OF_DOSSIERS)
UNKNOWN = "unknown"
# Two look at some of the received dossiers only; the denominator of 3.3 is all of them.
OF_SOME, OF_ALL = ("2.2", "3.6"), "3.3"


@dataclass(frozen=True, order=True)
class DividedKey:
    """What one divided figure is about."""

    figure: FigureKey
    field_code: str
    procedure_code: str


@dataclass(frozen=True)
class Divided:
    """The part of a figure that one procedure makes."""

    numerator: int | None
    denominator: int | None
    verdicts: list[Verdict]


Parts = dict[tuple[str, str], list[Verdict]]


def divide(verdicts: list[Verdict], procedures: Mapping[str, tuple[str, str]]) -> Parts:
    """Verdicts by the field and procedure of the dossier."""
    parts: Parts = {}
    for verdict in verdicts:
        parts.setdefault(procedures[verdict.code], []).append(verdict)
    return parts


def parts_of(
    key: FigureKey, figures: Mapping[FigureKey, Figure], procedures: Mapping[str, tuple[str, str]]
) -> Parts:
    """The verdicts of a figure by procedure, nothing where all dossiers of one are outside it."""
    parts = divide(figures[key].verdicts, procedures)
    if key.indicator_code in OF_SOME:
        received = divide(figures[replace(key, indicator_code=OF_ALL)].verdicts, procedures)
        return {place: parts.get(place, []) for place in received}
    return parts


def figures_by_procedure(
    province: Province, figures: Mapping[FigureKey, Figure]
) -> dict[DividedKey, Divided]:
    """Every divided figure; a day's are not divided."""
    procedures = {
        basis: {d.code: (d.field or UNKNOWN, d.procedure or UNKNOWN) for d in dossiers}
        for basis, dossiers in province.dossiers.items()
    }
    divided = {}
    for key in figures:
        if key.period_type == "day" or key.indicator_code not in DIVIDED:
            continue
        # 1.4 is made of the one-stop side's dossiers on both bases
        side = "one_stop" if key.indicator_code == "1.4" else key.basis
        for place, verdicts in parts_of(key, figures, procedures[side]).items():
            count = count_of(verdicts)
            divided[DividedKey(key, *place)] = Divided(count.numerator, count.denominator, verdicts)
    return divided
