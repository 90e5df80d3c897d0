"""`DATA/outcomes/`: what became of every step of every night; one file per run, only ever added to.

Blocked nights are in it too, which no release tells of. Readers see it as `ops.run_outcomes`: in
`published/chiso.duckdb` up to the last night that ended, in a release up to its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.inserting import insert_rows
from orchestration.landing.values import files_literal, literal
from orchestration.publishing.files import sync

_COLUMNS = {
    "run_id": "VARCHAR",
    "business_date": "DATE",
    "run_outcome": "VARCHAR",
    "step": "VARCHAR",
    "started_at": "TIMESTAMP",
    "ended_at": "TIMESTAMP",
    "outcome": "VARCHAR",
    "seconds": "DECIMAL(12,3)",
    "rows": "BIGINT",
    "bytes": "BIGINT",
    "peak_memory_bytes": "BIGINT",
    "checks_passed": "INTEGER",
    "checks_failed": "INTEGER",
    "checks_errored": "INTEGER",
}


@dataclass(frozen=True)
class StepOutcome:
    """How a step of a run ended, and what it took.

    Attributes:
        outcome: pass; fail, when a check that blocks did; errored; skipped; running.
        seconds: wall time; None until it ends.
        rows, bytes: what it read or wrote, as the step says; None where it does not.
        peak_memory_bytes: the most memory that the process of the run, or one that it started, had used by
            the end of the step.
        checks_passed, checks_failed, checks_errored: answers of its checks.
    """

    step: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = "running"
    seconds: Decimal | None = None
    rows: int | None = None
    bytes: int | None = None
    peak_memory_bytes: int | None = None
    checks_passed: int = 0
    checks_failed: int = 0
    checks_errored: int = 0


@dataclass(frozen=True)
class RunOutcome:
    """What became of a run.

    Attributes:
        outcome: published; blocked, when checks said no; errored; stopped, by somebody or with its machine;
            running.
    """

    run_id: str
    business_date: date
    outcome: str
    steps: Sequence[StepOutcome]


def is_written(folder: Path, run_id: str) -> bool:
    """Whether the outcome of a run stands there."""
    return any(folder.glob(f"*-{run_id}.parquet"))


def write_outcome(folder: Path, run: RunOutcome) -> None:
    """Add what became of a run that is over.

    Args:
        folder: `DATA/outcomes`; made when it is not there.
    """
    _prepare(folder)
    _write(folder, f"{run.business_date.isoformat()}-{run.run_id}", _rows(run))


def outcomes_view(folder: Path) -> list[str]:
    """SQL of schema `ops` with the view `run_outcomes`, for a database that readers open."""
    _prepare(folder)
    return [
        "CREATE SCHEMA ops",
        f"""CREATE VIEW ops.run_outcomes AS
            SELECT * FROM read_parquet({files_literal(folder.resolve(), "/*.parquet")})""",
    ]


def tell_outcomes(build_database: Path, folder: Path, run: RunOutcome) -> None:
    """Write `ops.run_outcomes` of a build file: the nights before, and what this one has done so far."""
    _prepare(folder)
    with duckdb.connect(str(build_database)) as con:
        con.execute(
            f"""CREATE SCHEMA IF NOT EXISTS ops;
                CREATE OR REPLACE TABLE ops.run_outcomes AS
                FROM read_parquet({files_literal(folder.resolve(), "/*.parquet")})"""
        )
        insert_rows(con, "ops.run_outcomes", _rows(run))


def _rows(run: RunOutcome) -> list[tuple[Any, ...]]:
    rows = []
    for step in run.steps:
        name, started_at, ended_at, *rest = astuple(step)
        rows.append(
            (run.run_id, run.business_date, run.outcome, name, _local(started_at), _local(ended_at), *rest)
        )
    return rows


def _local(at: datetime | None) -> datetime | None:
    """Local time without its zone, as all times of the marts are."""
    return at.replace(tzinfo=None) if at is not None else None


def _prepare(folder: Path) -> None:
    """A file without rows: DuckDB makes no view of a folder that has none."""
    if not any(folder.glob("*.parquet")):
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, "none", [])


def _write(folder: Path, stem: str, rows: list[tuple[Any, ...]]) -> None:
    draft = folder / f".{stem}"  # not *.parquet: DuckDB's patterns also match what begins with a point
    with duckdb.connect() as con:
        columns = ", ".join(f"{name} {of_type}" for name, of_type in _COLUMNS.items())
        con.execute(f"CREATE TABLE outcomes ({columns})")
        insert_rows(con, "outcomes", rows)
        con.execute(f"COPY outcomes TO {literal(str(draft))} (FORMAT parquet, COMPRESSION zstd)")
    sync(draft)
    draft.replace(folder / f"{stem}.parquet")
    sync(folder)
