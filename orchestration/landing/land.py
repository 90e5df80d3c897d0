"""Landing one source: new files → typed Parquet tables and quarantine, every row accounted for.

Rows in = landed + quarantined, for every file, always. Only columns that the contract names are read
into a table; personal and unknown ones are dropped and named in the account.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.inserting import insert_rows
from orchestration.landing.contracts import ZONE_UNKNOWN_COLUMN, Column, Contract, NestedList
from orchestration.landing.deliveries import Delivery, fetch
from orchestration.landing.forms import ARCHIVE, PACKED, NotReadable, form_of
from orchestration.landing.old_encodings import Undecided, beyond_ascii, convert_old_encodings
from orchestration.landing.readers import READERS, Part, PartReading, read_portal_api
from orchestration.landing.store import (
    EXAMPLES,
    QUARANTINE,
    Conversion,
    FileAccount,
    LandedStore,
    Place,
    Problem,
    QuarantinedRow,
)
from orchestration.landing.unpack import unpack
from orchestration.landing.values import (
    can_fail,
    identifier,
    literal,
    shown,
    shown_sql,
    typed,
    wire_text,
    zone_unknown,
)

# Chunks of files are read side by side, one for each processor: within a chunk DuckDB divides work only by
# 122,880 rows. Their size bounds memory, whatever a delivery holds. Packed files count ten times.
CHUNK_BYTES = 256 * 1024 * 1024
_WORTH_DIVIDING = 16 * 1024 * 1024
_PACKED_FACTOR = 10
_PACKED = {PACKED, ARCHIVE, ".xlsx", ".xlsm", ".xlsb", ".ods", ".parquet"}
_WORKERS = min(4, os.cpu_count() or 1)
_MEMORY = f"{2048 // _WORKERS}MiB"  # of each DuckDB; what is more goes to the spill folder


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
    chunks = list(_chunks(list(new.values())))
    threads = 1 if len(chunks) > 1 else _WORKERS
    with ThreadPoolExecutor(_WORKERS) as pool:
        for accounts in pool.map(lambda chunk: _land_chunk(contract, chunk, store, threads), chunks):
            known |= {account.file_sha: account for account in accounts}
            done += len(accounts)
            if progress is not None:
                progress(done, len(new))
    return [known[sha] for sha in dict.fromkeys(d.file_sha for d in deliveries)]


def _chunks(files: list[Delivery]) -> Iterator[list[Delivery]]:
    """Files in chunks of about one size, as many as keep all workers busy."""
    weights = [f.size * (_PACKED_FACTOR if f.path.suffix.lower() in _PACKED else 1) for f in files]
    rounds = math.ceil(sum(weights) / (CHUNK_BYTES * _WORKERS))
    target = max(sum(weights) / max(rounds * _WORKERS, 1), _WORTH_DIVIDING)
    chunk: list[Delivery] = []
    size = 0
    for file, weight in zip(files, weights, strict=True):
        chunk.append(file)
        size += weight
        if size >= target:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _land_chunk(
    contract: Contract, files: list[Delivery], store: LandedStore, threads: int
) -> list[FileAccount]:
    batch = hashlib.sha256("\n".join(f.file_sha for f in files).encode()).hexdigest()[:16]
    draft = store.begin(contract, batch)
    # What is unpacked or spills still names persons: it goes to the system's temporary folder, not to DATA.
    scratch = Path(tempfile.mkdtemp(prefix="chiso-spill-"))
    started = time.monotonic()
    try:
        (scratch / "spill").mkdir()
        with duckdb.connect(":memory:") as con:
            con.execute(f"SET temp_directory = {literal(str(scratch / 'spill'))}")
            con.execute(f"SET threads = {threads}")
            con.execute(f"SET memory_limit = {literal(_MEMORY)}")
            con.execute("SET autoinstall_known_extensions = false; SET enable_progress_bar = false")
            con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
            # a filter on typed values, pushed down, would work out all of them twice
            con.execute("SET disabled_optimizers = 'filter_pushdown'")
            accounts = _Chunk(con, contract, files, draft, scratch, store).land()
        return store.finish(contract, batch, draft, accounts, time.monotonic() - started).accounts
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class _Chunk:
    """One chunk of files on its way through a private, in-memory DuckDB."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        files: list[Delivery],
        draft: Path,
        scratch: Path,
        store: LandedStore,
    ) -> None:
        self.con = con
        self.contract = contract
        self.draft = draft
        self.scratch = scratch
        (scratch / "fetched").mkdir()
        self.paths = fetch(files, scratch / "fetched")
        self.link_key = store.link_key
        self.files = files
        self.accounts = [FileAccount(file_sha=f.file_sha, size=f.size) for f in files]
        self.parts: list[Part] = []
        self.file_of: dict[int, int] = {}  # part → file
        self.met: set[str] = set()  # columns of raw_rows: wire names that any part holds
        self.in_order = False
        self.damaged: dict[int, str] = {}  # part → what was seen when it was unpacked
        self.undecided: list[Undecided] = []

    def land(self) -> list[FileAccount]:
        for number in range(len(self.files)):
            self._open(number)
        self.con.execute(
            """CREATE TEMP TABLE quarantine (
                "table" VARCHAR, file_no BIGINT, file_sha VARCHAR, row_number BIGINT, position BIGINT,
                "column" VARCHAR, value VARCHAR, reason VARCHAR)"""
        )
        # readers add the columns they meet: one that nobody fills would cost time all the same
        self.con.execute("CREATE TEMP TABLE raw_rows (part_no BIGINT, row_number BIGINT)")
        readings = self._read()
        self.met = {str(row[0]) for row in self.con.execute("DESCRIBE raw_rows").fetchall()}
        # rows read in the order of the files need no sorting before they are written
        self.in_order = not self._number(
            """SELECT count(*) FROM (SELECT (part_no, row_number) < lag((part_no, row_number)) OVER () AS back
               FROM raw_rows) WHERE back"""
        )
        self._account_for_parts(readings)
        self._convert_text()
        self._land_main()
        for nested in self.contract.lists:
            self._land_list(nested)
        self._count()
        return self.accounts

    def _open(self, number: int) -> None:
        """Unpack a file and tell the form of each table in it; what cannot be read is the file's problem."""
        file, account = self.files[number], self.accounts[number]
        folder = self.scratch / str(number)
        folder.mkdir()
        found = unpack(self.paths[file.file_sha], file.file_name, folder)
        if isinstance(found, NotReadable):
            account.problems.append(Problem("unreadable", f"{file.file_name}: {found.why}."))
            return
        forms = []
        for unpacked in found:
            form = form_of(unpacked.path, unpacked.inner_name)
            if isinstance(form, NotReadable):
                account.problems.append(Problem("unreadable", f"{unpacked.name}: {form.why}."))
                continue
            if unpacked.damage is not None:
                self.damaged[len(self.parts)] = unpacked.damage
            part = Part(len(self.parts), unpacked.path, unpacked.name, form)
            self.parts.append(part)
            self.file_of[part.number] = number
            forms.append(form)
        account.reader = ", ".join(dict.fromkeys(forms))

    def _read(self) -> dict[int, PartReading]:
        readings: dict[int, PartReading] = {}
        by_form: dict[str, list[Part]] = defaultdict(list)
        for part in self.parts:
            by_form[part.form].append(part)
        for form, parts in by_form.items():
            reader = read_portal_api if self.contract.shape == "portal_scores" else READERS[form]
            readings |= reader(self.con, parts, self.contract)
        return readings

    def _account_for_parts(self, readings: dict[int, PartReading]) -> None:
        """Number the rows of a file through all its parts, and say what each part turned out to be."""
        counted = dict(self.con.execute("SELECT part_no, count(*) FROM raw_rows GROUP BY part_no").fetchall())
        self.con.execute(
            "CREATE TEMP TABLE parts (part_no BIGINT, file_no BIGINT, file_sha VARCHAR, row_offset BIGINT)"
        )
        rows = []
        wires: dict[int, set[str]] = defaultdict(set)
        encodings: dict[int, list[str]] = defaultdict(list)
        for part in self.parts:
            number, found = self.file_of[part.number], readings[part.number]
            account, offset = self.accounts[number], self.accounts[number].rows_in
            rows.append((part.number, number, account.file_sha, offset))
            account.rows_in += counted.get(part.number, 0) + len(found.broken_rows)
            unreadable = found.unreadable or self.damaged.get(part.number)
            if unreadable is not None:
                account.problems.append(Problem("unreadable", f"{part.name}: {unreadable}."))
            member = part.name.partition("!")[2]
            for section in found.sections:
                name = ", ".join(n for n in (member, section.name) if n) or None
                account.places.append(Place(offset + section.first_row, name, section.first_line))
            if member and not found.sections:
                account.places.append(Place(offset + 1, member, 0))
            self._quarantine_broken(number, offset, found.broken_rows)
            for what, lines in sorted(found.set_aside.items()):
                account.set_aside[what] = account.set_aside.get(what, 0) + lines
            wires[number] |= found.wires
            encodings[number].append(found.encoding or "")
        insert_rows(self.con, "parts", rows)
        for number, names in wires.items():
            self.accounts[number].encoding = ", ".join(e for e in dict.fromkeys(encodings[number]) if e)
            self._judge_columns(number, names)

    def _judge_columns(self, number: int, wires: set[str]) -> None:
        account, contract = self.accounts[number], self.contract
        personal = {p.wire for p in contract.personal}
        account.personal_columns_dropped = sorted(wires & personal)
        # where a header has run into a row, the "names" are cells of it
        account.unknown_columns_dropped = sorted(
            {_as_header(w) for w in wires - personal - set(contract.raw_schema)}
        )
        if not wires:
            return
        for column in contract.row_columns:
            if column.required and not wires & set(column.wires):
                account.problems.append(
                    Problem(
                        "missing_column",
                        f"{self.files[number].file_name}: column {column.wire} ({column.name}) is missing "
                        f"from the whole file: ask {contract.publisher} to deliver it.",
                    )
                )

    def _convert_text(self) -> None:
        converted, self.undecided = convert_old_encodings(self.con, self.contract)
        for found in converted:
            account = self.accounts[self.file_of[found.part_no]]
            conversion = Conversion(found.wire, found.encoding, found.reason)
            if conversion not in account.conversions:
                account.conversions.append(conversion)

    def _quarantine_broken(self, number: int, offset: int, broken: list[tuple[int, str]]) -> None:
        """Rows that no reader could make rows of."""
        if not broken:
            return
        rows = pa.table({"row_number": [offset + n for n, _ in broken], "reason": [why for _, why in broken]})
        self.con.register("broken_rows", rows)
        self.con.execute(
            f"""INSERT INTO quarantine
                SELECT {literal(self.contract.source)}, {number}, {literal(self.accounts[number].file_sha)},
                       row_number, NULL, NULL, NULL, reason
                FROM broken_rows"""
        )
        self.con.unregister("broken_rows")

    def _select(self, columns: tuple[Column, ...], met: set[str], prefix: str) -> _Selection:
        """SQL of the columns' raw texts, of the typed columns over them, and of what is wrong with a row."""
        texts, outputs, checks, times = [], [], [], {}
        for number, column in enumerate(columns):
            text = f"_t{number}"
            texts.append(f"{wire_text(column, met, prefix)} AS {text}")
            value = typed(column, text, self.contract, self.link_key)
            outputs.append(f"{value} AS {identifier(column.name)}")
            if column.type == "timestamp":
                times[column.name] = text
            if can_fail(column):
                what = "is not in the code list" if column.codes else f"is not a {column.type}"
                failed = f"{text} IS NOT NULL AND {identifier(column.name)} IS NULL"
                checks.append(_bad(failed, column.wire, text, what))
            if column.name in self.contract.key:
                empty = "is empty, but it is the key of the row"
                checks.insert(0, _bad(f"{text} IS NULL", column.wire, "CAST(NULL AS VARCHAR)", empty))
        if self.contract.marks_zones(columns):
            outputs.append(f"{zone_unknown(times)} AS {ZONE_UNKNOWN_COLUMN}")
        return _Selection(", ".join(texts), ", ".join(outputs), checks)

    def _land_main(self) -> None:
        selection = self._select(self.contract.row_columns, self.met, prefix="r.")
        texts = selection.texts
        for number, undecided in enumerate(self.undecided):
            text = f"_u{number}"
            texts += f", r.{identifier(undecided.wire)} AS {text}"
            condition = f"part_no = {undecided.part_no} AND {beyond_ascii(text)}"
            selection.checks.append(_bad(condition, undecided.wire, text, undecided.reason))
        self._write(
            self.contract.source,
            f"""
            SELECT *, {selection.outputs} FROM (
                SELECT {texts}, p.file_sha, r.row_number + p.row_offset AS row_number,
                       CAST(NULL AS BIGINT) AS position, p.file_no AS _file_no, r.part_no
                FROM raw_rows AS r JOIN parts AS p ON p.part_no = r.part_no
            )
            """,
            selection.checks,
            "SELECT count(*) FROM raw_rows",
        )
        self.con.execute("CREATE TEMP TABLE bad_rows AS SELECT DISTINCT file_no, row_number FROM quarantine")

    def _land_list(self, nested: NestedList) -> None:
        if nested.wire not in self.met:
            self.con.execute(
                f"ALTER TABLE raw_rows ADD COLUMN {identifier(nested.wire)} "
                f"{self.contract.raw_schema[nested.wire]}"
            )
        keys = tuple(c for c in self.contract.row_columns if c.name in self.contract.key)
        key = ", ".join(identifier(k.name) for k in keys)
        typed_key = ", ".join(
            f"{typed(k, wire_text(k, self.met, 'r.'), self.contract)} AS {identifier(k.name)}" for k in keys
        )
        selection = self._select(nested.columns, {w for c in nested.columns for w in c.wires}, "_item.")
        selection.checks.insert(0, _bad("_is_none", nested.wire, "CAST(NULL AS VARCHAR)", "is not an object"))
        wire = f"r.{identifier(nested.wire)}"
        rows = """raw_rows AS r JOIN parts AS p ON p.part_no = r.part_no
                  WHERE (p.file_no, r.row_number + p.row_offset) NOT IN (FROM bad_rows)"""
        self._write(
            f"{self.contract.source}__{nested.name}",
            f"""
            SELECT *, {selection.outputs} FROM (
                SELECT {key}, file_sha, row_number, position, _file_no, _item IS NULL AS _is_none,
                       {selection.texts}
                FROM (
                    SELECT {typed_key}, p.file_sha, r.row_number + p.row_offset AS row_number,
                           p.file_no AS _file_no, unnest({wire}) AS _item,
                           generate_subscripts({wire}, 1) AS position
                    FROM {rows}
                )
            )
            """,
            selection.checks,
            f"SELECT coalesce(sum(len({wire})), 0) FROM {rows}",
        )

    def _write(self, table: str, typed_rows: str, checks: list[str], expected: str) -> None:
        """Write the good rows of a table; the bad ones are asked for only when rows are missing.

        Args:
            typed_rows: SQL of the rows, good and bad, with raw texts, typed columns and where they stand.
            checks: cases of what is wrong with a row.
            expected: SQL of how many rows there are.
        """
        columns = ", ".join(identifier(c) for c in self.contract.table_schema(table))
        order = "" if self.in_order else "ORDER BY _file_no, row_number, position"
        target = literal(str(self.draft / f"{table}.parquet"))
        written = self._number(
            f"""COPY (SELECT {columns} FROM ({typed_rows}) WHERE {_first(checks)} IS NULL {order})
                TO {target} (FORMAT parquet, COMPRESSION zstd)"""
        )
        if written < self._number(expected):
            self.con.execute(
                f"""
                INSERT INTO quarantine
                SELECT {literal(table)}, _file_no, file_sha, row_number, position, _bad.column,
                       {shown_sql("_bad.value")}, _bad.reason
                FROM (SELECT *, {_first(checks)} AS _bad FROM ({typed_rows})) WHERE _bad IS NOT NULL
                """
            )

    def _number(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _count(self) -> None:
        # counted in what was written, not in what should have been
        main = literal(str(self.draft / f"{self.contract.source}.parquet"))
        landed = dict(
            self.con.execute(
                f"SELECT file_sha, count(*) FROM read_parquet({main}) GROUP BY file_sha"
            ).fetchall()
        )
        columns = '"table", file_sha, row_number, position, "column", value, reason'
        order = f'file_no, "table" <> {literal(self.contract.source)}, "table", row_number, position'
        target = literal(str(self.draft / QUARANTINE))
        self.con.execute(f"COPY (SELECT {columns} FROM quarantine ORDER BY {order}) TO {target}")
        for number, own, others in self.con.execute(
            f"""SELECT file_no, count(*) FILTER (WHERE "table" = {literal(self.contract.source)}),
                       count(*) FILTER (WHERE "table" <> {literal(self.contract.source)})
                FROM quarantine GROUP BY file_no"""
        ).fetchall():
            account = self.accounts[number]
            account.rows_quarantined, account.items_quarantined = own, others
            account.quarantined = [
                QuarantinedRow(*row)
                for row in self.con.execute(
                    f"""SELECT {columns} FROM quarantine WHERE file_no = {number}
                        ORDER BY {order} LIMIT {EXAMPLES}"""
                ).fetchall()
            ]
        for number, account in enumerate(self.accounts):
            account.rows_landed = landed.get(account.file_sha, 0)
            if account.rows_in != account.rows_landed + account.rows_quarantined:
                raise LandingError(
                    f"{self.files[number].file_name}: {account.rows_in} rows in, but {account.rows_landed} "
                    f"landed and {account.rows_quarantined} quarantined; nothing of this file was kept"
                )


def _as_header(name: str) -> str:
    """An unknown column's name as it may be written: a name with digits or @ may be somebody's data."""
    return shown(name) or "" if re.search(r"[\d@]", name) else name


@dataclass(frozen=True)
class _Selection:
    """SQL of a table's columns: raw texts named _t0, _t1 …, typed values over them, cases of bad rows."""

    texts: str
    outputs: str
    checks: list[str]


def _bad(condition: str, column: str, value: str, reason: str) -> str:
    """One case of the struct that says what is wrong with a row."""
    return (
        f"WHEN {condition} THEN "
        f"{{'column': {literal(column)}, 'value': {value}, 'reason': {literal(reason)}}}"
    )


def _first(checks: list[str]) -> str:
    if not checks:
        return 'CAST(NULL AS STRUCT("column" VARCHAR, value VARCHAR, reason VARCHAR))'
    return f"CASE {' '.join(checks)} END"
