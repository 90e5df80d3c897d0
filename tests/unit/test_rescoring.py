"""Rescoring: periods as people write them, releases by name, differences, files, words of what is wrong."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from rich.console import Console

from orchestration.cli import main
from orchestration.rescoring import (
    Period,
    Rescoring,
    RescoringError,
    Scoring,
    parse_period,
    rescore,
    write_rescoring,
)
from orchestration.rescoring_table import print_rescoring

YEAR = Period("2025", "year", date(2025, 1, 1))


def release_at(folder: Path, *tables: str) -> Path:
    """A release of two rule sets, one of them in force in 2025, and of three agencies on one basis.

    What the views of a real one compute stands here as tables.
    """
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    key = "'national', 'year', DATE '2025-01-01', DATE '2025-12-31'"
    totals = (
        "ruleset, basis, period_type, period_start, period_end, agency_code, agency_level, points, grade, "
        "rank_in_level, ranked_units, provisional, partial"
    )
    made = {
        "dim_rule_set": "SELECT unnest(['OLD', 'NEW', 'DRAFT']) AS ruleset",
        "dim_period": """SELECT 'year' AS period_type, unnest([DATE '2025-01-01', DATE '2026-01-01'])
                         AS period_start""",
        "dim_period_rule_set": """SELECT * FROM (VALUES
            ('OLD', 'year', DATE '2025-01-01', DATE '2025-12-31', true),
            ('NEW', 'year', DATE '2025-01-01', DATE '2025-12-31', false),
            ('DRAFT', 'year', DATE '2025-01-01', DATE '2025-12-31', false),
            ('OLD', 'year', DATE '2026-01-01', DATE '2026-12-31', false),
            ('NEW', 'year', DATE '2026-01-01', DATE '2026-12-31', false))
            AS t (ruleset, period_type, period_start, period_end, is_in_force)""",
        "dim_indicator": """SELECT * FROM (VALUES ('OLD', 'CKMB', 1, true), ('NEW', 'CKMB', 1, true),
            ('NEW', 'NEWG', 2, true), ('NEW', 'SHOWN', 3, false), ('DRAFT', 'CKMB', 1, true))
            AS t (ruleset, group_code, group_number, is_scored)""",
        "dim_agency": """SELECT * FROM (VALUES ('P', 'Tỉnh', 'province'), ('B', 'Sở B', 'department'),
            ('A', 'Sở A', 'department')) AS t (agency_code, agency_name, agency_level)""",
        "scorecard_totals": f"""SELECT * FROM (VALUES
            ('OLD', {key}, 'P', 'province', 90.00::DECIMAL(9, 2), 'Tốt', 1, 1, true, false),
            ('OLD', {key}, 'A', 'department', 80.00, 'Tốt', 1, 2, true, false),
            ('OLD', {key}, 'B', 'department', 70.00, 'Khá', 2, 2, true, false)) AS t ({totals})""",
        "scorecards": f"""SELECT * FROM (VALUES
            ('OLD', {key}, 'P', 'CKMB', 90.00::DECIMAL(9, 2)), ('OLD', {key}, 'A', 'CKMB', 80.00),
            ('OLD', {key}, 'B', 'CKMB', 70.00)) AS t
            (ruleset, basis, period_type, period_start, period_end, agency_code, group_code, points)""",
        "rescored_totals": f"""SELECT * FROM (VALUES
            ('NEW', {key}, 'P', 'province', 60.50::DECIMAL(9, 2), 'Khá', 1, 1, false, false),
            ('NEW', {key}, 'A', 'department', 50.00, 'Yếu', 2, 2, false, false),
            ('NEW', {key}, 'B', 'department', 71.00, 'Khá', 1, 2, false, false),
            ('DRAFT', {key}, 'A', 'department', 10.00, NULL, NULL, 2, false, true)) AS t ({totals})""",
        "rescored_scorecards": f"""SELECT * FROM (VALUES
            ('NEW', {key}, 'P', 'CKMB', 60.00::DECIMAL(9, 2)), ('NEW', {key}, 'P', 'NEWG', 0.50),
            ('NEW', {key}, 'A', 'CKMB', 50.00), ('NEW', {key}, 'A', 'NEWG', 0.00),
            ('NEW', {key}, 'B', 'CKMB', 70.00), ('NEW', {key}, 'B', 'NEWG', 1.00),
            ('DRAFT', {key}, 'A', 'CKMB', 10.00)) AS t
            (ruleset, basis, period_type, period_start, period_end, agency_code, group_code, points)""",
    }
    with duckdb.connect(str(folder / "chiso.duckdb")) as con:
        con.execute("CREATE SCHEMA marts")
        for table in tables or made:
            con.execute(f"CREATE TABLE marts.{table} AS {made[table]}")
    return folder


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return release_at(tmp_path / "data" / "releases" / "2026-09-30" / "1")


# --- periods and releases by name ---


@pytest.mark.parametrize(
    ("text", "period_type", "start"),
    [
        ("2025", "year", date(2025, 1, 1)),
        ("2025-H1", "half_year", date(2025, 1, 1)),
        ("2025-h2", "half_year", date(2025, 7, 1)),
        ("2025-Q1", "quarter", date(2025, 1, 1)),
        ("2025-q4", "quarter", date(2025, 10, 1)),
        ("2025-09", "month", date(2025, 9, 1)),
        (" 2025-12 ", "month", date(2025, 12, 1)),
        ("2025-09-15", "day", date(2025, 9, 15)),
        ("2024-02-29", "day", date(2024, 2, 29)),
    ],
)
def test_a_period_as_people_write_it(text: str, period_type: str, start: date) -> None:
    period = parse_period(text)
    assert (period.period_type, period.start) == (period_type, start)


@pytest.mark.parametrize(
    "text",
    ["", "25", "2025-13", "2025-00", "2025-9", "2025-Q5", "2025-H0", "2025-02-29", "09/2025", "2025-09-15 "
     "08:00", "0000"],
)  # fmt: skip
def test_what_is_no_period_is_said_with_what_is_one(text: str) -> None:
    with pytest.raises(RescoringError, match="is not a period; write a year as 2025, a half-year as 2025-H1"):
        parse_period(text)


# --- scored again, beside what was published ---


def test_each_agency_scored_again_beside_what_was_published(release: Path) -> None:
    rescoring = rescore(release, "NEW", YEAR)
    assert (rescoring.release, rescoring.ruleset, rescoring.published_ruleset) == (
        "2026-09-30/1",
        "NEW",
        "OLD",
    )
    assert rescoring.groups == ["CKMB", "NEWG"], "the groups of both, without those that are shown only"
    assert [u.agency_code for u in rescoring.units] == ["P", "B", "A"], "by level, then by the new points"
    province, better, worse = rescoring.units
    assert (province.change, better.change, worse.change) == (
        Decimal("-29.50"), Decimal("1.00"), Decimal("-30.00"),
    )  # fmt: skip
    assert (province.places_gained, better.places_gained, worse.places_gained) == (0, 1, -1)
    assert province.change_of_group("CKMB") == Decimal("-30.00")
    assert province.change_of_group("NEWG") is None, "the old rule set has no such group"
    assert better.rescored == Scoring(
        {"CKMB": Decimal("70.00"), "NEWG": Decimal("1.00")}, Decimal("71.00"), "Khá", 1, 2, False, False
    )


def test_a_rule_set_that_is_not_whole_gives_no_rank_and_no_place_gained(release: Path) -> None:
    (unit,) = rescore(release, "DRAFT", YEAR).units
    assert (unit.rescored.grade, unit.rescored.rank, unit.places_gained) == (None, None, None)
    assert unit.change == Decimal("-70.00")


def test_a_period_without_a_rule_set_in_force_has_nothing_beside_it(release: Path) -> None:
    with duckdb.connect(str(release / "chiso.duckdb")) as con:
        con.execute("UPDATE marts.dim_period_rule_set SET is_in_force = false")
    rescoring = rescore(release, "NEW", YEAR)
    assert rescoring.published_ruleset is None
    assert {(u.published, u.change, u.places_gained) for u in rescoring.units} == {(None, None, None)}
    assert "NEW beside no rule set in force" in shown(rescoring)


def test_only_one_basis_or_level_is_kept_and_its_ranks_stay(release: Path) -> None:
    rescoring = rescore(release, "NEW", YEAR)
    departments = rescoring.only(level="department").units
    assert [(u.agency_code, u.rescored.rank) for u in departments] == [("B", 1), ("A", 2)]
    assert rescoring.only(basis="one_stop").units == []
    assert len(rescoring.only(basis="national").units) == 3


@pytest.mark.parametrize(
    ("ruleset", "period", "words"),
    [
        ("NEWER", "2025", "2026-09-30/1 has no rule set NEWER. There are: DRAFT, NEW, OLD."),
        (
            "NEW",
            "2024",
            "no period 2024. It holds the periods of 2025, 2026, as far as they had begun on 2026",
        ),
        ("NEW", "2025-09", "2026-09-30/1 has no period 2025-09."),
    ],
)
def test_what_the_release_does_not_have(release: Path, ruleset: str, period: str, words: str) -> None:
    with pytest.raises(RescoringError, match=words):
        rescore(release, ruleset, parse_period(period))


def test_a_release_of_an_older_version_is_told_what_to_do(tmp_path: Path) -> None:
    old = release_at(tmp_path / "2026-08-31" / "2", "scorecard_totals", "scorecards", "dim_period")
    with pytest.raises(
        RescoringError, match=r"31/2 was made by an older version .* nightly --date 2026-08-31`"
    ):
        rescore(old, "NEW", YEAR)


# --- written and printed ---


def test_the_file_has_a_row_per_basis_and_agency(release: Path, tmp_path: Path) -> None:
    rescoring = rescore(release, "NEW", YEAR)
    write_rescoring(rescoring, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "Excel must see that it is UTF-8"
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["agency_code"] for row in rows] == ["P", "B", "A"]
    assert rows[1] == {
        "ruleset": "NEW", "published_ruleset": "OLD", "basis": "national", "period_type": "year",
        "period_start": "2025-01-01", "period_end": "2025-12-31", "agency_code": "B", "agency_name": "Sở B",
        "agency_level": "department", "CKMB": "70.00", "CKMB_published": "70.00", "CKMB_change": "0.00",
        "NEWG": "1.00", "NEWG_published": "", "NEWG_change": "", "points": "71.00",
        "points_published": "70.00", "points_change": "1.00", "grade": "Khá", "grade_published": "Khá",
        "rank_in_level": "1", "rank_in_level_published": "2", "places_gained": "1", "ranked_units": "2",
        "provisional": "false", "provisional_published": "true", "partial": "false",
    }  # fmt: skip
    write_rescoring(rescoring, tmp_path / "out.parquet")
    parquet = duckdb.sql(f"SELECT * FROM read_parquet('{tmp_path}/out.parquet')")
    assert parquet.columns == list(rows[1])
    types = dict(zip(parquet.columns, map(str, parquet.types), strict=True))
    assert (types["points_change"], types["period_start"], types["places_gained"], types["partial"]) == (
        "DECIMAL(9,2)", "DATE", "BIGINT", "BOOLEAN",
    )  # fmt: skip
    assert parquet.filter("agency_code = 'A'").project("points, places_gained").fetchall() == [
        (Decimal("50.00"), -1)
    ]


def test_a_file_of_no_agency_has_its_columns(release: Path, tmp_path: Path) -> None:
    nobody = rescore(release, "NEW", YEAR).only(basis="one_stop")
    for name in ("out.csv", "out.parquet"):
        write_rescoring(nobody, tmp_path / name)
    assert duckdb.sql(f"SELECT count(*), count(points) FROM '{tmp_path}/out.parquet'").fetchall() == [(0, 0)]
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert "No agency of that basis and level" in shown(nobody)


def test_a_file_is_replaced_whole_or_stays(release: Path, tmp_path: Path) -> None:
    rescoring = rescore(release, "NEW", YEAR)
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    for bad, words in {
        tmp_path / "out.xlsx": "must end in .csv or .parquet",
        tmp_path / "no" / "out.csv": "there is no folder",
    }.items():
        with pytest.raises(RescoringError, match=words):
            write_rescoring(rescoring, bad)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(RescoringError, match="cannot be written"):
        write_rescoring(rescoring, tmp_path / "folder.csv")
    assert out.read_text(encoding="utf-8") == "before"
    write_rescoring(rescoring, out)
    write_rescoring(rescoring, out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "folder.csv", "out.csv"], "no draft is left"


def shown(rescoring: Rescoring) -> str:
    console = Console(file=io.StringIO())
    print_rescoring(console, rescoring)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_three_lines_per_agency_and_how_to_read_them(release: Path) -> None:
    text = shown(rescore(release, "NEW", YEAR))
    lines = [line.split() for line in text.splitlines()]
    at = lines.index(["B", "Sở", "B", "NEW", "70.00", "1.00", "71.00", "Khá", "1/2"])
    assert lines[at + 1] == ["OLD", "70.00", "–", "70.00", "Khá", "2/2"]
    assert lines[at + 2] == ["±", "0", "–", "+1.00", "+1"]
    assert "OLD: provisional" in text
    assert "NEW: provisional" not in text
    assert "no grades and no ranks" in shown(rescore(release, "DRAFT", YEAR))


# --- the command ---


def invoke(data: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["rescore", "--data", str(data), *words])
    return done.exit_code, done.output


def test_the_command_says_in_plain_words_what_is_wrong(release: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert invoke(data, "--ruleset", "NEW", "--period", "2025")[0] == 2, "nothing is current yet"
    (data / "releases" / "current").symlink_to("2026-09-30/1")
    for words, told in {
        ("--ruleset", "NEWER", "--period", "2025"): "has no rule set NEWER",
        ("--ruleset", "NEW", "--period", "2031"): "has no period 2031",
        ("--ruleset", "NEW", "--period", "quý 1"): "is not a period",
        ("--ruleset", "NEW", "--period", "2025", "--release", "2026-01-01"): "There is no release 2026-01-01",
        ("--ruleset", "NEW", "--period", "2025", "--out", str(tmp_path / "x.txt")): "must end in .csv",
        ("--period", "2025"): "Missing option '--ruleset'",
    }.items():
        code, output = invoke(data, *words)
        assert (code, told in output) == (2, True), output
        assert "Traceback" not in output
    out = tmp_path / "new.csv"
    code, output = invoke(
        data, "--ruleset", "NEW", "--period", "2025", "--level", "commune", "--out", str(out)
    )
    assert (code, out.exists()) == (0, True), output
    code, output = invoke(data, "--help")
    assert code == 0
    assert "chiso rescore --ruleset dvcqg-2026 --period 2025" in output
