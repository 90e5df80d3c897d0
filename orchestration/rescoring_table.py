"""How a rescoring looks in a terminal: three lines per agency, scored again, as published, the difference."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table

from orchestration.rescoring import Rescoring, Scoring, Unit

# In a file or a pipe nobody says how wide a line may be.
_WIDTH = 110
_NOTHING = "–"


def print_rescoring(console: Console, rescoring: Rescoring) -> None:
    """Print every unit by basis, level and rank, and how to read it."""
    if not console.is_terminal:
        console.width = _WIDTH
    published = rescoring.published_ruleset
    for basis, units in groupby(rescoring.units, key=lambda unit: unit.basis):
        console.print(
            f"\n{rescoring.period.text} of release {rescoring.release}, basis {basis}: "
            f"{rescoring.ruleset} beside {published or 'no rule set in force'}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.add_column("Cơ quan")
        table.add_column("Cách tính", no_wrap=True)
        for name in [*rescoring.groups, "Tổng"]:
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("Xếp loại")
        table.add_column("Hạng", justify="right", no_wrap=True)
        for unit in units:
            _add(table, rescoring, unit)
        console.print(table)
    if not rescoring.units:
        console.print("No agency of that basis and level is scored in the period.")
    for words in _notes(rescoring):
        console.print(words, markup=False, highlight=False, soft_wrap=True)


def _add(table: Table, rescoring: Rescoring, unit: Unit) -> None:
    name = f"{unit.agency_code} {unit.agency_name}"
    table.add_row(name, rescoring.ruleset, *_cells(unit.rescored, rescoring.groups), style="bold")
    if unit.published is None:
        table.add_section()
        return
    table.add_row("", rescoring.published_ruleset, *_cells(unit.published, rescoring.groups))
    changes = [unit.change_of_group(group) for group in rescoring.groups]
    table.add_row(
        "", "±", *(_signed(change) for change in [*changes, unit.change]), "", _signed(unit.places_gained)
    )
    table.add_section()


def _cells(scoring: Scoring, groups: list[str]) -> list[str]:
    points = [scoring.groups.get(group) for group in groups]
    rank = _NOTHING if scoring.rank is None else f"{scoring.rank}/{scoring.ranked_units}"
    return [
        *(_NOTHING if value is None else f"{value:.2f}" for value in points),
        f"{scoring.points:.2f}",
        scoring.grade or _NOTHING,
        rank,
    ]


def _signed(value: Decimal | int | None) -> str:
    if value is None:
        return _NOTHING
    return "0" if value == 0 else f"{value:+}"


def _notes(rescoring: Rescoring) -> list[str]:
    notes = [
        "The same counts under two rule sets: ± is what the rules change, not what the agency did. Ranks are "
        "among the units of a level under one rule set; ± of a rank is places gained."
    ]
    units = rescoring.units
    if any(unit.rescored.is_provisional for unit in units):
        notes.append(f"{rescoring.ruleset}: provisional for this period.")
    if any(unit.published is not None and unit.published.is_provisional for unit in units):
        notes.append(f"{rescoring.published_ruleset}: provisional for this period.")
    if any(unit.rescored.is_partial for unit in units):
        notes.append(f"{rescoring.ruleset} scores components that nothing computes: no grades and no ranks.")
    return notes
