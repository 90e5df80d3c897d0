"""What Great Expectations takes for a million dossiers that land in one night: `make benchmark`.

Each source is judged as the night's check judges it, in a process of its own. The aim: judging takes that
process no more than 1 GB beyond what it held before, however many rows there are.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build import DAY, Bench
from benchmarks.landed_province import adopt, make_landed
from orchestration.defs.checks import judge_landed
from orchestration.landing.contracts import load_contracts
from orchestration.places import EXPECTATIONS, SOURCES
from orchestration.suites import load_suite
from tests.peak_memory import apart, growing

_AIM = 1e9  # bytes


@dataclass
class Cost:
    """Of judging one source: expectations, its answer, seconds, and bytes beyond those held before."""

    expectations: int
    outcome: str
    seconds: float
    grown: int


def judged(bench: Bench, source: str) -> Cost:
    """Judge what landed of a source."""
    contracts = load_contracts(SOURCES)
    suite = load_suite(EXPECTATIONS, contracts[source])
    seen = {s: c for s, c in contracts.items() if s in {source, *suite.needed_sources}}
    deliveries = {s: bench.deliveries.get(s, []) for s in seen}
    started = time.perf_counter()
    with growing() as grown:
        verdict = judge_landed(suite, seen, deliveries, bench.store, DAY)
        seconds = time.perf_counter() - started
        return Cost(len(verdict.judgements), verdict.outcome, seconds, grown())


def main() -> None:
    """Print a line per source."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dossiers", type=int, default=1_000_000, help="1,000,000 when not given")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chiso-benchmark-"))
    try:
        bench = Bench(folder / "data")
        landed = make_landed(folder / "province", arguments.dossiers, seed=7)
        bench.deliveries = adopt(landed, bench.store, DAY, "base")
        print(f"{'source':24}{'expectations':>13}{'answer':>9}{'seconds':>9}{'grown MB':>10}{'peak MB':>9}")
        for source in (s for s, delivered in bench.deliveries.items() if delivered):
            cost, peak = apart(judged, bench, source)
            aim = "" if cost.grown <= _AIM else f"  BEYOND the aim of {_AIM / 1e6:,.0f}"
            print(
                f"{source:24}{cost.expectations:>13}{cost.outcome:>9}{cost.seconds:>9.1f}"
                f"{cost.grown / 1e6:>10,.0f}{peak / 1e6:>9,.0f}{aim}",
                flush=True,
            )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
