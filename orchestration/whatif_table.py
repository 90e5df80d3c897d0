"""How before and after look in a terminal: each group with its components, the total, grade and rank."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console
from rich.table import Table

from orchestration.rescoring import Scoring
from orchestration.whatif import Figure, WhatIf

# In a file or a pipe nobody says how wide a line may be.
_WIDTH = 110
_NOTHING = "–"


def print_what_if(console: Console, told: WhatIf) -> None:
    """Print the scorecard of the agency before and after, and how to read it."""
    if not console.is_terminal:
        console.width = _WIDTH
    table = Table(
        title=f"\n{told.agency_code} {told.agency_name}: {told.period.text} of release {told.release}, "
        f"basis {told.basis}, {told.ruleset}",
        title_justify="left",
    )
    for name in ("Chỉ số", ""):
        table.add_column(name)
    for name in ("Trước", "%", "Điểm", "Sau", "%", "Điểm", "±"):
        table.add_column(name, justify="right", no_wrap=True)
    for group, name in told.groups.items():
        points = [scoring.groups[group] for scoring in (told.before, told.after)]
        table.add_row(group, name, "", "", f"{points[0]:.2f}", "", "", *_moved(*points), style="bold")
        for component in told.components:
            if component.group_code == group:
                before, after = component.before, component.after
                table.add_row(
                    f"  {component.indicator_code}",
                    component.name,
                    *_counted(before),
                    _points(before.points),
                    *_counted(after),
                    *_moved(before.points, after.points),
                )
        table.add_section()
    table.add_row(
        "",
        "Tổng điểm",
        "",
        "",
        _points(told.before.points),
        "",
        "",
        *_moved(told.before.points, told.after.points),
        style="bold",
    )
    grades = [scoring.grade or _NOTHING for scoring in (told.before, told.after)]
    table.add_row("", "Xếp loại", "", "", grades[0], "", "", grades[1])
    ranks = [_rank(scoring) for scoring in (told.before, told.after)]
    table.add_row("", "Hạng", "", "", ranks[0], "", "", ranks[1])
    console.print(table)
    console.print(
        "Scored by the release's own rules; all other agencies as they stand. A rate stands for the nearest "
        "whole number of what is counted.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    if told.before.is_provisional:
        console.print(f"{told.ruleset}: provisional for this period.", markup=False, highlight=False)


def _counted(figure: Figure) -> tuple[str, str]:
    if figure.denominator is None:
        return _NOTHING, _NOTHING
    rate = _NOTHING if figure.rate is None else f"{figure.rate * 100:.2f}"
    return f"{figure.numerator:,}/{figure.denominator:,}", rate


def _points(points: Decimal | None) -> str:
    return _NOTHING if points is None else f"{points:.2f}"


def _moved(before: Decimal | None, after: Decimal | None) -> tuple[str, str]:
    """Points after, and by how much they moved; nothing where they did not."""
    change = (after or Decimal(0)) - (before or Decimal(0))
    return _points(after), f"{change:+.2f}" if change else ""


def _rank(scoring: Scoring) -> str:
    return _NOTHING if scoring.rank is None else f"{scoring.rank}/{scoring.ranked_units}"
