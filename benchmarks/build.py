"""What the whole dbt build costs, on a made-up province of any size: `make benchmark-build`.

The build (every model, no tests) of an empty province is the fixed cost. Beyond it: the build of all
dossiers against the floor (benchmarks/floor.sql, which must give the same marts row by row), every dbt test,
the component figures in pandas, and a night on a delta of 0.2 % of the dossiers (half of them those received
last, half of them those that ended last). Landed rows are made directly (benchmarks/landed_province.py), so
landing, checks and the release are not in the figures. Every measurement is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.floor import run_floor
from benchmarks.in_pandas import component_figures, differing
from benchmarks.landed_province import Deliveries, adopt, make_landed
from orchestration.build_database import create_build_database, finish_build
from orchestration.dbt_runs import code_version, prepare_manifest, run_dbt
from orchestration.landing.contracts import load_contracts
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import LandedStore
from orchestration.landing.values import file_literal
from orchestration.places import SOURCES, Places
from tests.peak_memory import apart

DAY = date(2026, 9, 30)
DELTA_SHARE = 500  # one dossier in so many is in the delta
_SIDES = ("one_stop_dossiers", "national_dossiers")
# of a dossier that only the delta knows to have ended
_AS_OPEN = (
    "REPLACE (CASE WHEN d.is_new IS NULL THEN t.ended_at END AS ended_at, "
    "CASE WHEN d.is_new IS NULL THEN t.returned_at END AS returned_at, "
    "CASE WHEN d.is_new IS NULL THEN t.status_code ELSE '4' END AS status_code)"
)


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
        kinds = ["--exclude-resource-type", "unit_test", "test", "exposure"]
        run_dbt(self.places, "build", *kinds, target=self.data / "target")
        finish_build(self.places.build_database)
        seconds = time.perf_counter() - started
        return seconds, "all" if prepared.changed is None else f"{prepared.changed:,} codes"

    def nodes(self) -> int:
        """How many nodes the last run of dbt had."""
        results = json.loads((self.data / "target" / "run_results.json").read_text(encoding="utf-8"))
        return len(results["results"])

    def test(self) -> float:
        """Seconds of every dbt test."""
        started = time.perf_counter()
        run_dbt(self.places, "test", "--exclude-resource-type", "unit_test", target=self.data / "target")
        return time.perf_counter() - started


def split_off_delta(landed: Path, out: Path) -> None:
    """Take a night's delta out of the landed rows: the newest dossiers, and those that ended last.

    One in 2 * DELTA_SHARE dossiers, those received last, is removed from `landed` with all that hangs on it,
    and stands in `out`; as many others, those that ended last, stand in both, open in `landed` and ended in
    `out`.
    """
    code = "dossier_code"
    parts = sorted((landed / "one_stop_dossiers" / "one_stop_dossiers").glob("*.parquet"))
    sources = "[" + ", ".join(file_literal(part) for part in parts) + "]"
    with duckdb.connect() as con:
        con.execute(
            f"""CREATE TABLE delta AS
                WITH dossiers AS (
                    SELECT {code}, max(received_at) AS received_at, max(ended_at) AS ended_at
                    FROM read_parquet({sources})
                    GROUP BY {code}
                ),
                placed AS (
                    SELECT *, row_number() OVER (ORDER BY received_at DESC NULLS LAST, {code}) AS newest,
                           count(*) OVER () // {2 * DELTA_SHARE} AS half
                    FROM dossiers
                )
                SELECT {code}, newest <= half AS is_new
                FROM placed
                QUALIFY newest <= half OR row_number() OVER (
                    PARTITION BY newest <= half ORDER BY ended_at DESC NULLS LAST, {code}
                ) <= half"""
        )
        for path in sorted(landed.glob("*/*/*.parquet")):
            columns = {str(row[0]) for row in con.execute(f"DESCRIBE FROM {file_literal(path)}").fetchall()}
            if code not in columns or path.parts[-3] == "petitions":
                continue
            delta = out / path.relative_to(landed)
            delta.parent.mkdir(parents=True, exist_ok=True)
            con.execute(
                f"COPY (SELECT t.* REPLACE ('d' || substr(t.file_sha, 2) AS file_sha) "
                f"FROM {file_literal(path)} AS t SEMI JOIN delta USING ({code})) TO {file_literal(delta)}"
            )
            rest = path.with_suffix(".rest")
            as_open = _AS_OPEN if path.parent.name in _SIDES else ""
            con.execute(
                f"COPY (SELECT t.* {as_open} FROM {file_literal(path)} AS t "
                f"LEFT JOIN delta AS d USING ({code}) WHERE d.is_new IS NOT TRUE) "
                f"TO {file_literal(rest)} (FORMAT parquet)"
            )
            rest.replace(path)


def main() -> None:
    """Print a line per measurement, and how it stands to its aim."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dossiers", type=int, action="append", help="sizes; 1,000,000 when not given")
    parser.add_argument(
        "--pandas-up-to",
        type=int,
        default=1_000_000,
        help="largest size for pandas, which holds everything in memory; 1,000,000 when not given",
    )
    arguments = parser.parse_args()
    prepare_manifest()
    print(f"{'dossiers':>12}  {'what':36}{'seconds':>9}{'peak MB':>9}")
    for dossiers in arguments.dossiers or [1_000_000]:
        folder = Path(tempfile.mkdtemp(prefix="chiso-benchmark-", dir=os.environ.get("CHISO_BENCHMARK_TMP")))
        try:
            measure(folder, dossiers, with_pandas=dossiers <= arguments.pandas_up_to)
        finally:
            shutil.rmtree(folder)


def measure(folder: Path, dossiers: int, *, with_pandas: bool) -> None:
    """All measurements of one size.

    Raises:
        AssertionError: the floor or pandas gives other figures than the build; their times say nothing then.
    """

    def say(what: str, seconds: float, peak: float | None = None) -> None:
        memory = f"{peak:>9,.0f}" if peak is not None else ""
        print(f"{dossiers:>12,}  {what:36}{seconds:>9.1f}{memory}", flush=True)

    def judge(what: str, found: float, aim: float) -> None:
        words = "within" if found <= aim else "BEYOND"
        print(f"{dossiers:>12,}  {what:36}{found:>9.2f}  {words} the aim of {aim:.2f}", flush=True)

    empty = Bench(folder / "empty")
    fixed, _ = empty.build(DAY)
    say("empty province (fixed cost)", fixed)
    judge("fixed cost, seconds", fixed, 15 + 0.08 * empty.nodes())

    landed = make_landed(folder / "province", dossiers, seed=7)
    split_off_delta(landed, folder / "delta")
    bench = Bench(folder / "data")
    bench.deliveries = adopt(landed, bench.store, DAY, "base")
    whole, _ = bench.build(DAY)
    say("every model, all dossiers", whole, _peak_of_children())

    floor, floor_peak = apart(run_floor, bench.places.build_database, folder / "floor")
    shutil.rmtree(folder / "floor")
    say(f"floor, {len(floor.marts)} marts alike", floor.seconds, floor_peak / 1e6)
    assert floor.differing == [], f"the floor has other rows in {floor.differing}"
    judge("build beyond fixed : floor", (whole - fixed) / floor.seconds, 1.5)

    if with_pandas:
        (seconds, other), peak = apart(in_pandas, bench.places.landed, bench.places.build_database)
        say("component figures alone, pandas", seconds, peak / 1e6)
        assert other == 0, f"{other} figures differ between pandas and the build"

    tests = bench.test()
    say("every dbt test", tests)
    judge("tests : build", tests / whole, 0.5)

    next_day = DAY + timedelta(days=1)
    for source, delivered in adopt(folder / "delta", bench.store, next_day, "delta").items():
        bench.deliveries[source] = [*bench.deliveries.get(source, []), *delivered]
    night, worked_on = bench.build(next_day)
    say(f"a night on 0.2 %: {worked_on}", night, _peak_of_children())
    judge("night beyond fixed : build", (night - fixed) / whole, 0.15)


def in_pandas(landed: Path, build: Path) -> tuple[float, int]:
    """Seconds, and how many figures differ from the build's."""
    started = time.perf_counter()
    figures = component_figures(landed, build)
    seconds = time.perf_counter() - started
    return seconds, differing(figures, build)


def _peak_of_children() -> float:
    """Most memory that any process started so far has held, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
