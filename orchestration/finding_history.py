"""What the findings of an earlier night were: the history that the life of a finding goes on from.

It is an input like a delivery: the newest release of an earlier business date. So a night that is run again
looks at the same release and changes nothing, and a backfill of the day before is another input
(docs/decisions/0020).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.values import file_literal, identifier
from orchestration.publishing.release import last_release_before

PREVIOUS_FINDINGS = "control.previous_findings"
_MART = "sync_findings"
# What is kept of a finding from one night to the next, as the mart has it.
_COLUMNS = {
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
}


@dataclass(frozen=True)
class FindingHistory:
    """The findings of an earlier release.

    Attributes:
        business_date: what the release was for.
        path: its Parquet file.
        sha256: of that file.
    """

    business_date: date
    path: Path
    sha256: str

    @property
    def facts(self) -> dict[str, str]:
        """What names it in the manifest of a release made from it; the same bytes are the same history."""
        return {"business_date": self.business_date.isoformat(), "sha256": self.sha256}


def find_history(releases: Path, business_date: date) -> FindingHistory | None:
    """The findings of the newest release before a business date; None without one of today's form.

    Args:
        releases: the folder of all releases.
        business_date: what the run is for.
    """
    release = last_release_before(releases, business_date)
    if release is None:
        return None
    path = release / f"{_MART}.parquet"
    if not path.exists():
        return None
    with duckdb.connect() as con:
        described = con.execute(f"DESCRIBE FROM read_parquet({file_literal(path)})").fetchall()
    if not _COLUMNS.items() <= {str(row[0]): str(row[1]) for row in described}.items():
        return None
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FindingHistory(date.fromisoformat(release.parent.name), path, digest)


def load_history(con: duckdb.DuckDBPyConnection, history: FindingHistory | None) -> None:
    """Fill `control.previous_findings` of a build file; without a history it is empty."""
    columns = ", ".join(f"{identifier(c)} {of_type}" for c, of_type in _COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE {PREVIOUS_FINDINGS} ({columns})")
    if history is not None:
        con.execute(
            f"INSERT INTO {PREVIOUS_FINDINGS} BY NAME "
            f"SELECT {', '.join(map(identifier, _COLUMNS))} FROM read_parquet({file_literal(history.path)})"
        )
