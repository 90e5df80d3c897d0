"""The history of findings and scores: which release it is taken from, what of it, and when there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.history import find_history, load_history

DAY = date(2026, 9, 30)
EVERY_MART = {"sync_findings", "indicator_results", "dossier_facts", "score_changes"}
TEXTS = {
    "sync_findings": "rule_code, severity, certainty, dossier_code, agency_code, procedure_code, field, "
    "one_stop_value, national_value, cause_code, refined_by",
    "indicator_results": "basis, agency_code, indicator_code",
    "dossier_facts": "basis, dossier_code, agency_code, procedure_code",
    "score_changes": "basis, period_type, agency_code, indicator_code",
}
DATES = {
    "sync_findings": "first_seen_on, last_seen_on, stands_since_on, reopened_on, fixed_on",
    "indicator_results": "period_start",
    "dossier_facts": "received_on, open_due_on",
    "score_changes": "period_start, previous_published_on",
}
BOOLEANS = {
    "sync_findings": "provisional",
    "dossier_facts": "is_on_time, is_online, has_financial_obligation, is_obligation_paid_online, "
    "has_electronic_result, is_digitized, has_reused_component, is_shared, uses_population_data, "
    "has_petition, is_on_both_sides",
}
MORE = {
    "sync_findings": ["'{name}' AS finding_id", "1 AS rule_version", "'open' AS status"],
    "indicator_results": ["unnest(['month', 'day']) AS period_type", "1.25::DECIMAL(9, 2) AS points"],
    "dossier_facts": ["TIMESTAMP '2026-09-01' AS received_at"],
    "score_changes": [
        f"2.5::DECIMAL(9, 2) AS {c}_points" for c in ("previous", "restated", "corrected", "rate")
    ],
}


def release_at(releases: Path, name: str) -> Path:
    """A release with a finding that bears its name, and other marts, in the form of today's."""
    folder = releases / name
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        for mart, more in MORE.items():
            columns = [text.format(name=name) for text in more]
            for of_type, named in (("VARCHAR", TEXTS), ("DATE", DATES), ("BOOLEAN", BOOLEANS)):
                columns += [f"NULL::{of_type} AS {c.strip()}" for c in named.get(mart, "").split(",") if c]
            con.execute(f"COPY (SELECT {', '.join(columns)}) TO '{folder / mart}.parquet'")
    marts = {mart: {"sha256": f"{name} {mart}"} for mart in MORE}
    (folder / "manifest.json").write_text(json.dumps({"marts": marts}), encoding="utf-8")
    return folder


def change(release: Path, mart: str, select: str) -> None:
    """Write a mart of a release in another form."""
    path = release / f"{mart}.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE was AS FROM '{path}'")
        con.execute(f"COPY (SELECT {select} FROM was) TO '{path}'")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA control")
        yield connection


def test_it_is_the_last_release_of_the_newest_earlier_date(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    for name in ("2026-08-31/1", "2026-09-29/1", "2026-09-29/9", "2026-09-29/10", "2026-09-30/1"):
        release_at(tmp_path, name)
    (tmp_path / "2026-09-29" / ".draft-7").mkdir()
    (tmp_path / "2026-09-29" / "11").mkdir()  # without a manifest: no release
    (tmp_path / "current").symlink_to("2026-09-30/1")
    history = find_history(tmp_path, DAY)
    assert history is not None
    assert history.facts == {
        "business_date": "2026-09-29",
        "sha256": {mart: f"2026-09-29/10 {mart}" for mart in EVERY_MART},
    }
    load_history(con, history)
    assert con.execute("SELECT finding_id FROM control.previous_findings").fetchall() == [("2026-09-29/10",)]
    # days are not compared
    assert con.execute(
        "SELECT period_type, points, published_on FROM control.previous_results"
    ).fetchall() == [("month", Decimal("1.25"), date(2026, 9, 29))]
    assert con.execute("SELECT previous_points FROM control.previous_score_changes").fetchall() == [
        (Decimal("2.50"),)
    ]
    assert con.execute("SELECT count(*) FROM control.previous_dossier_facts").fetchall() == [(1,)]


def test_without_one_the_tables_are_there_and_empty(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    release_at(tmp_path, "2026-09-29/1")
    tables = [f"control.previous_{of}" for of in ("findings", "results", "score_changes", "dossier_facts")]
    load_history(con, find_history(tmp_path, DAY))
    columns = [con.execute(f"DESCRIBE {table}").fetchall() for table in tables]
    load_history(con, None)
    assert [con.execute(f"SELECT count(*) FROM {table}").fetchall() for table in tables] == [[(0,)]] * 4
    assert [con.execute(f"DESCRIBE {table}").fetchall() for table in tables] == columns


@pytest.mark.parametrize("of_type", ["VARCHAR", "TIMESTAMP"])
def test_findings_of_an_older_form_are_no_history(tmp_path: Path, of_type: str) -> None:
    release = release_at(tmp_path, "2026-09-29/1")
    change(release, "sync_findings", f"* REPLACE (fixed_on::{of_type} AS fixed_on)")
    assert find_history(tmp_path, DAY) is None


@pytest.mark.parametrize("mart", ["indicator_results", "dossier_facts"])
def test_scores_and_the_facts_behind_them_are_taken_together(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, mart: str
) -> None:
    change(release_at(tmp_path, "2026-09-29/1"), mart, "* EXCLUDE (agency_code)")
    history = find_history(tmp_path, DAY)
    assert history is not None
    assert {*history.sha256} == {"sync_findings"}
    load_history(con, history)
    assert con.execute("SELECT count(*) FROM control.previous_findings").fetchall() == [(1,)]
    assert con.execute("SELECT count(*) FROM control.previous_results").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM control.previous_dossier_facts").fetchall() == [(0,)]


def test_a_release_from_before_there_were_changes_of_scores_has_the_rest(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    (release_at(tmp_path, "2026-09-29/1") / "score_changes.parquet").unlink()
    history = find_history(tmp_path, DAY)
    assert history is not None
    assert {*history.sha256} == EVERY_MART - {"score_changes"}
    load_history(con, history)
    assert con.execute("SELECT count(*) FROM control.previous_results").fetchall() == [(1,)]
    assert con.execute("SELECT count(*) FROM control.previous_score_changes").fetchall() == [(0,)]


def test_a_release_without_findings_is_no_history(tmp_path: Path) -> None:
    (release_at(tmp_path, "2026-09-29/1") / "sync_findings.parquet").unlink()
    assert find_history(tmp_path, DAY) is None


def test_the_first_night_has_none(tmp_path: Path) -> None:
    assert find_history(tmp_path, DAY) is None
    release_at(tmp_path, "2026-09-30/1")
    release_at(tmp_path, "2026-10-01/1")
    assert find_history(tmp_path, DAY) is None
