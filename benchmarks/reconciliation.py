"""What the reconciliation rules cost, on a made-up province of any size: `make benchmark-reconciliation`.

The time of the models that pair, compare and judge (as dbt measured each) against a bare full outer join in
DuckDB with the same comparisons (benchmarks/reconciliation.sql) on the same staging tables; up to
a million also against datacompy on polars. The bare join must find the same dossiers.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.build import DAY, Bench
from benchmarks.landed_province import adopt, make_landed
from orchestration.dbt_runs import prepare_manifest
from orchestration.landing.values import file_literal
from tests.peak_memory import apart

_SCRIPT = Path(__file__).with_name("reconciliation.sql")
_AIM = 2.5
# the models of each kind of rule
MODELS = {
    "dossiers": (
        "int_odd_headers", "int_dossier_rematches", "int_dossiers_looked_at", "int_pairs_tonight",
        "int_dossier_pairs", "int_pair_differences", "int_orphan_matches", "int_findings",
        "int_found_tonight",
    ),
    "steps": ("int_odd_steps", "int_pair_steps"),
    "papers": (
        "int_odd_papers", "int_pair_papers", "int_pair_holdings", "int_documents_held",
        "int_papers_asked_again", "int_pair_reuse", "int_dossier_payments",
    ),
}  # fmt: skip
# what is compared of the two copies, field by field
COMPARED = (
    "procedure_code", "field_code", "channel_code", "owner_type_code", "filed_at", "received_at", "due_at",
    "ended_at", "status_code", "processing_unit_name", "online_payment_code", "has_procedure_name",
)  # fmt: skip
# and what they read that is made for the indicators anyway
OF_THE_FACTS = {"steps": ("int_dossier_steps",), "papers": ("int_dossier_lists", "int_dossier_documents")}


class Found(NamedTuple):
    """How many dossiers differ in a field or have no counterpart, and how many others the portal holds in an
    older state.
    """

    different: int
    stale: int


def main() -> None:
    """Print a line per measurement, and how it stands to its aim."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--dossiers", type=int, default=1_000_000, help="on each side; 1,000,000 if not given"
    )
    dossiers = parser.parse_args().dossiers
    prepare_manifest()
    folder = Path(tempfile.mkdtemp(prefix="chiso-benchmark-", dir=os.environ.get("CHISO_BENCHMARK_TMP")))
    try:
        measure(folder, dossiers)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, dossiers: int) -> None:
    """All measurements of one size.

    Raises:
        AssertionError: the bare join or datacompy finds other dossiers; their times say nothing then.
    """

    def say(what: str, seconds: float, more: str = "") -> None:
        print(f"{dossiers:>12,}  {what:44}{seconds:>8.1f} s  {more}", flush=True)

    bench = Bench(folder / "data")
    bench.deliveries = adopt(make_landed(folder / "province", dossiers, seed=7), bench.store, DAY, "all")
    whole, _ = bench.build(DAY)
    say("every model", whole)
    results = json.loads((bench.data / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    took = {r["unique_id"].split(".")[2]: float(r["execution_time"]) for r in results}
    (bare, found), peak = apart(bare_joins, bench.places.build_database, folder / "bare")
    for kind, models in MODELS.items():
        ours = sum(took[model] for model in models)
        ratio = ours / bare[kind]
        words = "within" if ratio <= _AIM else "BEYOND"
        say(f"rules on {kind}: {len(models)} models", ours)
        say(f"bare join of {kind}", bare[kind], f"{ratio:.2f}, {words} the aim of {_AIM}")
        if kind in OF_THE_FACTS:
            facts = sum(took[model] for model in OF_THE_FACTS[kind])
            say("  what the facts need of them anyway", facts, f"with it {(ours + facts) / bare[kind]:.2f}")
    say("bare joins, peak", 0, f"{peak / 1e6:,.0f} MB")
    assert found == found_by_the_rules(bench.places.build_database), "the bare join finds other dossiers"
    if dossiers <= 1_000_000:
        (seconds, theirs), peak = apart(by_datacompy, bench.places.build_database)
        ours = sum(took[model] for model in MODELS["dossiers"])
        say("datacompy (polars)", seconds, f"{peak / 1e6:,.0f} MB; rules : datacompy {ours / seconds:.2f}")
        assert theirs == found.different, "datacompy finds other dossiers"


def bare_joins(build: Path, folder: Path) -> tuple[dict[str, float], Found]:
    """Seconds per kind, and what it found of dossiers."""
    folder.mkdir()
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "6GB",  # as dbt_project/profiles.yml
        "temp_directory": str(folder / "tmp"),
    }
    seconds: dict[str, float] = {}
    with duckdb.connect(":memory:", config=settings) as con:
        con.execute(f"ATTACH {file_literal(folder / 'bare.duckdb')} AS bare")
        con.execute(f"ATTACH {file_literal(build)} AS build (READ_ONLY)")
        con.execute("USE build")
        kinds = _SCRIPT.read_text(encoding="utf-8").split("\n-- ")[1:]
        for part in kinds:
            kind, _, statements = part.partition("\n")
            if kind not in MODELS:
                continue
            started = time.perf_counter()
            con.execute(statements)
            con.execute("CHECKPOINT bare")
            seconds[kind] = time.perf_counter() - started
        found = con.execute(
            f"""SELECT count(*) FILTER (
                    missing_on_one_stop OR missing_on_national OR {" OR ".join(COMPARED)}
                ), count(*) FILTER (stale AND NOT ({" OR ".join(COMPARED)}))
                FROM bare.dossiers"""
        ).fetchone()
    assert found is not None
    return seconds, Found(*found)


def found_by_the_rules(build: Path) -> Found:
    """What the models say of the same."""
    with duckdb.connect(str(build), read_only=True) as con:
        found = con.execute(
            """SELECT count(*) FILTER (differs OR NOT is_paired),
                      count(*) FILTER (
                          is_paired AND NOT differs
                          AND modified_at > coalesce(one_stop_synced_at, national_synced_at)
                      )
               FROM intermediate.int_pairs_tonight"""
        ).fetchone()
    assert found is not None
    return Found(*found)


def by_datacompy(build: Path) -> tuple[float, int]:
    """Seconds, and how many dossiers differ or have no counterpart."""
    import datacompy
    import polars as pl

    columns = ", ".join(["dossier_code", *COMPARED])
    with duckdb.connect(str(build), read_only=True) as con:
        one_stop, national = (
            con.execute(f"SELECT {columns} FROM staging.stg_{side}__dossiers").pl()
            for side in ("one_stop", "national")
        )
    started = time.perf_counter()
    compared = datacompy.PolarsCompare(one_stop, national, join_columns="dossier_code")
    matches = [pl.col(c) for c in compared.intersect_rows.columns if c.endswith("_match")]
    different = compared.intersect_rows.filter(~pl.all_horizontal(matches)).height
    alone = compared.df1_unq_rows.height + compared.df2_unq_rows.height
    return time.perf_counter() - started, different + alone


if __name__ == "__main__":
    main()
