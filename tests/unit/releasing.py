"""Small releases to test with: two marts of three rows."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.release import ROWS_PER_PART, Release, publish

DAY = date(2026, 3, 31)
MARTS = {"indicator_results": ["agency_code"], "scorecards": ["agency_code", "group_code"]}
FACTS = {
    "rulesets": ["766-v1"],
    "code_version": "c1",
    "inputs": [
        {
            "source": "one_stop_dossiers",
            "delivered_on": "2026-03-31",
            "file": "one_stop_dossiers/2026-03-31/a.json",
            "sha256": "ab",
        }
    ],
}
RUN = {"run_id": "r1", "published_at": "2026-04-01T01:02:03+07:00"}


def build(folder: Path, points: str = "1.50") -> Path:
    """A finished build: two marts, and what is not released beside them."""
    path = folder / "build.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute(
            f"""
            CREATE SCHEMA marts; CREATE SCHEMA staging;
            CREATE TABLE staging.secret AS SELECT 'bí mật' AS owner;
            CREATE TABLE marts.not_released AS SELECT 1 AS n;
            CREATE TABLE marts.indicator_results AS SELECT * FROM (VALUES
                ('H38.2', CAST(2.00 AS DECIMAL(18,2))), ('H38.1', CAST({points} AS DECIMAL(18,2)))
            ) AS t (agency_code, points);
            CREATE TABLE marts.scorecards AS SELECT * FROM (VALUES
                ('H38.1', 'TDGQ', NULL), ('H38.1', 'CKMB', 3), ('H38', 'CKMB', 4)
            ) AS t (agency_code, group_code, points);
            """
        )
    return path


def release(folder: Path, day: date = DAY, points: str = "1.50", **facts: Any) -> Release:
    return publish(folder / "releases", build(folder, points), day, MARTS, FACTS | facts, RUN)


def everything(folder: Path) -> dict[str, str]:
    """Every file below a folder by its digest, every link by its target."""
    return {
        str(p.relative_to(folder)): str(p.readlink())
        if p.is_symlink()
        else hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_symlink() or p.is_file()
    }


FIGURES = {
    "indicator_results": ["period_start", "agency_code", "indicator_code"],
    "scorecards": ["period_start", "agency_code", "group_code"],
    "scorecard_totals": ["period_start", "agency_code"],
}
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
_ENDS = {MARCH: date(2026, 3, 31), APRIL: date(2026, 4, 30)}


def release_of_figures(
    data: Path,
    day: date,
    numerators: dict[tuple[str, date], int],
    rows_per_part: int = ROWS_PER_PART,
    **facts: Any,
) -> Release:
    """A release with indicator 3.3 of some agencies in some months, out of 10, and the scores it gives.

    Args:
        numerators: agency and month → numerator; points are three fifths of it.
    """
    data.mkdir(exist_ok=True)
    path = data / "figures.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute(
            """CREATE SCHEMA marts;
               CREATE TABLE figures (agency_code VARCHAR, period_start DATE, period_end DATE, n BIGINT)"""
        )
        for (agency, month), numerator in numerators.items():
            con.execute("INSERT INTO figures VALUES (?, ?, ?, ?)", [agency, month, _ENDS[month], numerator])
        key = """'r' AS ruleset, 'national' AS basis, 'month' AS period_type, period_start, period_end,
                 agency_code"""
        provisional = "period_start > DATE '2026-03-31' AS provisional"
        points = "CAST(n * 0.6 AS DECIMAL(9,2)) AS points"
        con.execute(
            f"""CREATE TABLE marts.indicator_results AS
                SELECT {key}, '3.3' AS indicator_code, n AS numerator, 10::BIGINT AS denominator,
                       CAST(n * 0.1 AS DECIMAL(12,6)) AS rate, {points}, {provisional}
                FROM figures;
                CREATE TABLE marts.scorecards AS SELECT {key}, 'CLGQ' AS group_code, {points} FROM figures;
                CREATE TABLE marts.scorecard_totals AS
                SELECT {key}, {points}, CASE WHEN n > 8 THEN 'Tốt' ELSE 'Khá' END AS grade,
                       rank() OVER (PARTITION BY period_start ORDER BY n DESC) AS rank_in_level,
                       {provisional}
                FROM figures"""
        )
    return publish(data / "releases", path, day, FIGURES, FACTS | facts, RUN, rows_per_part=rows_per_part)
