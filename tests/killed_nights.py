"""Nights that are killed at any moment, and run again: `make kills`.

The first of two nights is published once. Of a copy of its DATA the second is started, killed with all its
processes at a moment, and run again by the same command. Every time the published marts must be those of a
night that nobody disturbed, byte for byte, and what readers find in between must be one of the two releases,
whole. Half of the moments are spread over the whole night, the others over its end: from the first file of
the draft to the last link.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.province.making import make_province
from tests.province.plan import Arguments

FIRST, SECOND = date(2026, 8, 31), date(2026, 9, 30)
PROVINCE = Arguments(dossiers=600, seed=5, fault_rate=0.02, departments=4, communes=6)
_POLL = 0.01


@dataclass(frozen=True)
class Killed:
    """A night that was killed.

    Attributes:
        seconds: after its start.
        where: how far it had come, by what stood in DATA.
        faults: a sentence each; empty when all is well.
    """

    seconds: float
    where: str
    faults: list[str]


class Nights:
    """A DATA after its first night, and what the second makes of it when nobody disturbs it."""

    def __init__(self, folder: Path, raw: Path) -> None:
        # `published/` names DATA by its full path, so all nights run in one place
        self.raw, self.data, self.kept = raw, folder / "data", folder / "kept"
        _finish(self._start(FIRST))
        shutil.copytree(self.data, self.kept, symlinks=True)
        first = marts_of(_release(self.data))
        started = time.monotonic()
        _finish(self._start(SECOND))
        self.seconds = time.monotonic() - started
        self.wanted = {FIRST: first, SECOND: marts_of(_release(self.data))}

    def kill(self, when: Callable[[Path, float], bool]) -> Killed:
        """Kill the second night when `when` (DATA, seconds since the start) holds, then run it again."""
        shutil.rmtree(self.data)
        shutil.copytree(self.kept, self.data, symlinks=True)
        night = self._start(SECOND)
        started = time.monotonic()
        while night.poll() is None and not when(self.data, time.monotonic() - started):
            time.sleep(_POLL)
        seconds = time.monotonic() - started
        if night.poll() is None:
            os.killpg(night.pid, signal.SIGKILL)
        night.wait()
        where = _where(self.data)
        faults = [f"after the kill: {words}" for words in self._faults((FIRST, SECOND))]
        _finish(self._start(SECOND))
        faults += [f"after the second run: {words}" for words in self._faults((SECOND,))]
        left = [p for folder in ("releases", "ledger", "published") for p in (self.data / folder).rglob(".*")]
        faults += [f"left behind: {path.relative_to(self.data)}" for path in left]
        return Killed(seconds, where, faults)

    def _start(self, day: date) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).parent / "chiso"), "nightly", "--date", day.isoformat()]
        return subprocess.Popen(
            [*command, "--raw", str(self.raw), "--data", str(self.data)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _faults(self, allowed: tuple[date, ...]) -> list[str]:
        """What a reader would find wrong."""
        release = _release(self.data)
        day = date.fromisoformat(release.parent.name)
        if day not in allowed:
            return [f"current shows {day}"]
        found = marts_of(release)
        faults = [
            f"{mart} of the release of {day} is not that of an undisturbed night"
            for mart, digest in self.wanted[day].items()
            if found.get(mart) != digest
        ]
        whole = {
            when: {mart: told["rows"] for mart, told in _manifest(self.data, when)["marts"].items()}
            for when in allowed
            if _manifest(self.data, when)
        }
        with duckdb.connect(str(self.data / "published" / "chiso.duckdb"), read_only=True) as con:
            shown = {mart: _rows(con, mart) for mart in _manifest(self.data, FIRST)["marts"]}
        if shown not in whole.values():
            faults.append("published/ shows no whole release")
        return faults


def _rows(con: duckdb.DuckDBPyConnection, mart: str) -> int:
    counted = con.execute(f"SELECT count(*) FROM marts.{mart}").fetchone()
    assert counted is not None
    return int(counted[0])


def marts_of(release: Path) -> dict[str, str]:
    """SHA-256 of every file of the marts."""
    files = sorted({*release.glob("*.parquet"), *release.glob("*/part-*.parquet")})
    return {str(p.relative_to(release)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _manifest(data: Path, day: date) -> dict[str, Any]:
    """The manifest of the first release of a date; empty before it is whole."""
    found = data / "releases" / day.isoformat() / "1" / "manifest.json"
    return dict(json.loads(found.read_text(encoding="utf-8"))) if found.exists() else {}


def _release(data: Path) -> Path:
    return (data / "releases" / "current").resolve()


def _finish(night: subprocess.Popen[bytes]) -> None:
    assert night.wait() == 0, "a night that nobody disturbs must be published"


def _where(data: Path) -> str:
    home = data.resolve() / "releases" / SECOND.isoformat()
    if _release(data).parent == home:
        return "after the flip"
    if (home / "1").exists():
        return "release whole, not shown"
    return "release half written" if home.exists() else "before the release"


def at(seconds: float) -> Callable[[Path, float], bool]:
    """So long after the start."""
    return lambda _, passed: passed >= seconds


def in_the_end(seconds: float) -> Callable[[Path, float], bool]:
    """So long after the first file of the draft."""
    seen: list[float] = []

    def when(data: Path, passed: float) -> bool:
        if not seen and (data / "releases" / SECOND.isoformat()).exists():
            seen.append(passed)
        return bool(seen) and passed >= seen[0] + seconds

    return when


def killed(folder: Path, kills: int, seed: int, say: Callable[[str], None]) -> list[Killed]:
    """So many killed nights."""
    make_province(PROVINCE, folder / "province", "extracts", 1)
    nights = Nights(folder, folder / "province" / "raw")
    say(f"a night that nobody disturbs: {nights.seconds:.0f} s")
    rng = random.Random(seed)
    done = []
    for number in range(kills):
        moment = at(rng.uniform(0, nights.seconds)) if number % 2 else in_the_end(rng.uniform(0, 20))
        one = nights.kill(moment)
        say(f"{number + 1:>3}  {one.seconds:6.1f} s  {one.where:28}{len(one.faults)} faults")
        for fault in one.faults:
            say(f"     {fault}")
        done.append(one)
    return done


def main() -> None:
    """Print each kill; exit code 1 when one did harm."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chiso-kills-"))
    try:
        done = killed(folder, arguments.kills, arguments.seed, lambda words: print(words, flush=True))
    finally:
        shutil.rmtree(folder)
    where = Counter(one.where for one in done)
    print(f"{len(done)} killed, {sum(bool(one.faults) for one in done)} of them did harm; {dict(where)}")
    raise SystemExit(1 if any(one.faults for one in done) else 0)


if __name__ == "__main__":
    main()
