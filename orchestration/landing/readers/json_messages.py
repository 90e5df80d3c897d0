"""JSON messages `{…envelope…, "data": [row, …]}`, one or more in a file."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import duckdb
import ijson
import pyarrow as pa

from orchestration.landing.contracts import Contract
from orchestration.landing.readers.files import (
    DAMAGED,
    FileReading,
    InputFile,
    Reading,
    is_damaged,
    open_bytes,
    sniff,
)
from orchestration.landing.values import file_literal, identifier, literal

ENDINGS = (".json", ".ndjson", ".jsonl")
MAX_MESSAGE_BYTES = 256 * 1024 * 1024


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
    except (ijson.JSONError, UnicodeDecodeError, *DAMAGED):
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
        problem = sniff(file.path, ENDINGS)
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
