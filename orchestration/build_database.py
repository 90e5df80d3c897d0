"""The private build file of a run: what the models may see, and what the run tells them.

Models read only `landed.*`, `tonight.*` and `control.*`. The file lives under `DATA/build` and is never read
by anybody else. It is kept from night to night, so that a night works on the dossiers that something changed
for (docs/decisions/0017); when in doubt it is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.changed_dossiers import changed_dossiers, keep_catalogues
from orchestration.history import History, load_history
from orchestration.inserting import insert_rows
from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import QUARANTINE, LandedStore
from orchestration.landing.values import file_literal, identifier, literal
from orchestration.landing.visible import (
    batches_of,
    create_landed_views,
    shown_batches,
    table_files,
    visible_rows,
)

_DOSSIER = "dossier_code"


@dataclass(frozen=True)
class Build:
    """What a build file was prepared for.

    Attributes:
        rows: visible rows per source.
        changed: how many dossier codes the models work on; None when they work on all of them.
        why_whole: why they do, in words; empty when they do not.
    """

    rows: dict[str, int]
    changed: int | None
    why_whole: str


def create_build_database(
    path: Path,
    business_date: date,
    contracts: dict[str, Contract],
    deliveries: dict[str, list[Delivery]],
    store: LandedStore,
    code: str = "",
    history: History | None = None,
) -> Build:
    """Prepare the build file of a run: on top of the last finished one where that is sure, else anew.

    Args:
        path: the build file.
        business_date: what the run is for; what is open is judged at its end.
        contracts: every source.
        deliveries: per source, the files dated ≤ business_date, already landed.
        store: where the landed batches are.
        code: version of everything that may change a figure; with none, or another one than the file was
            built with, it is made anew.
        history: what an earlier night published; None for none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    code = f"{code} {store.link_key.identity}" if code and store.link_key else code
    why_whole = _why_anew(path, business_date, code)
    if not why_whole:
        with duckdb.connect(str(path)) as con:
            con.execute("UPDATE control.build SET finished = false")
            keep_catalogues(con, contracts)
            con.execute("CREATE OR REPLACE TEMP TABLE seen_before AS FROM control.deliveries")
            create_landed_views(con, contracts, deliveries, store)
            load_history(con, history)
            why_whole = changed_dossiers(con, contracts, store, business_date)
            if not why_whole:
                return _tell(con, business_date, code, contracts, deliveries, store, why_whole)
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        create_landed_views(con, contracts, deliveries, store)
        load_history(con, history)
        con.execute("CREATE TABLE control.changed_dossiers (dossier_code VARCHAR)")
        return _tell(con, business_date, code, contracts, deliveries, store, why_whole)


def finish_build(path: Path) -> None:
    """Say that every model was built: the next night may go on from here."""
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE control.build SET finished = true")


def _why_anew(path: Path, business_date: date, code: str) -> str:
    """Why the file cannot be gone on from; empty when it can."""
    if not path.exists():
        return "nothing was built before"
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            found = con.execute("SELECT business_date, code, finished FROM control.build").fetchone()
    except duckdb.Error:
        return "the last build left no whole file"
    if found is None or not found[2]:
        return "the last build did not finish"
    if not code or found[1] != code:
        return "code, rules or contracts changed since the last build"
    if found[0] > business_date:
        return f"the last build was for a later date, {found[0]}"
    return ""


def _tell(
    con: duckdb.DuckDBPyConnection,
    business_date: date,
    code: str,
    contracts: dict[str, Contract],
    deliveries: dict[str, list[Delivery]],
    store: LandedStore,
    why_whole: str,
) -> Build:
    """Write what the run tells the models, and `tonight.*`, what they work on."""
    con.execute("CREATE SCHEMA IF NOT EXISTS ops")
    built = None if why_whole else con.execute("SELECT business_date FROM control.build").fetchone()
    previous = built[0] if built else None
    _write_accounts(con, contracts, deliveries, store)
    is_whole = bool(why_whole)
    con.execute(
        """CREATE OR REPLACE TABLE control.run AS
           SELECT CAST($1 AS DATE) AS business_date, $2 AS is_whole,
                  CAST($3 AS DATE) AS previous_business_date""",
        [business_date, is_whole, previous],
    )
    con.execute(
        """CREATE OR REPLACE TABLE control.build AS
           SELECT CAST($1 AS DATE) AS business_date, $2::VARCHAR AS code, false AS finished""",
        [business_date, code],
    )
    con.execute("DROP SCHEMA IF EXISTS tonight CASCADE; CREATE SCHEMA tonight")
    for contract in contracts.values():
        if is_whole:
            _show_all(con, contract)
        else:
            _show_changed(con, contract, store)
    rows = dict.fromkeys(contracts, 0) | dict(
        con.execute(
            """SELECT source, CAST(sum(rows_landed) AS BIGINT) FROM control.deliveries
               JOIN control.files USING (source, delivered_on, file_name) GROUP BY source"""
        ).fetchall()
    )
    changed = con.execute("SELECT count(*) FROM control.changed_dossiers").fetchone()
    return Build(rows, None if is_whole or changed is None else int(changed[0]), why_whole)


def _show_all(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """`tonight.<table>`: every row."""
    for table in _of_dossiers(contract):
        con.execute(f"CREATE VIEW tonight.{identifier(table)} AS SELECT * FROM landed.{identifier(table)}")


def _show_changed(con: duckdb.DuckDBPyConnection, contract: Contract, store: LandedStore) -> None:
    """`tonight.<table>`: the rows of changed dossiers, with every version of a row that ever named one.

    Of lists the batches that hold the latest version of such a row are enough.
    """
    tables = _of_dossiers(contract)
    if not tables:
        return
    shown = shown_batches(con, contract, store)
    named = of_changed = f"{_DOSSIER} IN (SELECT {_DOSSIER} FROM control.changed_dossiers)"
    key = ", ".join(identifier(k) for k in contract.key)
    if _DOSSIER not in contract.key:
        rows = visible_rows(contract, contract.source, shown, of_changed)
        con.execute(f"CREATE OR REPLACE TEMP TABLE keys_of_changed AS SELECT DISTINCT {key} FROM ({rows})")
        of_changed = f"({key}) IN (SELECT ({key}) FROM keys_of_changed)"
    name = identifier(contract.source)
    held = _holding(con, contract, shown, of_changed)
    # tables: several models read them, and looking for few rows among all is what a night spends its time on
    con.execute(f"CREATE TABLE tonight.{name} AS {visible_rows(contract, contract.source, held, of_changed)}")
    lists = [table for table in tables if table != contract.source]
    if not lists:
        return
    latest = f"landed_row IN (SELECT max(landed_row) FROM tonight.{name} GROUP BY {key})"
    batches = batches_of(contract, _files(con, f"tonight.{name}", latest), store)
    for table in lists:
        rows = visible_rows(contract, table, batches, named)
        con.execute(f"CREATE TABLE tonight.{identifier(table)} AS {rows}")


def _holding(
    con: duckdb.DuckDBPyConnection, contract: Contract, batches: list[Path], where: str
) -> list[Path]:
    """The batches with a row of the source that `where` holds for.

    What changes is young, and so are the batches that tell of it. To find these takes a column or two; every
    column of the others need not be read then.
    """
    if not batches:
        return []
    files = table_files(batches, contract.source, "filename = true")
    found = con.execute(f"SELECT DISTINCT filename FROM {files} WHERE {where}").fetchall()
    folders = {Path(name).parent for (name,) in found}
    return [b for b in batches if b in folders]


def _files(con: duckdb.DuckDBPyConnection, table: str, where: str) -> set[str]:
    """SHA-256 of the files that rows of a table are of."""
    found = con.execute(f"SELECT DISTINCT file_sha FROM {table} WHERE {where}").fetchall()
    return {str(sha) for (sha,) in found}


def _of_dossiers(contract: Contract) -> list[str]:
    """Tables of a source whose rows name a dossier."""
    return [t for t, columns in contract.tables.items() if any(c.name == _DOSSIER for c in columns)]


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
        CREATE OR REPLACE TABLE control.files (
            source VARCHAR, delivered_on DATE, file_name VARCHAR, file_sha VARCHAR, bytes BIGINT,
            reader VARCHAR, encoding VARCHAR, rows_in BIGINT, rows_landed BIGINT, rows_quarantined BIGINT,
            items_quarantined BIGINT, lines_set_aside VARCHAR, columns_converted VARCHAR,
            personal_columns_dropped VARCHAR, unknown_columns_dropped VARCHAR, problems VARCHAR,
            same_content_as VARCHAR);
        CREATE OR REPLACE TABLE control.quarantined_rows (
            source VARCHAR, delivered_on DATE, file_name VARCHAR, table_name VARCHAR, row_number BIGINT,
            position BIGINT, column_name VARCHAR, shown_value VARCHAR, reason VARCHAR);
        CREATE OR REPLACE TABLE ops.landing_files (
            source VARCHAR, delivered_on DATE, file_name VARCHAR, file_sha VARCHAR, batch VARCHAR,
            batch_files BIGINT, batch_bytes BIGINT, batch_seconds DECIMAL(12,3))
        """
    )
    files: list[list[Any]] = []
    landings: list[list[Any]] = []
    quarantines: dict[str, list[str]] = {}
    for source, contract in contracts.items():
        batches = store.batches(contract)
        accounts = {a.file_sha: a for b in batches for a in b.accounts}
        batch_of = {a.file_sha: b for b in batches for a in b.accounts}
        first_name: dict[str, str] = {}
        for d in sorted(deliveries[source]):
            account = accounts[d.file_sha]
            where = [source, d.delivered_on, d.file_name]
            earlier = first_name.setdefault(d.file_sha, d.file_name)
            files.append(
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
            landings.append(
                [
                    *where,
                    d.file_sha,
                    batch.folder.name,
                    len(batch.accounts),
                    sum(a.size for a in batch.accounts),
                    Decimal(str(batch.seconds)),
                ],
            )
        if first_name and batches:
            quarantines[source] = [file_literal(b.folder / QUARANTINE) for b in batches]
    insert_rows(con, "control.files", files)
    insert_rows(con, "ops.landing_files", landings)
    for source, paths in quarantines.items():
        con.execute(
            f"""
            INSERT INTO control.quarantined_rows
            SELECT f.source, f.delivered_on, f.file_name, q."table", q.row_number, q.position, q."column",
                   q.value, q.reason
            FROM read_parquet([{", ".join(paths)}]) AS q
            JOIN control.files AS f ON f.file_sha = q.file_sha AND f.source = {literal(source)}
            """
        )
