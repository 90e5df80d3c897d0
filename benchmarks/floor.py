"""The floor beside the build: benchmarks/floor.sql on a finished build file, and whether both agree."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.values import file_literal, identifier

_SCRIPT = Path(__file__).with_name("floor.sql")
# marts that are views in the build: the release writes them, so neither side is timed with them
_NOT_TIMED = "-- what the build leaves to the release: compared, not timed"
# as dbt_project/profiles.yml
_MEMORY = "6GB"


@dataclass
class Floor:
    """What the script took, and per mart of both (rows, rows that only one of the two has)."""

    seconds: float
    marts: dict[str, tuple[int, int]]

    @property
    def differing(self) -> list[str]:
        return [mart for mart, (_, only_one_has) in self.marts.items() if only_one_has]


def run_floor(build: Path, folder: Path) -> Floor:
    """Run the script on a build file, into a file of its own below `folder`, and compare every mart it made.

    Rows are compared as bags, every column of them: by number and sum of hashes, and where these differ (also
    because of a type) by EXCEPT ALL in both directions.

    Args:
        build: a finished build file; opened read-only.
        folder: where the script writes; made when it is not there, left to the caller to remove.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "temp_directory": str(folder / "tmp"),
    }
    with duckdb.connect(":memory:", config=settings) as con:
        con.execute(f"ATTACH {file_literal(folder / 'bare.duckdb')} AS bare")
        con.execute(f"ATTACH {file_literal(build)} AS build (READ_ONLY)")
        con.execute("USE build")
        timed, left_to_the_release = _SCRIPT.read_text(encoding="utf-8").split(_NOT_TIMED)
        started = time.perf_counter()
        con.execute(timed)
        con.execute("CHECKPOINT bare")
        seconds = time.perf_counter() - started
        con.execute(left_to_the_release)
        return Floor(seconds, {mart: _compared(con, mart) for mart in _marts(con)})


def _marts(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        """SELECT DISTINCT table_name FROM duckdb_columns() WHERE database_name = 'bare'
           INTERSECT
           SELECT table_name FROM duckdb_columns() WHERE database_name = 'build' AND schema_name = 'marts'
           ORDER BY table_name"""
    ).fetchall()
    return [name for (name,) in rows]


def _compared(con: duckdb.DuckDBPyConnection, mart: str) -> tuple[int, int]:
    bare, built = (f"{schema}.{identifier(mart)}" for schema in ("bare", "marts"))
    rows, alike = _first(
        con,
        f"""SELECT (SELECT count(*) FROM {built}),
                   (SELECT (count(*), sum(CAST(hash(t) AS HUGEINT))) FROM {bare} AS t)
                   = (SELECT (count(*), sum(CAST(hash(t) AS HUGEINT))) FROM {built} AS t)""",
    )
    if alike:  # seconds instead of minutes for tens of millions of rows
        return rows, 0
    return rows, _first(
        con,
        f"""SELECT (SELECT count(*) FROM (FROM {bare} EXCEPT ALL FROM {built}))
                 + (SELECT count(*) FROM (FROM {built} EXCEPT ALL FROM {bare}))""",
    )[0]


def _first(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = con.execute(sql).fetchone()
    assert row is not None
    return row
