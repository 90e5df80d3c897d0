"""What a night does with extracts, but for Dagster, checks and release: landing, every model, real files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.build_database import Build, create_build_database, finish_build
from orchestration.dbt_runs import prepare_manifest, run_dbt
from orchestration.landing.contracts import load_contracts
from orchestration.landing.deliveries import HashCache, find_deliveries
from orchestration.landing.land import land_source
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import LandedStore
from orchestration.places import SOURCES, Places

LINK_KEY = LinkKey(bytes(32))


@dataclass(frozen=True)
class Built:
    """Tables that were built, and what the run worked on."""

    places: Places
    prepared: Build

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query over the build file; a name without a schema is a mart."""
        with duckdb.connect(str(self.places.build_database), read_only=True) as con:
            con.execute("USE marts")
            return con.execute(sql).fetchall()


def build(
    raw: Path,
    data: Path,
    day: date,
    models: Collection[str] = (),
    store: LandedStore | None = None,
    held_back: Collection[Path] = (),
) -> Built:
    """Land what is there and build every table, or those that a test asks for.

    Args:
        models: these and all that they are made of, instead of every model.
        store: where landed rows are, for builds that share them; of its own below `data` without.
        held_back: files that have not come yet.
    """
    prepare_manifest()
    contracts = load_contracts(SOURCES)
    places = Places(raw=raw, data=data)
    store = store or LandedStore(data / "landed", LINK_KEY)
    deliveries = {}
    for source, contract in contracts.items():
        found = find_deliveries(raw, source, day, HashCache(data / "hashes" / f"{source}.json"))
        deliveries[source] = [d for d in found if d.path not in held_back]
        land_source(contract, deliveries[source], store)
    prepared = create_build_database(places.build_database, day, contracts, deliveries, store, "a version")
    selected = ["--select", *(f"+{model}" for model in models)] if models else []
    kinds = ["--exclude-resource-type", "unit_test", "test"]
    # nobody reads dbt's manifest.json and run_results.json of such a build, which take seconds to write
    run_dbt(places, "build", "--no-write-json", *selected, *kinds, target=data / "target")
    finish_build(places.build_database)
    return Built(places, prepared)
