"""Nights that are killed at any moment, and run again: `make kills`.

The first of two nights is published once. Of a copy of its DATA the second is started, killed with all its
processes at a moment, and run again by the same command, while a reader asks all the time. Every time the
published marts must be those of a night that nobody disturbed, byte for byte, and what readers find must be
one of the two releases, whole. Half of the moments are spread over the whole night, the others over its end:
from the first file of the draft to the last link.

Sixty take hours. `--first 20 --kills 20` takes the same moments as the second third of sixty.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.places import Places
from tests.province.making import make_province
from tests.province.plan import Arguments

FIRST, SECOND = date(2026, 8, 31), date(2026, 9, 30)
PROVINCE = Arguments(dossiers=600, seed=5, fault_rate=0.02, departments=4, communes=6)
END_SECONDS = 20  # from the first file of the draft on
_POLL = 0.01
_PAUSE_OF_READERS = 1.0


@dataclass(frozen=True)
class Moment:
    """When a night is killed: `at` (0 to 1) of the whole night, or of the seconds of its end."""

    number: int
    in_the_end: bool
    at: float


@dataclass(frozen=True)
class Killed:
    """A night that was killed.

    Attributes:
        seconds: after its start.
        where: how far it had come, by what stood in DATA.
        looks: how often a reader asked, from before the kill until the second run had ended.
        faults: a sentence each; empty when all is well.
    """

    seconds: float
    where: str
    looks: int
    faults: list[str]


@dataclass
class Looks:
    """What a reader met."""

    times: int = 0
    faults: list[str] = field(default_factory=list)


class Nights:
    """A DATA after its first night, and what the second makes of it when nobody disturbs it."""

    def __init__(self, folder: Path, raw: Path) -> None:
        # `published/` names DATA by its full path, so all nights run in one place
        self.raw, self.data, self.kept = raw, folder / "data", folder / "kept"
        self._run(FIRST)
        shutil.copytree(self.data, self.kept, symlinks=True)
        first = marts_of(_release(self.data))
        started = time.monotonic()
        self._run(SECOND)
        self.seconds = time.monotonic() - started
        self.wanted = {FIRST: first, SECOND: marts_of(_release(self.data))}
        self.rows = {
            day: {mart: told["rows"] for mart, told in _manifest(self.data, day)["marts"].items()}
            for day in (FIRST, SECOND)
        }

    def kill(self, moment: Moment) -> Killed:
        """Kill the second night at a moment, then run it again."""
        shutil.rmtree(self.data)
        shutil.copytree(self.kept, self.data, symlinks=True)
        with self._reader() as looks:
            seconds = self._run(SECOND, until=self._when(moment))
            where = self._where()
            faults = [f"after the kill: {words}" for words in self._faults((FIRST, SECOND))]
            self._run(SECOND)
        faults += [f"after the second run: {words}" for words in self._faults((SECOND,))]
        left = [p for folder in ("releases", "ledger", "published") for p in (self.data / folder).rglob(".*")]
        faults += [f"left behind: {path.relative_to(self.data)}" for path in left]
        faults += [f"a reader: {words}" for words in looks.faults]
        if not looks.times:
            faults.append("no reader looked")
        return Killed(seconds, where, looks.times, faults)

    def _when(self, moment: Moment) -> Callable[[float], bool]:
        """Whether the moment has come, asked with the seconds since the start."""
        if not moment.in_the_end:
            return lambda passed: passed >= moment.at * self.seconds
        seen: list[float] = []

        def has_come(passed: float) -> bool:
            if not seen and (self.data / "releases" / SECOND.isoformat()).exists():
                seen.append(passed)
            return bool(seen) and passed >= seen[0] + moment.at * END_SECONDS

        return has_come

    def _run(self, day: date, until: Callable[[float], bool] | None = None) -> float:
        """Run a night to its end, which must be good, or kill it; the seconds that it ran."""
        command = [str(Path(sys.executable).parent / "chiso"), "nightly", "--date", day.isoformat()]
        started = time.monotonic()
        night = subprocess.Popen(
            [*command, "--raw", str(self.raw), "--data", str(self.data)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            if until is None:
                assert night.wait() == 0, "a night that nobody disturbs must be published"
            else:
                while night.poll() is None and not until(time.monotonic() - started):
                    time.sleep(_POLL)
            return time.monotonic() - started
        finally:
            if night.poll() is None:
                os.killpg(night.pid, signal.SIGKILL)
                night.wait()

    @contextmanager
    def _reader(self) -> Iterator[Looks]:
        """Somebody who keeps a connection and asks, all the time."""
        looks, is_over = Looks(), threading.Event()

        def ask() -> None:
            with duckdb.connect(str(self.data / "published" / "chiso.duckdb"), read_only=True) as con:
                while not is_over.wait(_PAUSE_OF_READERS):
                    try:
                        looks.faults += self._look(con)
                    except duckdb.Error as error:
                        looks.faults.append(str(error))
                    looks.times += 1

        thread = threading.Thread(target=ask)
        thread.start()
        try:
            yield looks
        finally:
            is_over.set()
            thread.join()

    def _look(self, con: duckdb.DuckDBPyConnection) -> list[str]:
        """What is wrong in a kept connection, mart by mart, and in the release that `current` shows."""
        faults = []
        for mart in self.rows[FIRST]:
            found = _count(con, mart)
            if found not in (self.rows[FIRST][mart], self.rows[SECOND][mart]):
                faults.append(f"{mart} in published/ has {found} rows, as no release has")
        release = _release(self.data)
        with duckdb.connect(str(release / "chiso.duckdb"), read_only=True) as opened:
            shown = {mart: _count(opened, mart) for mart in self.rows[FIRST]}
        if shown != self.rows[date.fromisoformat(release.parent.name)]:
            faults.append(f"the release {release} is not whole")
        return faults

    def _faults(self, allowed: tuple[date, ...]) -> list[str]:
        """What a reader would find wrong while nothing runs."""
        release = _release(self.data)
        day = date.fromisoformat(release.parent.name)
        if day not in allowed:
            return [f"current shows {day}"]
        found = marts_of(release)
        faults = [
            f"{mart} of the release of {day} is not that of an undisturbed night"
            for mart in sorted(self.wanted[day].keys() | found.keys())
            if found.get(mart) != self.wanted[day].get(mart)
        ]
        with duckdb.connect(str(self.data / "published" / "chiso.duckdb"), read_only=True) as con:
            shown = {mart: _count(con, mart) for mart in self.rows[FIRST]}
        if shown not in [self.rows[when] for when in allowed]:
            faults.append("published/ shows no whole release")
        return faults

    def _where(self) -> str:
        home = self.data.resolve() / "releases" / SECOND.isoformat()
        if _release(self.data).parent == home:
            return "after the flip"
        if (home / "1").exists():
            return "release whole, not shown"
        if home.exists():
            return "release half written"
        build, before = (Places(raw=self.raw, data=d).build_database for d in (self.data, self.kept))
        is_begun = not build.exists() or build.stat().st_mtime_ns != before.stat().st_mtime_ns
        return "build and gates" if is_begun else "landing"


def _count(con: duckdb.DuckDBPyConnection, mart: str) -> int:
    counted = con.execute(f"SELECT count(*) FROM marts.{mart}").fetchone()
    assert counted is not None
    return int(counted[0])


def marts_of(release: Path) -> dict[str, str]:
    """SHA-256 of every file of the marts."""
    files = sorted({*release.glob("*.parquet"), *release.glob("*/part-*.parquet")})
    return {str(p.relative_to(release)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _manifest(data: Path, day: date) -> dict[str, Any]:
    """The manifest of the first release of a date."""
    found = data / "releases" / day.isoformat() / "1" / "manifest.json"
    return dict(json.loads(found.read_text(encoding="utf-8")))


def _release(data: Path) -> Path:
    return (data / "releases" / "current").resolve()


def moments(first: int, kills: int, seed: int) -> list[Moment]:
    """So many moments from the `first` on, every other one in the end of a night."""
    rng = random.Random(seed)
    return [Moment(n, n % 2 == 1, rng.random()) for n in range(first + kills)][first:]


def killed(folder: Path, raw: Path, when: list[Moment]) -> list[Killed]:
    """A night killed at each of the moments, one after the other; a line is printed for each."""
    folder.mkdir()
    nights = Nights(folder, raw)
    print(f"a night that nobody disturbs: {nights.seconds:.0f} s", flush=True)
    done = []
    for moment in when:
        one = nights.kill(moment)
        done.append(one)
        lines = [f"{moment.number:>3}  {one.seconds:6.1f} s  {one.where:26}{one.looks:>5} looks"]
        lines += [f"     {fault}" for fault in one.faults]
        print("\n".join(lines), flush=True)
    return done


def main() -> None:
    """Print each kill; exit code 1 when one did harm."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="leave out so many moments")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side-by-side", type=int, default=2, help="nights at a time, each in its own DATA")
    arguments = parser.parse_args()
    when = moments(arguments.first, arguments.kills, arguments.seed)
    sides = min(arguments.side_by_side, len(when))
    folder = Path(tempfile.mkdtemp(prefix="chiso-kills-"))
    try:
        make_province(PROVINCE, folder / "province", "extracts", 1)
        raw = folder / "province" / "raw"
        with ProcessPoolExecutor(sides, multiprocessing.get_context("spawn")) as pool:
            # every side has moments of both kinds
            shares = [[m for m in when if m.number // 2 % sides == side] for side in range(sides)]
            at_work = [
                pool.submit(killed, folder / str(side), raw, share)
                for side, share in enumerate(shares)
                if share
            ]
            done = [one for share in at_work for one in share.result()]
    finally:
        shutil.rmtree(folder)
    where = Counter(one.where for one in done)
    looks, harmed = sum(one.looks for one in done), sum(bool(one.faults) for one in done)
    print(f"{len(done)} killed, {harmed} of them did harm, readers looked {looks:,} times; {dict(where)}")
    raise SystemExit(1 if harmed else 0)


if __name__ == "__main__":
    main()
