"""Readers: bytes of a file → raw rows in DuckDB, every value still text under its wire name.

A reader is a function `(connection, files, contract) → Reading`. It fills the temporary table
`raw_rows(file_no, row_number, <wire names…>)`, where a nested list stays a list of structs, and says per
file which wire names it met and what was wrong. A damaged file never takes others with it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import ijson
import pyarrow as pa

from orchestration.landing.contracts import Contract
from orchestration.landing.values import file_literal, identifier, literal

MAX_MESSAGE_BYTES = 256 * 1024 * 1024

# What reading a packed file raises when it is cut or damaged.
_DAMAGED = (gzip.BadGzipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class InputFile:
    """A file to read; `number` identifies it inside one reading."""

    number: int
    path: Path
    name: str


@dataclass
class FileReading:
    """What one file turned out to be."""

    wires: set[str] = field(default_factory=set)
    unreadable: str | None = None
    broken_rows: list[tuple[int, str]] = field(default_factory=list)


Reading = dict[int, FileReading]
Reader = Callable[[duckdb.DuckDBPyConnection, list[InputFile], Contract], Reading]


def open_bytes(path: Path) -> io.BufferedReader | gzip.GzipFile:
    """A file's content, unpacked when its name ends in .gz."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def sniff(path: Path) -> str | None:
    """Why the bytes of a file cannot be what its ending says; None when they can.

    Looks at the first kilobytes only: emptiness, gzip and archive signatures, binary content.
    """
    if path.stat().st_size == 0:
        return "the file is empty (0 bytes): ask for it to be delivered again"
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if path.suffix == ".gz" and not packed:
        return (
            f"the name ends in {path.suffix} but the content is not gzip: deliver it under its right ending"
        )
    try:
        with open_bytes(path) as stream:
            head = stream.read(4096)
    except _DAMAGED:
        return None  # it is what its ending says, but cut: the reader tells where
    inner = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if not head.strip():
        return "the file holds nothing but blanks: ask for it to be delivered again"
    for magic, kind in {
        b"PK\x03\x04": "a ZIP or Excel file",
        b"\x1f\x8b": "a gzip file",
        b"%PDF": "a PDF file",
        b"\xd0\xcf\x11\xe0": "an old Office file (.xls, .doc)",
        b"PAR1": "a Parquet file",
    }.items():
        if head.startswith(magic):
            return f"the name ends in {inner} but the content is {kind}: deliver it under its right ending"
    text = head.lstrip(b"\xef\xbb\xbf").lstrip()
    if inner == ".json" and text[:1] not in (b"{", b"["):
        return "the name ends in .json but the content is not JSON: deliver it under its right ending"
    if inner == ".csv" and (b"\x00" in head or text[:1] in (b"{", b"<")):
        return "the name ends in .csv but the content is not a CSV table: deliver it under its right ending"
    return None


def is_damaged(path: Path) -> bool:
    """Whether a packed file ends early or fails its checksum; DuckDB would read it without a word."""
    if path.suffix != ".gz":
        return False
    try:
        with open_bytes(path) as stream:
            while stream.read(1 << 20):
                pass
    except _DAMAGED:
        return True
    return False


# --- JSON messages -----------------------------------------------------------------------------------


def _row_structure(contract: Contract) -> tuple[dict[str, object], dict[str, str]]:
    """JSON structure of one row as json_transform takes it, and of the envelope as column types."""
    row: dict[str, object] = {w: "VARCHAR" for c in contract.columns for w in c.wires}
    for nested in contract.lists:
        row[nested.wire] = [{w: "VARCHAR" for c in nested.columns for w in c.wires}]
    envelope = {w: "VARCHAR" for c in contract.envelope for w in c.wires}
    return row, envelope


_Salvaged = tuple[str, dict[str, str]]  # a row as JSON text, and the envelope of its message


def _salvage(path: Path) -> tuple[list[_Salvaged], str]:
    """Whole rows before the place where a JSON file breaks, and what broke."""
    rows: list[_Salvaged] = []
    envelope: dict[str, str] = {}
    root = ""  # what stands before the names of a message: nothing, or "item." in a list of messages
    builder: ijson.ObjectBuilder | None = None
    try:
        with open_bytes(path) as stream:
            # read1: of a cut gzip also what stands right before the cut
            source = SimpleNamespace(read=stream.read1)
            for prefix, event, value in ijson.parse(source, multiple_values=True):
                if prefix == "" and event in ("start_array", "start_map"):
                    root = "item." if event == "start_array" else ""
                if event == "start_map" and prefix == root.rstrip("."):
                    envelope = {}
                row = prefix == f"{root}data.item"
                if row and builder is None:
                    builder = ijson.ObjectBuilder()
                if builder is not None:
                    builder.event(event, value)
                    if row and event not in ("start_map", "start_array", "map_key"):
                        rows.append((json.dumps(builder.value, default=str, ensure_ascii=False), envelope))
                        builder = None
                elif event in ("string", "number", "boolean") and "." not in prefix.removeprefix(root):
                    envelope[prefix.removeprefix(root)] = str(value)
    except (ijson.JSONError, UnicodeDecodeError, *_DAMAGED):
        return rows, "the JSON breaks off or is damaged"
    return rows, "the JSON is not a message with a list named data"


def _load_messages(
    con: duckdb.DuckDBPyConnection, files: list[InputFile], envelope: dict[str, str], target: str
) -> None:
    """Read whole messages into `target(file_no, row_number, d, <envelope>)`; raises where DuckDB does."""
    columns = {**envelope, "data": "JSON[]"}
    spec = "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in columns.items()) + "}"
    paths = "[" + ", ".join(file_literal(f.path) for f in files) + "]"
    con.execute("CREATE OR REPLACE TEMP TABLE input_files (path VARCHAR, file_no BIGINT)")
    con.executemany("INSERT INTO input_files VALUES (?, ?)", [(str(f.path), f.number) for f in files])
    kept = "".join(f", {identifier(w)}" for w in envelope)
    con.execute(
        f"""
        INSERT INTO {target}
        SELECT file_no, before + generate_subscripts(data, 1), unnest(data){kept}
        FROM (
            SELECT f.file_no, coalesce(m.data, error('no list named data')) AS data
                   {"".join(f", m.{identifier(w)}" for w in envelope)},
                   coalesce(sum(len(m.data)) OVER (
                       PARTITION BY f.file_no ORDER BY m.message_no
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                   ), 0) AS before
            FROM (
                SELECT *, row_number() OVER () AS message_no
                FROM read_json({paths}, columns = {spec}, filename = true,
                               maximum_object_size = {MAX_MESSAGE_BYTES})
            ) AS m
            JOIN input_files AS f ON f.path = m.filename
        )
        """
    )


def read_json_messages(con: duckdb.DuckDBPyConnection, files: list[InputFile], contract: Contract) -> Reading:
    """Messages `{…envelope…, "data": [row, …]}`, one or more in a file (extract_formats §1, §2).

    Raw values are taken as text whatever their JSON type. A file that breaks off gives the rows before
    the break, and one broken row for the rest.
    """
    row, envelope = _row_structure(contract)
    reading: Reading = {f.number: FileReading() for f in files}
    kept = "".join(f", {identifier(w)} VARCHAR" for w in envelope)
    con.execute(f"CREATE OR REPLACE TEMP TABLE messages (file_no BIGINT, row_number BIGINT, d JSON{kept})")

    good: list[InputFile] = []
    damaged: list[InputFile] = []
    for file in files:
        problem = sniff(file.path)
        if problem is not None:
            reading[file.number].unreadable = problem
        else:
            (damaged if is_damaged(file.path) else good).append(file)
    try:
        if good:
            _load_messages(con, good, envelope, "messages")
    except duckdb.Error:
        # DuckDB's own words may quote the content; ours name the file and the row only.
        con.execute("DELETE FROM messages")
        for file in good:
            try:
                _load_messages(con, [file], envelope, "messages")
            except duckdb.Error:
                damaged.append(file)
    for file in damaged:
        _load_salvaged(con, file, envelope, reading[file.number])

    for number, wire in con.execute(
        """SELECT DISTINCT file_no, unnest(json_keys(d)) FROM messages
           WHERE json_type(d) = 'OBJECT' ORDER BY ALL"""
    ).fetchall():
        reading[number].wires.add(wire)
    for wire in envelope:
        for (number,) in con.execute(
            f"SELECT DISTINCT file_no FROM messages WHERE {identifier(wire)} IS NOT NULL"
        ).fetchall():
            reading[number].wires.add(wire)

    not_lists = " OR ".join(
        f"coalesce(json_type(d, {literal('$.' + json.dumps(x.wire))}), 'NULL') NOT IN ('ARRAY', 'NULL')"
        for x in contract.lists
    )
    bad_row = "coalesce(json_type(d), 'NULL') <> 'OBJECT'" + (f" OR {not_lists}" if not_lists else "")
    for number, row_number in con.execute(
        f"SELECT file_no, row_number FROM messages WHERE {bad_row} ORDER BY ALL"
    ).fetchall():
        reading[number].broken_rows.append(
            (row_number, "the row is not an object, or a list in it is not a list")
        )
    envelope_columns = "".join(f", {identifier(w)}" for w in envelope)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE raw_rows AS
        SELECT file_no, row_number{envelope_columns}, unnest(r)
        FROM (
            SELECT file_no, row_number{envelope_columns}, json_transform(d, {literal(json.dumps(row))}) AS r
            FROM messages WHERE NOT ({bad_row})
        )
        """
    )
    con.execute("DROP TABLE messages")
    return reading


def _load_salvaged(
    con: duckdb.DuckDBPyConnection, file: InputFile, envelope: dict[str, str], reading: FileReading
) -> None:
    rows, why = _salvage(file.path)
    reading.unreadable = f"{why} after row {len(rows)}: ask for the file to be delivered again"
    reading.broken_rows.append((len(rows) + 1, why))
    if rows:
        columns = {
            "row_number": pa.array(range(1, len(rows) + 1), pa.int64()),
            "d": pa.array([row for row, _ in rows], pa.string()),
        } | {wire: pa.array([found.get(wire) for _, found in rows], pa.string()) for wire in envelope}
        con.register("salvaged", pa.table(columns))
        names = "".join(f", {identifier(w)}" for w in envelope)
        con.execute(f"INSERT INTO messages SELECT {file.number}, row_number, d{names} FROM salvaged")
        con.unregister("salvaged")


# --- CSV ---------------------------------------------------------------------------------------------


def read_csv(con: duckdb.DuckDBPyConnection, files: list[InputFile], contract: Contract) -> Reading:
    """Tables with a header row, UTF-8 with or without BOM, comma, semicolon or tab (extract_formats §8).

    Headers are matched without regard to case and surrounding blanks. A line with too many or too few
    cells is a broken row; row 1 is the first row below the header.
    """
    wires = [w for c in contract.row_columns for w in c.wires]
    by_folded = {_folded(w): w for w in (*wires, *(p.wire for p in contract.personal))}
    columns = "".join(f", {identifier(w)} VARCHAR" for w in dict.fromkeys(wires))
    con.execute(f"CREATE OR REPLACE TEMP TABLE raw_rows (file_no BIGINT, row_number BIGINT{columns})")
    reading: Reading = {f.number: FileReading() for f in files}
    for file in files:
        result = reading[file.number]
        result.unreadable = sniff(file.path)
        if result.unreadable is None and is_damaged(file.path):
            result.unreadable = "the packed file breaks off or is damaged: ask for it to be delivered again"
        if result.unreadable is None:
            try:
                _load_csv(con, file, by_folded, set(wires), result)
            except (duckdb.Error, csv.Error):
                result.unreadable = (
                    "the table cannot be read as CSV in UTF-8: check delimiter, line ends and encoding"
                )
    return reading


def _folded(header: str) -> str:
    return " ".join(unicodedata.normalize("NFC", header).strip().casefold().split())


def _csv_header(path: Path) -> tuple[int, str, list[str]]:
    """Blank lines before the header of a table, its delimiter, and its cells."""
    with io.TextIOWrapper(open_bytes(path), "utf-8-sig", errors="replace", newline="") as stream:
        blank = 0
        while not (first := stream.readline()).strip():
            blank += 1
        outside_quotes = re.sub('"[^"]*("|$)', "", first)
        delimiter = max(",;\t", key=outside_quotes.count)

        def lines() -> Iterator[str]:
            yield first
            yield from stream

        return blank, delimiter, next(csv.reader(lines(), delimiter=delimiter))


# Why DuckDB rejects a line, in our words. After the second group nobody knows where the next row begins.
_REJECTED = {
    "MISSING COLUMNS": "the line has more or fewer cells than the header",
    "TOO MANY COLUMNS": "the line has more or fewer cells than the header",
    "INVALID ENCODING": "the line is not UTF-8",
}
_LOST_ROWS = {
    "UNQUOTED VALUE": "a quoted cell does not end where its quote ends",
    "LINE SIZE OVER MAXIMUM": "the line is too long; a quote may not be closed",
}


def _load_csv(
    con: duckdb.DuckDBPyConnection,
    file: InputFile,
    by_folded: dict[str, str],
    wanted: set[str],
    result: FileReading,
) -> None:
    blank, delimiter, header = _csv_header(file.path)
    kept: dict[str, str] = {}  # wire name → column of the table; of two alike the first counts
    for number, name in enumerate(header):
        wire = by_folded.get(_folded(name), name.strip())
        result.wires |= {wire} - {""}
        if wire in wanted:
            kept.setdefault(wire, f"c{number}")
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(header)))
    for leftover in ("reject_errors", "reject_scans"):
        con.execute(f"DROP TABLE IF EXISTS {leftover}")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE csv_rows AS SELECT * FROM read_csv(
            {file_literal(file.path)}, auto_detect = false, columns = {{{columns}}},
            delim = {literal(delimiter)}, quote = '"', escape = '"', skip = {blank}, header = true, store_rejects = true)
        """
    )
    for line, kind in con.execute(
        "SELECT line, min(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall():
        row = int(line) - blank - 1
        why = _REJECTED.get(kind) or _LOST_ROWS.get(kind, "the line cannot be read")
        result.broken_rows.append((row, why))
        if kind not in _REJECTED and result.unreadable is None:
            result.unreadable = f"row {row}: {why}: ask for the file to be delivered again"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rejected AS SELECT unnest($1::BIGINT[]) AS n",
        [[row for row, _ in result.broken_rows]],
    )
    cells = "".join(f", {cell} AS {identifier(wire)}" for wire, cell in kept.items())
    # a landed row stands as many rows further down as there are rejected ones before it
    con.execute(
        f"""
        INSERT INTO raw_rows BY NAME
        SELECT {file.number} AS file_no,
               p + (SELECT count(*) FROM (SELECT n, row_number() OVER (ORDER BY n) AS j FROM rejected)
                    WHERE n - (j - 1) <= p) AS row_number{cells}
        FROM (SELECT *, row_number() OVER () AS p FROM csv_rows)
        """
        if result.broken_rows
        else f"""
        INSERT INTO raw_rows BY NAME
        SELECT {file.number} AS file_no, row_number() OVER () AS row_number{cells} FROM csv_rows
        """
    )
    con.execute("DROP TABLE csv_rows")


# --- Portal reporting API ----------------------------------------------------------------------------


def read_portal_api(con: duckdb.DuckDBPyConnection, files: list[InputFile], contract: Contract) -> Reading:
    """Replies of the portal's reporting API, shapes A and B: one row per unit, metric and field."""
    reading: Reading = {f.number: FileReading() for f in files}
    wires = [w for c in contract.row_columns for w in c.wires]
    rows: list[dict[str, Any]] = []
    for file in files:
        result = reading[file.number]
        result.unreadable = sniff(file.path)
        if result.unreadable is not None:
            continue
        try:
            with open_bytes(file.path) as stream:
                reply = json.load(stream, parse_float=Decimal)
            flattened = list(_portal_rows(reply))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, *_DAMAGED) as error:
            result.unreadable = f"not a reply of the reporting API ({type(error).__name__}): capture it again"
            result.broken_rows.append((1, "not a reply of the reporting API"))
            continue
        for number, row in enumerate(flattened, start=1):
            result.wires.update(row)
            rows.append({"file_no": file.number, "row_number": number} | row)
    schema = pa.schema(
        [("file_no", pa.int64()), ("row_number", pa.int64()), *[(w, pa.string()) for w in wires]]
    )
    con.register("portal_rows", pa.Table.from_pylist(rows, schema=schema))
    con.execute("CREATE OR REPLACE TEMP TABLE raw_rows AS SELECT * FROM portal_rows")
    con.unregister("portal_rows")
    return reading


def _portal_rows(reply: dict[str, Any]) -> Iterator[dict[str, str | None]]:
    capture, data = reply["capture"], reply["data"]
    common = {
        k: _text(capture.get(k)) for k in ("provinceCode", "periodLabel", "endpoint", "capturedOn", "source")
    }
    units = data["evaluation"] if "evaluation" in data else [data["parent"], *(data.get("children") or [])]
    for unit in units:
        head = common | {k: _text(unit.get(k)) for k in ("departmentName", "departmentCode")}
        for key, value in unit.items():
            if key not in ("departmentName", "departmentCode", "metrics") and not isinstance(value, str):
                yield head | {"metricCode": "_unit", "field": key, "value": _text(value)}
        for metric in unit.get("metrics", []):
            for key, value in metric.items():
                if key != "code" and not isinstance(value, str):
                    yield head | {"metricCode": _text(metric["code"]), "field": key, "value": _text(value)}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


READERS: dict[str, Reader] = {
    "json_messages": read_json_messages,
    "csv": read_csv,
    "portal_api": read_portal_api,
}
