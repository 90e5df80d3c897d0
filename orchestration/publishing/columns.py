"""What readers hold on to goes only after it was announced (docs/decisions/0031)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

SHORTEST_WINDOW_DAYS = 90


def columns_gone(before: Mapping[str, Any], after: Mapping[str, Any], day: date) -> list[str]:
    """What readers of a release would miss in the next one, though nobody told them in time: a line each.

    Args:
        before: manifest of the release that readers see.
        after: mart → what the manifest of the next release says of it; its `columns` are looked at.
        day: on which the next release is published.
    """
    return [
        line
        for mart, was in sorted(before["marts"].items())
        for line in _gone_of(mart, was, after.get(mart), day)
    ]


def _gone_of(mart: str, was: Mapping[str, Any], now: Mapping[str, Any] | None, day: date) -> Iterator[str]:
    """Of one mart; of one that is gone as a whole one line says it, unless all its columns were announced."""
    announced = was.get("deprecated", {})  # releases before 0031 announced nothing
    gone = [column for column in was["columns"] if now is None or column not in now["columns"]]
    missed = [c for c in gone if c not in announced or day <= date.fromisoformat(announced[c])]
    if now is None and missed:
        yield f"The mart {mart} is gone. {_to_do(max(announced.get(c, '') for c in missed))}"
        return
    for column in missed:
        yield f"The column {column} of {mart} is gone. {_to_do(announced.get(column, ''))}"


def _to_do(until: str) -> str:
    """What helps where something went before the end of its window, or without one."""
    if until:
        return f"Readers were told that it is there until {until}: put it back until then."
    return (
        "Nothing announced it: put it back, and say in its yml since when it is deprecated, until when it is "
        f"there (at least {SHORTEST_WINDOW_DAYS} days), and what to read instead."
    )
