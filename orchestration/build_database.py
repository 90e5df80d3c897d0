"""The private build file of a run: what the models may see, and what the run tells them.

Models read only `landed.*` and `control.*`. The file lives under `DATA/build`, is made anew by every run,
and is never read by anybody else.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import LandedStore
from orchestration.landing.values import identifier
from orchestration.landing.visible import create_landed_views


def create_build_database(
    path: Path,
    business_date: date,
    contracts: dict[str, Contract],
    deliveries: dict[str, list[Delivery]],
    store: LandedStore,
) -> dict[str, int]:
    """Make the build file anew; return the number of visible rows per source.

    Args:
        path: the build file; an older one is removed.
        business_date: what the run is for; what is open is judged at its end.
        contracts: every source.
        deliveries: per source, the files dated ≤ business_date, already landed.
        store: where the landed batches are.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        create_landed_views(con, contracts, deliveries, store)
        con.execute("CREATE TABLE control.run AS SELECT CAST($1 AS DATE) AS business_date", [business_date])
        rows = {}
        for source in contracts:
            counted = con.execute(f"SELECT count(*) FROM landed.{identifier(source)}").fetchone()
            rows[source] = int(counted[0]) if counted else 0
    return rows
