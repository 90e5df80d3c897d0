"""A small form of `make kills`: who is killed leaves readers a whole release, and the next run mends it."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.killed_nights import SMALLEST, Nights, at, marts_of
from tests.province.making import make_province
from tests.readers_under_fire import FIRST, MARTS, ROWS, publish_number

pytestmark = pytest.mark.slow

KILLS = 16


def test_publications_killed_at_any_moment(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    rng = random.Random(7)
    folder = tmp_path / "data"
    folder.mkdir()
    publish_number(folder, 0)
    reader = duckdb.connect(str(folder / "published" / "chiso.duckdb"), read_only=True)
    began = time.monotonic()
    publish_number(tmp_path, 0)  # what one takes, elsewhere
    seconds = time.monotonic() - began
    where = set()
    for number in range(1, KILLS + 1):
        process = context.Process(target=publish_number, args=(folder, number))
        process.start()
        home = folder / "releases" / (FIRST + timedelta(days=number)).isoformat()
        while not home.exists() and process.is_alive():
            time.sleep(0.002)
        time.sleep(rng.uniform(0, seconds))
        process.kill()
        process.join()
        shown = _shown(reader, folder)
        assert shown in (number - 1, number), f"kill {number}"
        where.add("draft" if not (home / "1").exists() else "whole" if shown < number else "shown")
        publish_number(folder, number)
        assert _shown(reader, folder) == number
        assert (folder / "releases" / "current").resolve() == (home / "1").resolve()
        left = [p for name in ("releases", "published") for p in (folder / name).rglob(".*")]
        assert left == []
    assert len(where) > 1, f"all were killed in one place: {where}"
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir()
    publish_number(undisturbed, KILLS)
    assert marts_of(home / "1") == marts_of(undisturbed / "releases" / home.name / "1")


def _shown(reader: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Which publication readers see: the same in every mart, whole, in a kept connection and as a folder."""
    current = (folder / "releases" / "current").resolve()
    shown = set()
    for mart in MARTS:
        told = reader.execute(
            f"SELECT count(*), min(publication), max(publication) FROM marts.{mart}"
        ).fetchone()
        assert told is not None and told[0] == ROWS and told[1] == told[2], f"{mart}: {told}"
        shown.add(int(told[1]))
        opened = reader.execute(
            f"SELECT count(*), min(publication) FROM read_parquet('{current / mart}.parquet')"
        ).fetchone()
        assert opened is not None and opened[0] == ROWS
    assert len(shown) == 1, f"readers of published/ see {shown}"
    return shown.pop()


def test_a_night_killed_in_its_middle(tmp_path: Path) -> None:
    make_province(SMALLEST, tmp_path / "province", "extracts", 1)
    nights = Nights(tmp_path, tmp_path / "province" / "raw")
    killed = nights.kill(at(nights.seconds * 0.6))
    assert killed.faults == [], killed
    with duckdb.connect() as con:
        told = con.execute(
            f"""SELECT business_date::VARCHAR, run_outcome FROM '{nights.data}/outcomes/*.parquet'
                GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
    assert told == [("2026-08-31", "published"), ("2026-09-30", "published"), ("2026-09-30", "stopped")]
    shutil.rmtree(tmp_path / "data")
