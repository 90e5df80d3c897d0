"""What the whole dbt build costs, on a made-up province of any size: `make benchmark-build`.

The build (every model, no tests) of an empty province is the fixed cost. Beyond it: the build of all
dossiers, every dbt test, then a night on a delta of 0.2 % of the dossiers (half of them new, half of them
ended since). Landed rows are made directly (benchmarks/landed_province.py), so landing, checks and the
release are not in the figures. The floor, a hand-written script for the same marts, is still to come.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.landed_province import Deliveries, adopt, make_landed
from orchestration.build_database import create_build_database, finish_build
from orchestration.dbt_runs import code_version, prepare_manifest, run_dbt
from orchestration.landing.contracts import load_contracts
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import LandedStore
from orchestration.landing.values import file_literal
from orchestration.places import SOURCES, Places

DAY = date(2026, 9, 30)
DELTA_SHARE = 500  # one dossier in so many is in the delta
_SIDES = ("one_stop_dossiers", "national_dossiers")


@dataclass
class Bench:
    """One DATA folder to build in."""

    data: Path
    deliveries: Deliveries = field(default_factory=dict)

    @property
    def places(self) -> Places:
        return Places(raw=self.data / "raw", data=self.data)

    @property
    def store(self) -> LandedStore:
        return LandedStore(self.places.landed, LinkKey(bytes(32)))

    def build(self, day: date) -> tuple[float, str]:
        """Seconds of preparing the build file and building every model, and what was worked on."""
        contracts = load_contracts(SOURCES)
        deliveries = {source: self.deliveries.get(source, []) for source in contracts}
        started = time.perf_counter()
        prepared = create_build_database(
            self.places.build_database, day, contracts, deliveries, self.store, code_version()
        )
        run_dbt(
            self.places, "build", "--exclude-resource-type", "unit_test", "test", target=self.data / "target"
        )
        finish_build(self.places.build_database)
        seconds = time.perf_counter() - started
        return seconds, "all" if prepared.changed is None else f"{prepared.changed:,} codes"

    def test(self) -> float:
        """Seconds of every dbt test."""
        started = time.perf_counter()
        run_dbt(self.places, "test", "--exclude-resource-type", "unit_test", target=self.data / "target")
        return time.perf_counter() - started


def split_off_delta(landed: Path, out: Path) -> None:
    """Take dossiers out of the landed rows: those that come new, and others that were still open.

    Every 2 * DELTA_SHARE-th dossier is removed from `landed` with all that hangs on it, and stands in `out`;
    as many others stand in both, open in `landed` and as they are in `out`.
    """
    code = "dossier_code"
    new, ended = f"hash({code}) % {2 * DELTA_SHARE} = 0", f"hash({code}) % {2 * DELTA_SHARE} = 1"
    as_open = (
        f"* REPLACE (CASE WHEN NOT {ended} THEN ended_at END AS ended_at, "
        f"CASE WHEN NOT {ended} THEN returned_at END AS returned_at, "
        f"CASE WHEN {ended} THEN '4' ELSE status_code END AS status_code)"
    )
    with duckdb.connect() as con:
        for path in sorted(landed.glob("*/*/*.parquet")):
            columns = {str(row[0]) for row in con.execute(f"DESCRIBE FROM {file_literal(path)}").fetchall()}
            if code not in columns or path.parts[-3] == "petitions":
                continue
            delta = out / path.relative_to(landed)
            delta.parent.mkdir(parents=True, exist_ok=True)
            con.execute(
                f"COPY (SELECT * REPLACE ('d' || substr(file_sha, 2) AS file_sha) FROM {file_literal(path)} "
                f"WHERE {new} OR {ended}) TO {file_literal(delta)}"
            )
            kept = as_open if path.parent.name in _SIDES else "*"
            rest = path.with_suffix(".rest")
            con.execute(
                f"COPY (SELECT {kept} FROM {file_literal(path)} WHERE NOT {new}) TO {file_literal(rest)} "
                "(FORMAT parquet)"
            )
            rest.replace(path)


def main() -> None:
    """Print a line per measurement."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dossiers", type=int, action="append", help="sizes; 1,000,000 when not given")
    arguments = parser.parse_args()
    prepare_manifest()
    print(f"{'dossiers':>12}  {'what':28}{'seconds':>9}  worked on")
    for dossiers in arguments.dossiers or [1_000_000]:
        folder = Path(tempfile.mkdtemp(prefix="chiso-benchmark-", dir=os.environ.get("CHISO_BENCHMARK_TMP")))
        try:
            measure(folder, dossiers)
        finally:
            shutil.rmtree(folder)


def measure(folder: Path, dossiers: int) -> None:
    """All measurements of one size."""

    def say(what: str, seconds: float, worked_on: str = "") -> None:
        print(f"{dossiers:>12,}  {what:28}{seconds:>9.1f}  {worked_on}", flush=True)

    say("empty province", *Bench(folder / "empty").build(DAY))
    landed = make_landed(folder / "province", dossiers, seed=7)
    split_off_delta(landed, folder / "delta")
    bench = Bench(folder / "data")
    bench.deliveries = adopt(landed, bench.store, DAY, "base")
    say("all dossiers", *bench.build(DAY))
    say("every dbt test", bench.test())
    for source, delivered in adopt(folder / "delta", bench.store, DAY + timedelta(days=1), "delta").items():
        bench.deliveries[source] = [*bench.deliveries.get(source, []), *delivered]
    say("a night on 0.2 % of them", *bench.build(DAY + timedelta(days=1)))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{dossiers:>12,}  peak memory of a dbt process: {peak:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
