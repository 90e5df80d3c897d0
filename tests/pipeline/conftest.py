"""Real nights on small made-up provinces: nothing is mocked, so each night takes some seconds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.nightly import Night, run_night
from orchestration.places import Places
from tests.pipeline.building import Built, build
from tests.province.making import make_province
from tests.province.plan import Arguments
from tests.province.planting import plant

LAST_DAY = date(2026, 9, 30)
CLEAN = Arguments(dossiers=600, seed=5, fault_rate=0.0, departments=4, communes=6)
FAULTY = Arguments(dossiers=2000, seed=41, fault_rate=0.06, departments=6, communes=10, faults="all")
# of provinces on which every fault is planted, and how many dossiers get two of them
SEEDS = (11, 22, 33)
PAIRS = 40


@dataclass(frozen=True)
class Province:
    """A made-up province on disk: extracts, and the truth apart from them."""

    raw: Path
    truth: Path


@dataclass(frozen=True)
class Run:
    """A night that was run, and where."""

    night: Night
    places: Places

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query over the marts of the current release."""
        database = self.places.releases / "current" / "chiso.duckdb"
        with duckdb.connect(str(database), read_only=True) as con:
            con.execute("USE marts")
            return con.execute(sql).fetchall()

    @property
    def messages(self) -> str:
        """Everything the night said about checks and errors, as one text."""
        return "\n".join([a.message for a in self.night.not_passed] + self.night.errors)


def run(raw: Path, data: Path, day: date = LAST_DAY) -> Run:
    """One real night."""
    places = Places(raw=raw.resolve(), data=data.resolve())
    return Run(run_night(day, places, lambda news: None), places)


def clean(seed: int) -> Arguments:
    return Arguments(dossiers=2000, seed=seed, fault_rate=0.0, departments=6, communes=10)


def planted(
    make: Callable[[Arguments], Province],
    seed: int,
    out: Path,
    per_fault: int = 2,
    codes: set[str] | None = None,
) -> Province:
    """A copy of a clean province with faults on it."""
    province = Province(out / "raw", out / "truth")
    shutil.copytree(make(clean(seed)).raw, province.raw)
    shutil.copytree(make(clean(seed)).truth, province.truth)
    plant(province.raw, province.truth, seed, per_fault, 0 if codes else PAIRS, codes)
    return province


def chiso(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, as a person would run it."""
    command = [str(Path(sys.executable).parent / "chiso"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Arguments], Province]:
    """Makes each province once a session; tests that change files copy it first."""
    made: dict[Arguments, Province] = {}

    def _make(arguments: Arguments) -> Province:
        if arguments not in made:
            out = tmp_path_factory.mktemp("province")
            make_province(arguments, out, "extracts", 1)
            made[arguments] = Province(out / "raw", out / "truth")
        return made[arguments]

    return _make


@pytest.fixture
def small_raw(make: Callable[[Arguments], Province], tmp_path: Path) -> Path:
    """A drop zone of 600 dossiers without faults that a test may spoil."""
    return Path(shutil.copytree(make(CLEAN).raw, tmp_path / "raw"))


@pytest.fixture(scope="session")
def clean_night(make: Callable[[Arguments], Province], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A night on that drop zone as it is; of one worker (xdist_group "clean night"), not to be changed."""
    ran = run(make(CLEAN).raw, tmp_path_factory.mktemp("clean") / "data")
    assert ran.night.published, ran.messages
    return ran


@dataclass(frozen=True)
class Corrected:
    """A night after `clean_night` that nobody disturbs: one dossier of August came by post, not online.

    Attributes:
        raw: the drop zone with the corrected file, not to be changed.
        file: the corrected file, as the release names it.
        rows: how many dossiers are in it.
        before: the release before the correction, in the DATA of this night.
    """

    raw: Path
    file: str
    rows: int
    before: Path
    ran: Run


@pytest.fixture(scope="session")
def corrected(
    make: Callable[[Arguments], Province], clean_night: Run, tmp_path_factory: pytest.TempPathFactory
) -> Corrected:
    """The night that works on a corrected file; of one worker (xdist_group "clean night")."""
    folder = tmp_path_factory.mktemp("corrected")
    raw = Path(shutil.copytree(make(CLEAN).raw, folder / "raw"))
    shutil.copytree(clean_night.places.data, folder / "data", symlinks=True)
    before = (folder / "data" / "releases" / "current").resolve()
    path = sorted((raw / "one_stop_dossiers" / "2026-08-31").glob("*.json"))[0]
    message = json.loads(path.read_text(encoding="utf-8"))
    later = "".join(
        p.read_text(encoding="utf-8")
        for p in (raw / "one_stop_dossiers" / LAST_DAY.isoformat()).glob("*.json")
    )
    # 2 is online, 3 by post; nothing later tells of it
    dossier = next(
        d
        for d in message["data"]
        if d["KenhThucHien"] == "2" and "202601" <= d["NgayTiepNhan"] < "202609" and d["MaHoSo"] not in later
    )
    dossier["KenhThucHien"] = "3"
    path.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
    file = f"one_stop_dossiers/2026-08-31/{path.name}"
    return Corrected(raw, file, len(message["data"]), before, run(raw, folder / "data"))


@pytest.fixture(scope="session")
def faulty_province(make: Callable[[Arguments], Province]) -> Province:
    """Every fault that can be planted, each on some dossiers, and pairs of them."""
    return make(FAULTY)


@pytest.fixture(scope="session")
def faulty_night(faulty_province: Province, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What was built of that province; of one worker (xdist_group "faulty night")."""
    return build(faulty_province.raw, tmp_path_factory.mktemp("faulty") / "data", LAST_DAY)


@pytest.fixture(scope="session")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """DATA of a night on the sample, and what the command printed; of one worker (xdist_group "sample")."""
    data = tmp_path_factory.mktemp("sample") / "data"
    return data, chiso("nightly", "--date", "2026-09-30", "--data", str(data))


@pytest.fixture(scope="session")
def current(sample_night: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    data, done = sample_night
    assert done.returncode == 0, done.stdout + done.stderr
    return data / "releases" / "current"


@pytest.fixture(scope="session")
def faulty(
    make: Callable[[Arguments], Province], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Province, Built]:
    """Every fault on a clean province, and what was built of it; of one worker (xdist_group "findings")."""
    out = tmp_path_factory.mktemp("faulty")
    province = planted(make, SEEDS[0], out)
    return province, build(province.raw, out / "data", LAST_DAY)
