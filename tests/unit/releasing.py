"""Small releases to test with: two marts of three rows."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.release import Release, publish

DAY = date(2026, 3, 31)
MARTS = {"indicator_results": ["agency_code"], "scorecards": ["agency_code", "group_code"]}
FACTS = {"rulesets": ["766-v1"], "code_version": "c1", "inputs": [{"file": "a.json", "sha256": "ab"}]}
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
