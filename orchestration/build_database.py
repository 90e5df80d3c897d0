"""The private build file of a run: what the models may see, and what the run tells them.

Models read only `landed.*` and `control.*`. The file lives under `DATA/build`, is made anew by every run,
and is never read by anybody else.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import QUARANTINE, LandedStore
from orchestration.landing.values import file_literal, identifier, literal
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
        _write_accounts(con, contracts, deliveries, store)
        con.execute("CREATE TABLE control.run AS SELECT CAST($1 AS DATE) AS business_date", [business_date])
        rows = {}
        for source in contracts:
            counted = con.execute(f"SELECT count(*) FROM landed.{identifier(source)}").fetchone()
            rows[source] = int(counted[0]) if counted else 0
    return rows


def _write_accounts(
    con: duckdb.DuckDBPyConnection,
    contracts: dict[str, Contract],
    deliveries: dict[str, list[Delivery]],
    store: LandedStore,
) -> None:
    """`control.files` and `control.quarantined_rows`: the account of every delivered file, by its name.

    How long landing took goes to `ops.landing_files`: files are read many at a time, so it is the seconds of
    the batch in which a file was read.
    """
    con.execute(
        """
        CREATE TABLE control.files (
            source VARCHAR, delivered_on DATE, file_name VARCHAR, file_sha VARCHAR, bytes BIGINT,
            reader VARCHAR, encoding VARCHAR, rows_in BIGINT, rows_landed BIGINT, rows_quarantined BIGINT,
            items_quarantined BIGINT, lines_set_aside VARCHAR, columns_converted VARCHAR,
            personal_columns_dropped VARCHAR, unknown_columns_dropped VARCHAR, problems VARCHAR,
            same_content_as VARCHAR);
        CREATE TABLE control.quarantined_rows (
            source VARCHAR, delivered_on DATE, file_name VARCHAR, table_name VARCHAR, row_number BIGINT,
            position BIGINT, column_name VARCHAR, shown_value VARCHAR, reason VARCHAR);
        CREATE SCHEMA ops;
        CREATE TABLE ops.landing_files (
            source VARCHAR, delivered_on DATE, file_name VARCHAR, file_sha VARCHAR, batch VARCHAR,
            batch_files BIGINT, batch_bytes BIGINT, batch_seconds DECIMAL(12,3))
        """
    )
    for source, contract in contracts.items():
        batches = store.batches(contract)
        accounts = {a.file_sha: a for b in batches for a in b.accounts}
        batch_of = {a.file_sha: b for b in batches for a in b.accounts}
        first_name: dict[str, str] = {}
        for d in sorted(deliveries[source]):
            account = accounts[d.file_sha]
            where = [source, d.delivered_on, d.file_name]
            earlier = first_name.setdefault(d.file_sha, d.file_name)
            con.execute(
                f"INSERT INTO control.files VALUES ({', '.join(['?'] * 17)})",
                [
                    *where,
                    d.file_sha,
                    account.size,
                    account.reader or None,
                    account.encoding or None,
                    account.rows_in,
                    account.rows_landed,
                    account.rows_quarantined,
                    account.items_quarantined,
                    "; ".join(f"{what}: {lines}" for what, lines in account.set_aside.items()) or None,
                    "; ".join(f"{c.column} from {c.encoding}: {c.reason}" for c in account.conversions)
                    or None,
                    ", ".join(account.personal_columns_dropped) or None,
                    ", ".join(account.unknown_columns_dropped) or None,
                    "\n".join(p.message for p in account.problems) or None,
                    earlier if earlier != d.file_name else None,
                ],
            )
            batch = batch_of[d.file_sha]
            con.execute(
                f"INSERT INTO ops.landing_files VALUES ({', '.join(['?'] * 8)})",
                [
                    *where,
                    d.file_sha,
                    batch.folder.name,
                    len(batch.accounts),
                    sum(a.size for a in batch.accounts),
                    Decimal(str(batch.seconds)),
                ],
            )
        quarantine = [file_literal(b.folder / QUARANTINE) for b in batches]
        if first_name and quarantine:
            con.execute(
                f"""
                INSERT INTO control.quarantined_rows
                SELECT f.source, f.delivered_on, f.file_name, q."table", q.row_number, q.position, q."column",
                       q.value, q.reason
                FROM read_parquet([{", ".join(quarantine)}]) AS q
                JOIN control.files AS f ON f.file_sha = q.file_sha AND f.source = {literal(source)}
                """
            )
