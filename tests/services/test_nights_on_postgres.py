"""A night of an installation for several people: runs of Dagster and a copy of the marts in PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from psycopg import sql

from orchestration.places import ROOT
from tests.province.making import make_province
from tests.province.plan import Arguments
from tests.services.servers import Postgres

PROVINCE = Arguments(dossiers=300, seed=5, fault_rate=0.02, departments=3, communes=4)
DATABASES = ("chiso_dagster", "chiso_marts")


@pytest.fixture
def environment(postgres: Postgres, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the night finds in its environment: two databases of the server."""
    at = postgres.url.removesuffix("/postgres")
    with psycopg.connect(postgres.url, autocommit=True) as con:
        for name in DATABASES:
            con.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield {
            **os.environ,
            "CHISO_DAGSTER_URL": f"{at.replace('postgresql:', 'postgresql+psycopg2:')}/{DATABASES[0]}",
            "CHISO_POSTGRES_URL": f"{at}/{DATABASES[1]}",
            "CHISO_LINK_KEY_FILE": str(tmp_path / "link.key"),
        }
        for name in DATABASES:
            con.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        for role in ("chiso_reader", "chiso_agency"):
            con.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def chiso(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "chiso"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_night_keeps_its_runs_and_a_copy_of_its_marts_in_postgresql(
    environment: dict[str, str], tmp_path: Path
) -> None:
    make_province(PROVINCE, tmp_path / "province", "extracts", 1)
    data = tmp_path / "data"
    (data / "dagster").mkdir(parents=True)
    shutil.copyfile(ROOT / "deploy" / "dagster.postgres.yaml", data / "dagster" / "dagster.yaml")
    raw = str(tmp_path / "province" / "raw")
    done = chiso(environment, "nightly", "--date", "2026-09-30", "--raw", raw, "--data", str(data))
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(environment["CHISO_DAGSTER_URL"].replace("+psycopg2", "")) as con:
        assert con.execute("SELECT pipeline_name, status FROM runs").fetchall() == [("nightly", "SUCCESS")]
    assert not list((data / "dagster").rglob("*.db")), "some of it is still in SQLite"
    with (
        duckdb.connect(str(data / "releases" / "current" / "chiso.duckdb"), read_only=True) as lake,
        psycopg.connect(environment["CHISO_POSTGRES_URL"]) as con,
    ):
        for query in (
            "SELECT count(*) FROM marts.sync_findings",
            """SELECT agency_code, group_code, points FROM marts.scorecards
               WHERE basis = 'national' AND period_type = 'year' ORDER BY 1, 2, 3""",
        ):
            assert con.execute(query).fetchall() == lake.execute(query).fetchall(), query
    again = chiso(environment, "postgres", "--data", str(data))
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.startswith("PostgreSQL held already 2026-09-30/1: "), again.stdout

    # without a server the night is published all the same, and says that the copy was not made
    away = environment | {"CHISO_POSTGRES_URL": "postgresql://x:geheim@127.0.0.1:1/chiso"}
    done = chiso(away, "nightly", "--date", "2026-09-30", "--raw", raw, "--data", str(data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "COULD NOT BE JUDGED  release: postgres_copy" in done.stdout
    assert "Check the server, the network and CHISO_POSTGRES_URL" in " ".join(done.stdout.split())
    assert "geheim" not in done.stdout + done.stderr
