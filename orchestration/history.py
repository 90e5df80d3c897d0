"""What an earlier night published: the history that lives of findings and changes of scores go on from.

It is an input like a delivery: the newest release of an earlier business date. So a night that is run again
looks at the same release and changes nothing, and a backfill of the day before is another input
(docs/decisions/0020, 0025).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.values import identifier, literal
from orchestration.publishing.files import mart_files, mart_rows
from orchestration.publishing.releases import business_date_of, last_release_before, read_manifest

_FINDINGS = "sync_findings"
_RESULTS = "indicator_results"
_FACTS = "dossier_facts"
_CHANGES = "score_changes"
# Mart → what is kept of it from one night to the next, as the mart has it.
_COLUMNS = {
    _FINDINGS: {
        "finding_id": "VARCHAR",
        "rule_code": "VARCHAR",
        "rule_version": "INTEGER",
        "severity": "VARCHAR",
        "certainty": "VARCHAR",
        "dossier_code": "VARCHAR",
        "agency_code": "VARCHAR",
        "procedure_code": "VARCHAR",
        "field": "VARCHAR",
        "one_stop_value": "VARCHAR",
        "national_value": "VARCHAR",
        "cause_code": "VARCHAR",
        "provisional": "BOOLEAN",
        "first_seen_on": "DATE",
        "last_seen_on": "DATE",
        "stands_since_on": "DATE",
        "fixed_on": "DATE",
        "reopened_on": "DATE",
        "refined_by": "VARCHAR",
    },
    _RESULTS: {
        "basis": "VARCHAR",
        "period_type": "VARCHAR",
        "period_start": "DATE",
        "agency_code": "VARCHAR",
        "indicator_code": "VARCHAR",
        "points": "DECIMAL(9,2)",
    },
    _FACTS: {
        "basis": "VARCHAR",
        "dossier_code": "VARCHAR",
        "agency_code": "VARCHAR",
        "procedure_code": "VARCHAR",
        "received_on": "DATE",
        "is_on_time": "BOOLEAN",
        "open_due_on": "DATE",
        "is_online": "BOOLEAN",
        "has_financial_obligation": "BOOLEAN",
        "is_obligation_paid_online": "BOOLEAN",
        "has_electronic_result": "BOOLEAN",
        "is_digitized": "BOOLEAN",
        "has_reused_component": "BOOLEAN",
        "is_shared": "BOOLEAN",
        "uses_population_data": "BOOLEAN",
        "has_petition": "BOOLEAN",
        "is_on_both_sides": "BOOLEAN",
    },
    _CHANGES: {
        "basis": "VARCHAR",
        "period_type": "VARCHAR",
        "period_start": "DATE",
        "agency_code": "VARCHAR",
        "indicator_code": "VARCHAR",
        "previous_published_on": "DATE",
        "previous_points": "DECIMAL(9,2)",
        "restated_points": "DECIMAL(9,2)",
        "corrected_points": "DECIMAL(9,2)",
    },
}
# Scores are compared over all dossiers, so they need the facts of these to be of the same release.
_OF_SCORES = (_RESULTS, _FACTS)


@dataclass(frozen=True)
class History:
    """What is taken from an earlier release.

    Attributes:
        business_date: what the release was for.
        folder: where its Parquet files are.
        sha256: mart → SHA-256 of its file, of the marts taken; `sync_findings` is always one.
    """

    business_date: date
    folder: Path
    sha256: dict[str, str]

    @property
    def facts(self) -> dict[str, Any]:
        """What names it in the manifest of a release made from it; the same bytes are the same history."""
        return {"business_date": self.business_date.isoformat(), "sha256": self.sha256}


def find_history(releases: Path, business_date: date) -> History | None:
    """What to take from the newest release before a business date; None without findings of today's form.

    Marts of another form are left out; without the results or the facts, so is all that is about scores.

    Args:
        releases: the folder of all releases.
        business_date: what the run is for.
    """
    release = last_release_before(releases, business_date)
    if release is None:
        return None
    marts = [mart for mart in _COLUMNS if _is_of_todays_form(release, mart)]
    if _FINDINGS not in marts:
        return None
    if not {*_OF_SCORES} <= {*marts}:
        marts = [_FINDINGS]
    published = read_manifest(release)["marts"]
    sha256 = {mart: str(published[mart]["sha256"]) for mart in marts}
    return History(business_date_of(release), release, sha256)


def load_history(con: duckdb.DuckDBPyConnection, history: History | None) -> None:
    """Fill `control.previous_*` of a build file; without a history they are empty.

    The facts stay in the release's Parquet file, since few of them are asked for.
    """
    _write(con, "TABLE control.previous_findings", history, _FINDINGS)
    published_on = "NULL" if history is None else literal(history.business_date.isoformat())
    _write(
        con,
        "TABLE control.previous_results",
        history,
        _RESULTS,
        more=f", CAST({published_on} AS DATE) AS published_on",
        where="period_type <> 'day'",
    )
    _write(con, "TABLE control.previous_score_changes", history, _CHANGES)
    _write(con, "VIEW control.previous_dossier_facts", history, _FACTS)


def _write(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    history: History | None,
    mart: str,
    more: str = "",
    where: str = "true",
) -> None:
    if history is not None and mart in history.sha256:
        columns = ", ".join(map(identifier, _COLUMNS[mart]))
        rows = mart_rows(history.folder, mart)
    else:
        columns = ", ".join(f"NULL::{of_type} AS {identifier(c)}" for c, of_type in _COLUMNS[mart].items())
        rows, where = "(SELECT NULL::VARCHAR AS period_type)", "false"
    con.execute(f"CREATE OR REPLACE {relation} AS SELECT {columns}{more} FROM {rows} WHERE {where}")


def _is_of_todays_form(release: Path, mart: str) -> bool:
    if not mart_files(release, mart):
        return False
    with duckdb.connect() as con:
        described = con.execute(f"DESCRIBE FROM {mart_rows(release, mart)}").fetchall()
    return _COLUMNS[mart].items() <= {str(row[0]): str(row[1]) for row in described}.items()
