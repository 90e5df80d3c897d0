"""What a run sees of the landed rows: views over Parquet, limited to the deliveries of its business date."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import LandedStore
from orchestration.landing.values import file_literal, identifier, literal


def visible_deliveries(contract: Contract, deliveries: list[Delivery]) -> list[Delivery]:
    """Deliveries whose rows count: of a source delivered whole, only the newest date; of a delta, all."""
    if contract.delivery == "delta" or not deliveries:
        return deliveries
    newest = max(d.delivered_on for d in deliveries)
    return [d for d in deliveries if d.delivered_on == newest]


def create_landed_views(
    con: duckdb.DuckDBPyConnection,
    contracts: dict[str, Contract],
    deliveries: dict[str, list[Delivery]],
    store: LandedStore,
) -> None:
    """Create `control.deliveries` and one view `landed.<table>` per landed table.

    A view has the contract's columns, then file_sha and row_number, then delivered_on and file_name.
    A source without any delivery becomes an empty view of the right shape.
    """
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("CREATE SCHEMA landed; CREATE SCHEMA control")
    con.execute(
        "CREATE TABLE control.deliveries "
        "(source VARCHAR, delivered_on DATE, file_name VARCHAR, file_sha VARCHAR)"
    )
    for source, contract in contracts.items():
        seen = visible_deliveries(contract, deliveries[source])
        # the same bytes twice on one date are one delivery
        distinct = {(d.delivered_on, d.file_sha): d for d in reversed(seen)}
        if distinct:
            con.executemany(
                "INSERT INTO control.deliveries VALUES (?, ?, ?, ?)",
                [(source, d.delivered_on, d.file_name, d.file_sha) for d in sorted(distinct.values())],
            )
        wanted = {d.file_sha for d in seen}
        batches = [b.folder for b in store.batches(contract) if any(a.file_sha in wanted for a in b.accounts)]
        for table in contract.tables:
            con.execute(f"CREATE VIEW landed.{identifier(table)} AS {_rows(contract, table, batches)}")


def _rows(contract: Contract, table: str, batches: list[Path]) -> str:
    schema = contract.table_schema(table)
    if not batches:
        empty = ", ".join(f"CAST(NULL AS {t}) AS {identifier(c)}" for c, t in schema.items())
        lineage = "CAST(NULL AS DATE) AS delivered_on, CAST(NULL AS VARCHAR) AS file_name"
        return f"SELECT {empty}, {lineage} WHERE false"
    files = ", ".join(file_literal(folder / f"{table}.parquet") for folder in batches)
    columns = ", ".join(f"t.{identifier(c)}" for c in schema)
    return (
        f"SELECT {columns}, d.delivered_on, d.file_name FROM read_parquet([{files}]) AS t "
        f"JOIN control.deliveries AS d ON d.file_sha = t.file_sha AND d.source = {literal(contract.source)}"
    )
