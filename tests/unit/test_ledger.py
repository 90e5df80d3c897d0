"""The ledger: what readers saw on a day, what changed of months that were over, and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.publishing.ledger import Recorded, changes_between
from orchestration.publishing.readers import ReaderFolders, let_readers_see, roll_back
from tests.unit.releasing import APRIL, MARCH, release_of_figures

DAYS = [date(2026, 4, 23), date(2026, 4, 24), date(2026, 4, 25)]
FILE = {
    "source": "one_stop_dossiers",
    "delivered_on": "2026-03-31",
    "file": "one_stop_dossiers/2026-03-31/a.json",
    "sha256": "ab",
}


def folders_of(data: Path) -> ReaderFolders:
    return ReaderFolders(data / "releases", data / "published", data / "ledger", data / "outcomes")


def night(
    data: Path, day: date, figures: dict[tuple[str, date], int], at: str = "", **facts: Any
) -> Recorded:
    done = release_of_figures(data, day, figures, **facts)
    return let_readers_see(folders_of(data), done.folder, at or f"{day}T01:30:00+07:00")


def ask(data: Path, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "published" / "chiso.duckdb"), read_only=True) as con:
        return con.execute(question).fetchall()


def said_on(data: Path, day: str) -> list[tuple[Any, ...]]:
    """Totals as readers saw them at the end of a day."""
    return ask(
        data,
        f"""SELECT agency_code, period_start, points, grade, rank_in_level
            FROM marts.as_published(DATE '{day}') WHERE figure_kind = 'total' ORDER BY 1, 2""",
    )


def test_what_was_said_on_a_day_is_found_again(tmp_path: Path) -> None:
    for day, numerator in zip(DAYS, (7, 9, 9), strict=True):
        night(tmp_path, day, {("A", APRIL): numerator, ("B", APRIL): 8})
    before = [("A", APRIL, Decimal("4.20"), "Khá", 2), ("B", APRIL, Decimal("4.80"), "Khá", 1)]
    after = [("A", APRIL, Decimal("5.40"), "Tốt", 1), ("B", APRIL, Decimal("4.80"), "Khá", 2)]
    assert said_on(tmp_path, "2026-04-22") == []
    assert said_on(tmp_path, "2026-04-23") == before
    assert said_on(tmp_path, "2026-04-24") == after
    assert said_on(tmp_path, "2026-12-31") == after
    assert ask(
        tmp_path,
        """SELECT numerator, said_from_at::VARCHAR, said_until_at::VARCHAR, release, provisional
           FROM marts.as_published WHERE agency_code = 'A' AND figure_code = '3.3' ORDER BY 2""",
    ) == [
        (7, "2026-04-23 01:30:00", "2026-04-24 01:30:00", "2026-04-23/1", True),
        (9, "2026-04-24 01:30:00", None, "2026-04-24/1", True),
    ]


def test_only_what_changed_is_written_and_the_same_release_once(tmp_path: Path) -> None:
    figures = {("A", MARCH): 5, ("B", MARCH): 6}
    assert night(tmp_path, DAYS[0], figures) == Recorded(6, 0)
    assert night(tmp_path, DAYS[0], figures, at="2026-04-23T09:00:00+07:00") == Recorded(0, 0)
    # A's rank and points, its group, its indicator; B's rank
    assert night(tmp_path, DAYS[1], {("A", MARCH): 7, ("B", MARCH): 6}) == Recorded(4, 4)
    assert night(tmp_path, DAYS[2], {("A", MARCH): 7, ("B", MARCH): 6}) == Recorded(0, 0)
    assert sorted(p.name for p in (tmp_path / "ledger").iterdir()) == [
        "000001-2026-04-23-1.json", "000001-2026-04-23-1.parquet",
        "000002-2026-04-24-1.json", "000002-2026-04-24-1.parquet",
        "000003-2026-04-25-1.json", "000003-2026-04-25-1.parquet",
    ]  # fmt: skip


def test_a_changed_figure_of_a_month_that_was_over_is_a_restatement(tmp_path: Path) -> None:
    """The running month changes every night and is none."""
    night(tmp_path, DAYS[0], {("A", MARCH): 5, ("A", APRIL): 1})
    night(tmp_path, DAYS[1], {("A", MARCH): 6, ("A", APRIL): 2}, inputs=[FILE | {"sha256": "cd"}])
    assert ask(
        tmp_path,
        """SELECT period_start, figure_kind, figure_code, previous_numerator, numerator,
                  previous_points, points, previous_release, release, reason, because
           FROM marts.restatements ORDER BY figure_kind""",
    ) == [
        (MARCH, kind, code, before, after, Decimal("3.00"), Decimal("3.60"), "2026-04-23/1", "2026-04-24/1",
         "corrected_file", "corrected_file: one_stop_dossiers/2026-03-31/a.json")
        for kind, code, before, after in (
            ("group", "CLGQ", None, None), ("indicator", "3.3", 5, 6), ("total", "total", None, None)
        )
    ]  # fmt: skip


def test_a_figure_that_went_and_came_back(tmp_path: Path) -> None:
    night(tmp_path, DAYS[0], {("A", MARCH): 5, ("B", MARCH): 4})
    night(tmp_path, DAYS[1], {("A", MARCH): 5}, code_version="c2")
    assert [agency for agency, *_ in said_on(tmp_path, "2026-04-24")] == ["A"]
    night(tmp_path, DAYS[2], {("A", MARCH): 5, ("B", MARCH): 4}, code_version="c3")
    assert [agency for agency, *_ in said_on(tmp_path, "2026-04-25")] == ["A", "B"]
    assert ask(
        tmp_path,
        """SELECT release, numerator, is_gone, reason FROM marts.restatements
           WHERE figure_code = '3.3' ORDER BY publication""",
    ) == [
        ("2026-04-24/1", None, True, "code_change"),
        ("2026-04-25/1", 4, False, "code_change"),
    ]


def test_going_back_is_said_too(tmp_path: Path) -> None:
    night(tmp_path, DAYS[0], {("A", MARCH): 5})
    night(tmp_path, DAYS[1], {("A", MARCH): 6})
    roll_back(folders_of(tmp_path), None, "2026-04-24T10:00:00+07:00")
    assert [row[2] for row in said_on(tmp_path, "2026-04-24")] == [Decimal("3.00")]
    assert ask(
        tmp_path,
        """SELECT numerator, release, reason FROM marts.restatements
           WHERE figure_code = '3.3' ORDER BY publication""",
    )[-1] == (5, "2026-04-23/1", "rolled_back")


def test_a_killed_record_is_made_again(tmp_path: Path) -> None:
    night(tmp_path, DAYS[0], {("A", MARCH): 5})
    night(tmp_path, DAYS[1], {("A", MARCH): 6})
    ledger = tmp_path / "ledger"
    (ledger / "000002-2026-04-24-1.parquet").rename(ledger / ".000002-2026-04-24-1")
    assert night(tmp_path, DAYS[1], {("A", MARCH): 6}) == Recorded(3, 3)
    assert ask(tmp_path, "SELECT count(*) FROM marts.restatements WHERE figure_code = '3.3'") == [(1,)]


BEFORE = {"release": "2026-04-23/1", "business_date": "2026-04-23", "rulesets": ["r"], "code_version": "c1",
          "inputs": [FILE], "rolled_back": False}  # fmt: skip
NEW = {"source": "payments", "delivered_on": "2026-04-24", "file": "payments/2026-04-24/p.csv", "sha256": "1"}


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"inputs": [FILE, NEW]}, ["new_extract"]),
        ({"inputs": [FILE, NEW | {"delivered_on": "2026-04-23"}]}, ["late_extract"]),
        ({"inputs": [FILE | {"sha256": "cd"}, NEW]}, ["corrected_file", "new_extract"]),
        ({"inputs": []}, ["withdrawn_file"]),
        ({"inputs": [FILE, NEW | {"source": "explanations"}]}, ["explained_finding"]),
        ({"rulesets": ["r", "s"], "code_version": "c2"}, ["rule_change", "code_change"]),
        ({"rolled_back": True, "inputs": []}, ["rolled_back", "withdrawn_file"]),
    ],
)
def test_why_figures_change(change: dict[str, Any], reasons: list[str]) -> None:
    after = BEFORE | {"release": "2026-04-24/1", "business_date": "2026-04-24"} | change
    assert [reason for reason, _ in changes_between(BEFORE, after)] == reasons
