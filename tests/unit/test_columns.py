"""What readers hold on to goes only after it was announced."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orchestration.publishing.columns import columns_gone

UNTIL = "2027-03-31"
TOLD = "Readers were told that it is there until 2027-03-31: put it back until then."
LAST_DAY, DAY_AFTER = date(2027, 3, 31), date(2027, 4, 1)


def told(*columns: str, deprecated: dict[str, str] | None = None) -> dict[str, Any]:
    """What a manifest says of a mart, as far as it matters here."""
    return {"rows": 1, "columns": list(columns)} | ({} if deprecated is None else {"deprecated": deprecated})


def gone(was: dict[str, Any] | None, now: dict[str, Any] | None, day: date = LAST_DAY) -> list[str]:
    """Of one mart beside one that stays as it is."""
    before, after = (
        {"dim_grade": told("ruleset")} | ({} if mart is None else {"levers": mart}) for mart in (was, now)
    )
    return columns_gone({"marts": before}, after, day)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (told("action", "points"), told("action", "points")),
        (told("action", "points"), told("points", "action", "items")),
        (None, told("action")),
        (told("action", deprecated={"action": UNTIL}), told("action", deprecated={"action": UNTIL})),
        # an announcement may be taken back
        (told("action", deprecated={"action": UNTIL}), told("action", deprecated={})),
    ],
    ids=["the same", "one more, in another order", "a new mart", "announced and there", "taken back"],
)
def test_nothing_is_gone(was: dict[str, Any] | None, now: dict[str, Any]) -> None:
    assert gone(was, now) == []


@pytest.mark.parametrize("announced", [None, {}, {"action": UNTIL}])
def test_a_column_that_nothing_announced_may_not_go(announced: dict[str, str] | None) -> None:
    (line,) = gone(told("action", "points", deprecated=announced), told("action"), date(2099, 1, 1))
    assert line.startswith("The column points of levers is gone. Nothing announced it: put it back, ")
    assert "at least 90 days" in line


def test_a_column_is_there_to_the_end_of_its_last_day() -> None:
    was, now = told("action", "points", deprecated={"points": UNTIL}), told("action")
    assert gone(was, now, LAST_DAY) == [f"The column points of levers is gone. {TOLD}"]
    assert gone(was, now, DAY_AFTER) == []


def test_what_the_next_release_announces_comes_too_late() -> None:
    was, now = told("action", "points"), told("action", deprecated={"points": "2020-01-01"})
    assert len(gone(was, now)) == 1


def test_every_column_that_is_gone_is_named() -> None:
    lines = gone(told("action", "items", "points", deprecated={"items": "2027-03-01"}), told())
    assert [line.split(" is gone")[0] for line in lines] == [
        "The column action of levers",
        "The column points of levers",
    ]


def test_a_mart_that_is_gone_is_named_once() -> None:
    (line,) = gone(told("action", "points"), None)
    assert line.startswith("The mart levers is gone. Nothing announced it")
    (line,) = gone(told("action", "points", deprecated={"action": "2027-01-01"}), None)
    assert line.startswith("The mart levers is gone. Nothing announced it"), "points was not announced"
    whole = told("action", "points", deprecated={"action": UNTIL, "points": UNTIL})
    (line,) = gone(whole, None)
    assert line == f"The mart levers is gone. {TOLD}"
    assert gone(whole, None, DAY_AFTER) == []
