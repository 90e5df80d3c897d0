"""A small form of `make kills`: who is killed leaves readers a whole release, and the next run mends it.

Here it is the publishing alone; a night killed in its middle is in test_broken_machine.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.killed_nights import marts_of
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
        # every other one while the release is half written, the others from when it is whole on
        begun = home / "1" if number % 2 else home
        while not begun.exists() and process.is_alive():
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.2 if number % 2 else seconds / 2))
        process.kill()
        process.join()
        shown = _shown(reader, folder)
        assert shown in (number - 1, number), f"kill {number}"
        where.add("half" if not (home / "1").exists() else "whole" if shown < number else "shown")
        publish_number(folder, number)
        assert _shown(reader, folder) == number
        assert (folder / "releases" / "current").resolve() == (home / "1").resolve()
        left = [p for name in ("releases", "published") for p in (folder / name).rglob(".*")]
        assert left == []
    assert "half" in where and len(where) > 1, f"all were killed in one place: {where}"
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
