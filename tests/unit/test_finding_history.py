"""The history of findings: which release it is taken from, and when there is none."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.finding_history import PREVIOUS_FINDINGS, find_history, load_history

DAY = date(2026, 9, 30)


def release_at(releases: Path, name: str, finding: str = "F", cast: str = "DATE") -> Path:
    """A release with one finding; the form of the mart as today's unless `cast` is another type."""
    folder = releases / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    texts = (
        "rule_code, severity, certainty, dossier_code, agency_code, procedure_code, field, one_stop_value, "
        "national_value, cause_code, refined_by"
    )
    dates = "first_seen_on, last_seen_on, stands_since_on, reopened_on"
    columns = [f"'{finding}' AS finding_id", "1 AS rule_version", "false AS provisional", "'open' AS status"]
    columns += [f"NULL::VARCHAR AS {c.strip()}" for c in texts.split(",")]
    columns += [f"NULL::DATE AS {c.strip()}" for c in dates.split(",")]
    columns += [f"NULL::{cast} AS fixed_on"]
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {', '.join(columns)}) TO '{folder / 'sync_findings.parquet'}'")
    return folder


def test_it_is_the_last_release_of_the_newest_earlier_date(tmp_path: Path) -> None:
    for name in ("2026-08-31/1", "2026-09-29/1", "2026-09-29/9", "2026-09-29/10", "2026-09-30/1"):
        release_at(tmp_path, name, finding=name)
    (tmp_path / "2026-09-29" / ".draft-7").mkdir()
    (tmp_path / "2026-09-29" / "11").mkdir()  # without a manifest: no release
    (tmp_path / "current").symlink_to("2026-09-30/1")
    history = find_history(tmp_path, DAY)
    assert history is not None
    path = tmp_path / "2026-09-29" / "10" / "sync_findings.parquet"
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert history.facts == {"business_date": "2026-09-29", "sha256": sha256}
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA control")
        load_history(con, history)
        assert con.execute(f"SELECT finding_id FROM {PREVIOUS_FINDINGS}").fetchall() == [("2026-09-29/10",)]
        columns = con.execute(f"DESCRIBE {PREVIOUS_FINDINGS}").fetchall()
        load_history(con, None)
        assert con.execute(f"SELECT count(*) FROM {PREVIOUS_FINDINGS}").fetchall() == [(0,)]
        assert con.execute(f"DESCRIBE {PREVIOUS_FINDINGS}").fetchall() == columns


@pytest.mark.parametrize("cast", ["VARCHAR", "TIMESTAMP"])
def test_findings_of_an_older_form_are_no_history(tmp_path: Path, cast: str) -> None:
    release_at(tmp_path, "2026-09-29/1", cast=cast)
    assert find_history(tmp_path, DAY) is None


def test_a_release_without_findings_is_no_history(tmp_path: Path) -> None:
    (release_at(tmp_path, "2026-09-29/1") / "sync_findings.parquet").unlink()
    assert find_history(tmp_path, DAY) is None


def test_the_first_night_has_none(tmp_path: Path) -> None:
    assert find_history(tmp_path, DAY) is None
    release_at(tmp_path, "2026-09-30/1")
    release_at(tmp_path, "2026-10-01/1")
    assert find_history(tmp_path, DAY) is None
