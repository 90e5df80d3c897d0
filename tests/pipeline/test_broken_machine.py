"""Machines that let a night down: full, switched off, not writable. It is said, and nothing is lost."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.nightly import NightError, run_night
from orchestration.places import Places
from tests.killed_nights import marts_of
from tests.pipeline.conftest import LAST_DAY, Corrected, Run, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clean night")]

# a file may not grow beyond it: landed files and runs of Dagster are smaller, build files are larger
SMALL_DISK = 12 << 20
NOBODY = 65534


def test_a_full_disk_and_a_kill_cost_nothing_but_time(
    clean_night: Run, corrected: Corrected, tmp_path: Path
) -> None:
    """The night of `corrected` again, on a full disk, then killed in its middle, then as it should be."""
    data = Path(shutil.copytree(clean_night.places.data, tmp_path / "data", symlinks=True))
    before = (data / "releases" / "current").resolve()
    command = [str(Path(sys.executable).parent / "chiso"), "nightly", "--date", LAST_DAY.isoformat()]
    command += ["--raw", str(corrected.raw), "--data", str(data)]

    full = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_on_a_small_disk)
    assert full.returncode == 1, full.stdout + full.stderr
    words = " ".join(full.stdout.split())
    assert "A file of the night could not grow: the disk is full" in words, full.stdout
    assert "No release was published; the last one stays in place." in words

    night = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    results = data / "build" / "dbt" / "graph_summary.json"  # dbt writes it when it begins to build
    then = results.stat().st_mtime_ns
    while night.poll() is None and results.stat().st_mtime_ns == then:
        time.sleep(0.01)
    time.sleep(3)
    assert night.poll() is None
    os.killpg(night.pid, signal.SIGKILL)
    night.wait()
    assert (data / "releases" / "current").resolve() == before

    again = run(corrected.raw, data)
    assert again.night.published, again.messages
    assert again.night.release is not None and corrected.ran.night.release is not None
    assert marts_of(again.night.release) == marts_of(corrected.ran.night.release)
    with duckdb.connect() as con:
        told = con.execute(
            f"""SELECT run_outcome FROM '{data}/outcomes/*.parquet'
                GROUP BY run_id, run_outcome ORDER BY min(started_at)"""
        ).fetchall()
    assert [outcome for (outcome,) in told] == ["published", "errored", "stopped", "published"]


def _on_a_small_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, SMALL_DISK))


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that this process may read and not write, also where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="chiso-read-only-"))
    (folder / "data").mkdir()
    (folder / "raw").mkdir()
    (folder / "link.key").write_text("0" * 64, encoding="utf-8")
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555)
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(before)
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize("where", ["data", "data/of/a/province"])
def test_a_data_folder_that_cannot_be_written_is_said(
    as_nobody: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHISO_LINK_KEY_FILE", str(as_nobody / "link.key"))
    at = Places(raw=as_nobody / "raw", data=as_nobody / where)
    with pytest.raises(NightError, match=rf"{where} cannot be written: Permission denied"):
        run_night(date(2026, 9, 30), at, lambda news: None)
    assert not any((as_nobody / "data").iterdir())
