"""Machines that let a night down: a full disk, a DATA that cannot be written. Said clearly, nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from orchestration.nightly import NightError, run_night
from orchestration.places import Places
from orchestration.publishing.releases import read_manifest
from tests.pipeline.conftest import LAST_DAY, Run, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clean night")]

# a file of a night may not grow beyond it: landed files are smaller, the build file becomes larger
SMALL_DISK = 16 << 20
NOBODY = 65534


def test_a_full_disk_is_said_and_the_same_night_comes_out_after_all(
    small_raw: Path, clean_night: Run, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    command = [str(Path(sys.executable).parent / "chiso"), "nightly", "--date", LAST_DAY.isoformat()]
    done = subprocess.run(
        [*command, "--raw", str(small_raw), "--data", str(data)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, SMALL_DISK)),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    words = " ".join(done.stdout.split())
    assert "A file of the night could not grow: the disk is full" in words, done.stdout
    assert "No release was published; the last one stays in place." in words
    assert not (data / "releases" / "current").exists()
    assert not list(data.glob("releases/*/[0-9]*"))
    again = run(small_raw, data)
    assert again.night.published, again.messages
    assert again.night.release is not None and clean_night.night.release is not None
    undisturbed = read_manifest(clean_night.night.release)["marts"]
    assert read_manifest(again.night.release)["marts"] == undisturbed


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
