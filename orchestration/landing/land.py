"""Landing one source: new files → typed Parquet tables and quarantine, every row accounted for.

Rows in = landed + quarantined, for every file, always. Only columns that the contract names are read
into a table; personal and unknown ones are dropped and named in the account.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Column, Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.readers import READERS, FileReading, InputFile
from orchestration.landing.store import FileAccount, LandedStore, Problem, QuarantinedRow
from orchestration.landing.values import identifier, literal, shown, typed, wire_text

# Bytes read together: bounds memory, whatever a delivery holds. Packed files count ten times.
CHUNK_BYTES = 256 * 1024 * 1024
_PACKED_FACTOR = 10


class LandingError(Exception):
    """Landing lost or invented a row: a defect of ours, never of the data."""


Progress = Callable[[int, int], None]


def land_source(
    contract: Contract, deliveries: list[Delivery], store: LandedStore, progress: Progress | None = None
) -> list[FileAccount]:
    """Land every delivered file whose bytes are not landed yet; return the accounts of all delivered files.

    Args:
        contract: what the source looks like.
        deliveries: the files a run sees; the same bytes delivered twice are read once.
        store: where landed batches live.
        progress: called with (files done, files to do) after each chunk.

    Returns:
        One account per distinct file content, in the order of delivery.
    """
    known = {a.file_sha: a for b in store.batches(contract) for a in b.accounts}
    new: dict[str, Delivery] = {}
    for delivery in deliveries:
        if delivery.file_sha not in known:
            new.setdefault(delivery.file_sha, delivery)
    done = 0
    for chunk in _chunks(list(new.values())):
        for account in _land_chunk(contract, chunk, store):
            known[account.file_sha] = account
        done += len(chunk)
        if progress is not None:
            progress(done, len(new))
    return [known[sha] for sha in dict.fromkeys(d.file_sha for d in deliveries)]


def _chunks(files: list[Delivery]) -> Iterator[list[Delivery]]:
    chunk: list[Delivery] = []
    size = 0
    for file in files:
        weight = file.size * (_PACKED_FACTOR if file.path.suffix == ".gz" else 1)
        if chunk and size + weight > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(file)
        size += weight
    if chunk:
        yield chunk


def _land_chunk(contract: Contract, files: list[Delivery], store: LandedStore) -> list[FileAccount]:
    batch = hashlib.sha256("\n".join(f.file_sha for f in files).encode()).hexdigest()[:16]
    draft = store.begin(contract, batch)
    # What spills to disk still names persons: it goes to the system's temporary folder, not under DATA.
    spill = tempfile.mkdtemp(prefix="chiso-spill-")
    try:
        with duckdb.connect(":memory:", config={"temp_directory": spill}) as con:
            con.execute("SET autoinstall_known_extensions = false; SET enable_progress_bar = false")
            return _Chunk(con, contract, files, draft).land(store, batch)
    finally:
        shutil.rmtree(spill, ignore_errors=True)


class _Chunk:
    """One chunk of files on its way through a private, in-memory DuckDB."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, contract: Contract, files: list[Delivery], draft: Path
    ) -> None:
        self.con = con
        self.contract = contract
        self.draft = draft
        self.inputs = [InputFile(i, f.path, f.file_name) for i, f in enumerate(files)]
        self.names = {i: f.file_name for i, f in enumerate(files)}
        self.accounts = {
            i: FileAccount(file_sha=f.file_sha, size=f.size, reader=contract.reader)
            for i, f in enumerate(files)
        }

    def land(self, store: LandedStore, batch: str) -> list[FileAccount]:
        con, contract = self.con, self.contract
        reading = READERS[contract.reader](con, self.inputs, contract)
        con.execute("CREATE TEMP TABLE files (file_no BIGINT, file_sha VARCHAR)")
        con.executemany(
            "INSERT INTO files VALUES (?, ?)", [(i, a.file_sha) for i, a in self.accounts.items()]
        )
        for number, rows in con.execute("SELECT file_no, count(*) FROM raw_rows GROUP BY ALL").fetchall():
            self.accounts[number].rows_in = rows
        raw_columns = {str(row[0]) for row in con.execute("DESCRIBE raw_rows").fetchall()}
        for number, found in reading.items():
            self._judge_file(number, found)
        self._land_main(raw_columns)
        for nested in contract.lists:
            self._land_list(nested.name, nested.wire, nested.columns)
        self._count()
        return store.finish(contract, batch, self.draft, self.accounts.values()).accounts

    def _judge_file(self, number: int, found: FileReading) -> None:
        account, contract, name = self.accounts[number], self.contract, self.names[number]
        personal = {p.wire for p in contract.personal}
        kept = {w for c in contract.row_columns for w in c.wires} | {x.wire for x in contract.lists}
        account.personal_columns_dropped = sorted(found.wires & personal)
        account.unknown_columns_dropped = sorted(found.wires - personal - kept)
        if found.unreadable is not None:
            account.problems.append(Problem("unreadable", f"{name}: {found.unreadable}."))
        account.rows_in += len(found.broken_rows)
        for row_number, why in found.broken_rows:
            self._quarantine(number, contract.source, row_number, None, None, None, why)
        if found.wires:
            for column in contract.row_columns:
                if column.required and not found.wires & set(column.wires):
                    account.problems.append(
                        Problem(
                            "missing_column",
                            f"{name}: column {column.wire} ({column.name}) is missing from the whole file: "
                            f"ask {contract.publisher} to deliver it.",
                        )
                    )

    def _quarantine(
        self,
        number: int,
        table: str,
        row_number: int,
        position: int | None,
        column: str | None,
        value: str | None,
        reason: str,
    ) -> None:
        account = self.accounts[number]
        account.quarantined.append(
            QuarantinedRow(table, account.file_sha, row_number, position, column, shown(value), reason)
        )

    def _select(self, columns: tuple[Column, ...], available: set[str], prefix: str) -> tuple[str, str]:
        """SQL of the typed columns, and of the struct that names the first bad column of a row."""
        formats = self.contract.timestamp_formats
        outputs, checks = [], []
        for column in columns:
            text = wire_text(column, available, prefix)
            value = typed(column, text, formats)
            outputs.append(f"{value} AS {identifier(column.name)}")
            if column.type in ("timestamp", "date", "decimal", "boolean") or column.codes:
                what = "is not in the code list" if column.codes else f"is not a {column.type}"
                checks.append(
                    f"WHEN {text} IS NOT NULL AND {value} IS NULL THEN "
                    f"{{'column': {literal(column.wire)}, 'value': {text}, 'reason': {literal(what)}}}"
                )
            if column.name in self.contract.key:
                checks.insert(
                    0,
                    f"WHEN {text} IS NULL THEN {{'column': {literal(column.wire)}, "
                    "'value': CAST(NULL AS VARCHAR), 'reason': 'is empty, but it is the key of the row'}",
                )
        bad = f"CASE {' '.join(checks)} END" if checks else "NULL"
        return ", ".join(outputs), bad

    def _land_main(self, raw_columns: set[str]) -> None:
        outputs, bad = self._select(self.contract.row_columns, raw_columns, "r.")
        lists = "".join(f", r.{identifier(x.wire)} AS _list_{x.name}" for x in self.contract.lists)
        self.con.execute(
            f"""
            CREATE TEMP TABLE typed_rows AS
            SELECT {outputs}, f.file_sha, r.row_number, r.file_no AS _file_no, {bad} AS _bad{lists}
            FROM raw_rows AS r JOIN files AS f ON f.file_no = r.file_no
            """
        )
        self.con.execute("DROP TABLE raw_rows")
        self._take_bad("typed_rows", self.contract.source, position="NULL")
        columns = ", ".join(identifier(c) for c in self.contract.table_schema(self.contract.source))
        self._write(
            self.contract.source,
            f"SELECT {columns} FROM typed_rows WHERE _bad IS NULL ORDER BY _file_no, row_number",
        )

    def _land_list(self, name: str, wire: str, columns: tuple[Column, ...]) -> None:
        table = f"{self.contract.source}__{name}"
        key = ", ".join(
            f"p.{identifier(k.name)}" for k in self.contract.row_columns if k.name in self.contract.key
        )
        outputs, bad = self._select(columns, {w for c in columns for w in c.wires}, "p._item.")
        bad_items = (
            bad if bad != "NULL" else 'CAST(NULL AS STRUCT("column" VARCHAR, value VARCHAR, reason VARCHAR))'
        )
        self.con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE typed_items AS
            SELECT {key}, p.file_sha, p.row_number, p.position, {outputs}, p._file_no, {bad_items} AS _bad
            FROM (
                SELECT * EXCLUDE (_bad), unnest(_list_{name}) AS _item,
                       generate_subscripts(_list_{name}, 1) AS position
                FROM typed_rows WHERE _bad IS NULL
            ) AS p
            """
        )
        self._take_bad("typed_items", table, position="position")
        schema = ", ".join(identifier(c) for c in self.contract.table_schema(table))
        self._write(
            table,
            f"SELECT {schema} FROM typed_items WHERE _bad IS NULL ORDER BY _file_no, row_number, position",
        )

    def _take_bad(self, typed_table: str, table: str, position: str) -> None:
        for number, row_number, place, bad in self.con.execute(
            f"""SELECT _file_no, row_number, {position}, _bad FROM {typed_table}
                WHERE _bad IS NOT NULL ORDER BY ALL"""
        ).fetchall():
            self._quarantine(number, table, row_number, place, bad["column"], bad["value"], bad["reason"])

    def _write(self, table: str, query: str) -> None:
        target = literal(str(self.draft / f"{table}.parquet"))
        self.con.execute(f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION zstd)")

    def _count(self) -> None:
        landed = dict(
            self.con.execute(
                "SELECT _file_no, count(*) FROM typed_rows WHERE _bad IS NULL GROUP BY ALL"
            ).fetchall()
        )
        for number, account in self.accounts.items():
            account.rows_landed = landed.get(number, 0)
            rows = [q for q in account.quarantined if q.table == self.contract.source]
            account.rows_quarantined = len(rows)
            if account.rows_in != account.rows_landed + account.rows_quarantined:
                raise LandingError(
                    f"{self.names[number]}: {account.rows_in} rows in, but {account.rows_landed} landed and "
                    f"{account.rows_quarantined} quarantined; nothing of this file was kept"
                )
