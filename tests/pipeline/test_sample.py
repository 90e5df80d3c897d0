"""The committed sample, through the command that users type: published, repeatable, private, true."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt_runs import build_environment, dbt_executable
from orchestration.places import DBT_PROJECT, ROOT, Places
from tests.pipeline.conftest import run
from tests.province.making import make_province
from tests.province.plan import Arguments

# one worker runs the night that all tests of this file look at
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]

MARTS = {
    "dim_agency",
    "dim_indicator",
    "dim_procedure",
    "indicator_results",
    "landing_files",
    "landing_rows_quarantined",
    "portal_score_check",
    "scorecard_totals",
    "scorecards",
    "sync_findings",
}


def chiso(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, as a person would run it."""
    command = [str(Path(sys.executable).parent / "chiso"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """DATA of a night on the sample, and what the command printed."""
    data = tmp_path_factory.mktemp("sample") / "data"
    return data, chiso("nightly", "--date", "2026-09-30", "--data", str(data))


@pytest.fixture(scope="module")
def current(sample_night: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    data, done = sample_night
    assert done.returncode == 0, done.stdout + done.stderr
    return data / "releases" / "current"


def test_the_command_prints_scorecard_discrepancies_and_where_the_tables_are(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = sample_night
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("Hồ sơ nộp trực tuyến", "missing_on_national", "releases/current", "Tổng điểm"):
        assert words in done.stdout
    assert "\x1b[" not in done.stdout, "colour only on a terminal"


def test_a_release_holds_every_mart_three_times(current: Path) -> None:
    """As Parquet, in chiso.duckdb, and described in the manifest, with the same number of rows."""
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["marts"]) == MARTS
    assert {p.stem for p in current.glob("*.parquet")} == MARTS
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        for mart in MARTS:
            rows = con.execute(f"SELECT count(*) FROM marts.{mart}").fetchone()
            assert rows == (manifest["marts"][mart]["rows"],), mart
            assert rows[0] > 0 or mart == "landing_rows_quarantined", mart


def test_a_second_night_for_the_same_date_gives_the_same_bytes(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]], current: Path, tmp_path: Path
) -> None:
    data, _ = sample_night
    before = {p.name: p.read_bytes() for p in current.glob("*.parquet")}
    again = chiso("nightly", "--date", "2026-09-30", "--data", str(data))
    assert again.returncode == 0, again.stdout + again.stderr
    assert "the same as before, byte for byte" in again.stdout
    assert [p.name for p in (data / "releases" / "2026-09-30").iterdir()] == ["1"]
    # and on another machine's DATA, from nothing
    elsewhere = run(ROOT / "raw" / "sample", tmp_path / "data")
    assert elsewhere.night.published, elsewhere.messages
    folder = elsewhere.places.releases / "current"
    assert {p.name: p.read_bytes() for p in folder.glob("*.parquet")} == before


def test_every_published_figure_of_the_portal_is_reproduced(current: Path) -> None:
    """All rows of the published figures: shown, and where points were published, within 0.01 inclusive."""
    with (ROOT / "tests/data/portal_components_2026.csv").open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream))
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        shown = {
            (province, unit, period, code): (kind, numerator, denominator, computed, points)
            for province, unit, period, code, kind, numerator, denominator, computed, points in con.execute(
                """SELECT province_code, unit_name, period_label, code, kind, numerator, denominator,
                          computed_points, published_points FROM marts.portal_score_check"""
            ).fetchall()
        }
    assert len(shown) == len(published) == 156
    codes = {"Phú Thọ": "H44", "Đắk Lắk": "H15"}
    compared = 0
    for row in published:
        province, unit = row["unit"].split(": ")
        kind, numerator, denominator, computed, points = shown[
            codes[province], unit, row["period"], row["indicator"]
        ]
        where = f"{row['unit']} {row['period']} {row['indicator']}"
        assert kind == row["kind"], where
        assert (numerator, denominator) == (_whole(row["numerator"]), _whole(row["denominator"])), where
        if row["published_points"]:
            assert points == Decimal(row["published_points"]), where
            assert abs(computed - points) <= Decimal("0.01"), f"{where}: {computed} against {points}"
            compared += 1
    assert compared == 69


def test_points_are_what_a_hand_calculation_gives(current: Path) -> None:
    """Maximum, full-mark rate and empty policy from the table of the decision, not from the seeds."""
    table = {  # indicator: (maximum, full marks from, points without denominator)
        "1.4": ("6", "1", None),
        "2.1": ("20", "1", None),
        "3.3": ("6", "0.5", None),
        "3.6": ("6", "1", None),
        "4.1": ("6", "1", None),
        "4.3": ("2", "0.8", None),
        "5.2": ("6", "1", Decimal(6)),
        "5.4": ("6", "0.9", Decimal(0)),
    }
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        rows = con.execute(
            "SELECT indicator_code, agency_code, period_start, numerator, denominator, points, max_points, "
            "rate, empty_reason FROM marts.indicator_results"
        ).fetchall()
    assert {row[0] for row in rows} == set(table)
    for code, agency, period, numerator, denominator, points, maximum, rate, reason in rows:
        top, full, when_empty = table[code]
        where = f"{code} {agency} {period}: {numerator}/{denominator}"
        assert maximum == Decimal(top), where
        if denominator == 0:
            assert (points, rate, reason) == (when_empty, None, "no_denominator"), where
            continue
        exact = min(Decimal(top), Decimal(top) * numerator / denominator / Decimal(full))
        assert points == exact.quantize(Decimal("0.01"), ROUND_HALF_UP), where
        assert abs(rate - Decimal(numerator) / denominator) <= Decimal("0.0000005"), where


def test_totals_are_sums_and_stay_without_grade_while_partial(current: Path) -> None:
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        key = "ruleset, basis, period_type, period_start, agency_code"
        wrong = con.execute(
            f"""SELECT {key}, t.points, s.points FROM scorecard_totals t
                JOIN (SELECT {key}, sum(coalesce(points, 0)) AS points FROM indicator_results GROUP BY ALL) s
                USING ({key}) WHERE t.points <> s.points"""
        ).fetchall()
        assert wrong == []
        states = con.execute(
            "SELECT DISTINCT partial, grade, rank_in_level, max_points FROM scorecard_totals"
        )
        assert states.fetchall() == [(True, None, None, Decimal(100))]
        units = con.execute(
            "SELECT agency_level, ranked_units, count(*) FROM scorecard_totals "
            "WHERE period_type = 'year' AND basis = 'national' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        assert units == [("commune", 102, 102), ("department", 14, 14), ("province", 1, 1)]


def test_dbt_unit_tests_pass(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]], current: Path, tmp_path: Path
) -> None:
    """The rules on hand-made tables; they read column types from a finished build."""
    assert current.exists()
    data, _ = sample_night
    done = subprocess.run(
        [dbt_executable(), "test", "--select", "test_type:unit", "--target-path", str(tmp_path)],
        env={
            **os.environ,
            **build_environment(Places(raw=ROOT / "raw" / "sample", data=data)),
            "DBT_PROJECT_DIR": str(DBT_PROJECT),
            "DBT_PROFILES_DIR": str(DBT_PROJECT),
            "DBT_LOG_PATH": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "ERROR=0" in done.stdout
    assert int(done.stdout.split("PASS=")[1].split()[0]) >= 11, "no unit test may vanish"


def test_holidays_and_make_up_days_of_2026(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]], current: Path
) -> None:
    """Working days per month counted by hand on a wall calendar, with the days off that are known."""
    assert current.exists()
    data, _ = sample_night
    with duckdb.connect(str(data / "build" / "build.duckdb"), read_only=True) as con:
        working = dict(
            con.execute("SELECT calendar_on, is_working_day FROM intermediate.int_calendar").fetchall()
        )
    assert working[date(2026, 1, 10)], "Saturday worked for 2 January"
    assert working[date(2026, 8, 22)], "Saturday worked for 31 August"
    for off in ("2026-01-02", "2026-02-16", "2026-02-20", "2026-04-27", "2026-08-31", "2026-09-02"):
        assert not working[date.fromisoformat(off)], off
    days = {
        month: sum(w for d, w in working.items() if (d.year, d.month) == (2026, month)) for month in (1, 2, 9)
    }
    assert days == {1: 21, 2: 15, 9: 20}
    assert sum(w for d, w in working.items() if d.year == 1901) == 261


def test_nothing_under_data_names_a_person(tmp_path: Path) -> None:
    """Every personal value that the generator made, looked for in every file under DATA, also unpacked."""
    province = tmp_path / "province"
    make_province(Arguments(dossiers=600, seed=3, departments=4, communes=6), province, "extracts", 1)
    # a name where a date belongs, so that quarantine and its messages are searched too
    spoiled = next((province / "raw/one_stop_dossiers/2026-09-30").glob("*.json"))
    message = json.loads(spoiled.read_text(encoding="utf-8"))
    message["data"][0]["NgayTiepNhan"] = message["data"][0]["ChuHoSo"]
    spoiled.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
    ran = run(province / "raw", tmp_path / "data")
    personal = (province / "truth/personal_values.txt").read_text(encoding="utf-8").split("\n")
    values = {v for v in personal if len(v) >= 6}
    assert len(values) > 1000
    assert message["data"][0]["ChuHoSo"] not in ran.messages
    for path in sorted(ran.places.data.rglob("*")):
        if path.is_file():
            text = _text_of(path)
            hits = [v for v in values if v in text]
            assert hits == [], f"{path.relative_to(ran.places.data)} holds {len(hits)} personal values"


def _text_of(path: Path) -> str:
    """A file's text: Parquet and DuckDB are compressed, so their rows are written out."""
    if path.suffix == ".parquet":
        return str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            tables = con.execute(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
            ).fetchall()
            return str([con.execute(f'SELECT * FROM "{s}"."{t}"').fetchall() for s, t in tables])
    return path.read_bytes().decode("utf-8", errors="replace")


def _whole(text: str) -> int | None:
    return int(text) if text else None
