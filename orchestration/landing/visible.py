"""What a run sees of the landed rows: views over Parquet, limited to the deliveries of its business date."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.inserting import insert_rows
from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import LandedStore
from orchestration.landing.values import file_literal, identifier, literal

# What a view of landed rows has beyond the contract's columns, file_sha and row_number.
LINEAGE = {"delivered_on": "DATE", "file_name": "VARCHAR", "landed_row": "BIGINT"}
_ROWS_OF_A_DELIVERY = 1_000_000_000_000


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

    A view has the contract's columns, then file_sha and row_number, then delivered_on, file_name and
    landed_row: a number of the row in this database, the greater the later its version was delivered (by
    business date, then file name, then row); items of lists have that of their row.
    A source without any delivery becomes an empty view of the right shape.
    """
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("CREATE SCHEMA IF NOT EXISTS landed; CREATE SCHEMA IF NOT EXISTS control")
    con.execute(
        "CREATE OR REPLACE TABLE control.deliveries "
        "(source VARCHAR, delivered_on DATE, file_name VARCHAR, file_sha VARCHAR, delivery_number BIGINT)"
    )
    for source, contract in contracts.items():
        seen = visible_deliveries(contract, deliveries[source])
        # the same bytes twice on one date are one delivery
        distinct = {(d.delivered_on, d.file_sha): d for d in reversed(seen)}
        in_order = sorted(distinct.values(), key=lambda d: (d.delivered_on, d.file_name))
        insert_rows(
            con,
            "control.deliveries",
            [
                (source, d.delivered_on, d.file_name, d.file_sha, number)
                for number, d in enumerate(in_order, start=1)
            ],
        )
        batches = batches_of(contract, {d.file_sha for d in seen}, store)
        for table in contract.tables:
            rows = visible_rows(contract, table, batches)
            con.execute(f"CREATE OR REPLACE VIEW landed.{identifier(table)} AS {rows}")


def batches_of(contract: Contract, files: set[str], store: LandedStore) -> list[Path]:
    """Folders of the landed batches that hold rows of any of the files (by SHA-256)."""
    return [b.folder for b in store.batches(contract) if any(a.file_sha in files for a in b.accounts)]


def shown_batches(con: duckdb.DuckDBPyConnection, contract: Contract, store: LandedStore) -> list[Path]:
    """Folders of the landed batches with a file that `control.deliveries` shows."""
    files = con.execute(
        "SELECT DISTINCT file_sha FROM control.deliveries WHERE source = ?", [contract.source]
    )
    return batches_of(contract, {str(sha) for (sha,) in files.fetchall()}, store)


def table_files(batches: list[Path], table: str, option: str = "") -> str:
    """SQL of what the given batches (at least one) hold of a table, whichever deliveries are shown."""
    files = ", ".join(file_literal(folder / f"{table}.parquet") for folder in batches)
    return f"read_parquet([{files}]{option and ', '}{option})"


def visible_rows(contract: Contract, table: str, batches: list[Path], where: str = "true") -> str:
    """SQL of the rows of a table in the given batches that `control.deliveries` shows.

    Args:
        where: condition on the contract's columns; looked at before it is asked which delivery a row is of.
    """
    schema = contract.table_schema(table)
    if not batches:
        empty = ", ".join(f"CAST(NULL AS {t}) AS {identifier(c)}" for c, t in (schema | LINEAGE).items())
        return f"SELECT {empty} WHERE false"
    columns = ", ".join(f"t.{identifier(c)}" for c in schema)
    return (
        f"SELECT {columns}, d.delivered_on, d.file_name, "
        f"d.delivery_number * {_ROWS_OF_A_DELIVERY} + t.row_number AS landed_row "
        f"FROM (FROM {table_files(batches, table)} WHERE {where}) AS t "
        f"JOIN control.deliveries AS d ON d.file_sha = t.file_sha AND d.source = {literal(contract.source)}"
    )
