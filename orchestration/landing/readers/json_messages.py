"""JSON: messages `{…envelope…, "data": [row, …]}`, one or more in a file, or bare rows.

Files are read together and strictly, straight into columns. Where that fails, the half with the fault is
looked for, and the one file that has it is read row by row, so that its good rows are kept.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import ijson
import numpy as np
import pyarrow as pa

from orchestration.inserting import insert_rows
from orchestration.landing import limits
from orchestration.landing.contracts import Column, Contract, NestedList
from orchestration.landing.readers.files import Part, PartReading, Reading
from orchestration.landing.readers.staging import add_columns
from orchestration.landing.values import file_literal, identifier, literal

_HEAD_BYTES = 64 * 1024
_OBJECT_BYTES = 16 * limits.MEBIBYTE  # DuckDB's own default
_BOM = b"\xef\xbb\xbf"
# Whether the first object has a list named data before any other list: a guess that the keys then confirm.
_MESSAGE = re.compile(rb'^[\s\xef\xbb\xbf]*\[?\s*\{[^\[\]]*?"data"\s*:\s*\[')
_NOT_ROWS = "the row is not an object, or a list in it is not a list"
_NO_ROWS = "the JSON holds neither a list named data nor rows of this source"
_DAMAGED = "the JSON breaks off or is damaged"
# What DuckDB raises at a fault; where its words quote half a letter, Python cannot even make them a text.
_FAULTS = (duckdb.Error, UnicodeDecodeError)
# What ijson cannot take: a number of that many digits crashes it, and each level costs it the path to it.
_BLOCK = 16 * limits.MEBIBYTE
_DATA = b'"data"'
_NO_BRACKETS = bytes(b for b in range(256) if b not in b"{}[]")
_LONG_NUMBER = re.compile(rb"\d{4000}")
_DEPTH = 100
_ROW_EVENTS = 1_000_000
_SALVAGE_BYTES = 8 * 1024  # of events made ahead


def read_json_messages(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """Messages and bare rows (extract_formats §1, §2, §8); values are taken as text whatever their JSON type.

    A file that breaks off gives the rows before the break, and one broken row for the rest.
    """
    reading: Reading = {p.number: PartReading(encoding="UTF-8") for p in parts}
    for part in parts:
        reading[part.number].unreadable = _refused(con, part)
    parts = [p for p in parts if reading[p.number].unreadable is None]
    messages = [p for p in parts if _is_message(p.path)]
    bare = [p for p in parts if p not in messages]
    for group, in_messages in ((messages, True), (bare, False)):
        _load(con, group, contract, reading, in_messages)
    return reading


def _refused(con: duckdb.DuckDBPyConnection, part: Part) -> str | None:
    """Why a file is not even read: it would crash the JSON library, or lose rows without a word."""
    depth, data_names = _depth_and_data_names(part.path)
    if depth > limits.JSON_DEPTH:
        why = f"objects lie more than {limits.JSON_DEPTH} levels deep in each other, as in no extract"
        return f"{why}: refused"
    if data_names > 1 and _has_two_lists(con, part):
        return "a message holds two lists named data: deliver each list in a message of its own"
    return None


def _depth_and_data_names(path: Path) -> tuple[int, int]:
    """How deep brackets nest (those in texts too; looked at until the limit), and how often "data" stands."""
    depth = deepest = names = 0
    end = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            names += (end + block).count(_DATA)
            end = block[1 - len(_DATA) :]
            signs = np.frombuffer(block.translate(None, _NO_BRACKETS), dtype=np.uint8)
            steps = np.where((signs == ord("{")) | (signs == ord("[")), 1, -1)
            depths = depth + np.cumsum(steps)
            if depths.size:
                deepest, depth = max(deepest, int(depths.max())), int(depths[-1])
                if deepest > limits.JSON_DEPTH:
                    break
    return deepest, names


def _has_two_lists(con: duckdb.DuckDBPyConnection, part: Part) -> bool:
    """Whether one message has the name data twice, of which only the first would be seen."""
    try:
        (most,) = con.execute(
            f"""SELECT max(len(list_filter(json_keys(json), lambda k: k = 'data')))
                FROM read_json_objects({file_literal(part.path)},
                                       maximum_object_size = {_object_bytes([part])})"""
        ).fetchall()[0]
    except _FAULTS:
        return False  # it is then read event by event, which sees both
    return most is not None and most > 1


def _is_message(path: Path) -> bool:
    with path.open("rb") as stream:
        return _MESSAGE.match(stream.read(_HEAD_BYTES)) is not None


def _load(
    con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract, reading: Reading, in_messages: bool
) -> None:
    if not parts:
        return
    if not _bare_numbers_matter(contract):
        try:
            _load_strictly(con, parts, contract, reading, in_messages)
            return
        except duckdb.OutOfMemoryException:
            if len(parts) == 1:
                raise  # the machine's limit says nothing about the file
        except _FAULTS:
            pass  # DuckDB's own words may quote the content; the loose reading finds file and row
    if len(parts) == 1:
        _load_loosely(con, parts[0], contract, reading[parts[0].number], in_messages)
        return
    middle = len(parts) // 2
    _load(con, parts[:middle], contract, reading, in_messages)
    _load(con, parts[middle:], contract, reading, in_messages)


def _bare_numbers_matter(contract: Contract) -> bool:
    """Whether 392.496 as a JSON number and as a text mean two things to the contract."""
    columns = [*contract.row_columns, *(c for x in contract.lists for c in x.columns)]
    return contract.number_locale == "vi" and any(c.type == "decimal" for c in columns)


def _object_bytes(parts: list[Part]) -> int:
    """The longest message to make room for: DuckDB takes twice as much memory for each thread at once."""
    longest = max(p.path.stat().st_size for p in parts)
    return min(max(longest, _OBJECT_BYTES), limits.MESSAGE_BYTES)


def _fields(schema: dict[str, str]) -> str:
    return ", ".join(f"{identifier(w)} {t}" for w, t in schema.items())


def _load_strictly(
    con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract, reading: Reading, in_messages: bool
) -> None:
    """Read whole files into raw_rows in one go.

    Raises:
        duckdb.Error: one of them is not what it should be in every row; nothing was inserted.
    """
    paths = "[" + ", ".join(file_literal(p.path) for p in parts) + "]"
    options = f"filename = true, maximum_object_size = {_object_bytes(parts)}"
    con.execute("CREATE OR REPLACE TEMP TABLE input_files (path VARCHAR, part_no BIGINT)")
    insert_rows(con, "input_files", [(str(p.path), p.number) for p in parts])
    around = {w for c in contract.envelope for w in c.wires} if in_messages else set()
    found = _keys(con, paths, options, in_messages, bool(around))
    met: set[str] = set()
    for number, _, names, envelope_names in found:
        if not names & set(contract.raw_schema) or (not in_messages and "data" in names):
            raise duckdb.InvalidInputException("these are not the rows of the source")
        reading[number].wires |= names | (envelope_names & around)
        met |= names
    envelope = [w for w in contract.raw_schema if w in around]
    row = {w: t for w, t in contract.raw_schema.items() if w in met - around}
    targets = ", ".join(identifier(w) for w in ["part_no", "row_number", *envelope, *row])
    if in_messages:
        several = any(messages > 1 for _, messages, _, _ in found)
        rows = _rows_of_messages(paths, options, envelope, row, several)
    else:
        columns = ", ".join(f"{literal(w)}: {literal(t)}" for w, t in row.items())
        rows = f"""
            SELECT f.part_no, row_number() OVER (PARTITION BY m.filename ORDER BY m.place)
                   {"".join(f", m.{identifier(w)}" for w in row)}
            FROM (SELECT *, row_number() OVER () AS place
                  FROM read_json({paths}, columns = {{{columns}}}, {options})) AS m
            JOIN input_files AS f ON f.path = m.filename"""
    add_columns(con, contract, [*envelope, *row])
    con.execute(f"INSERT INTO raw_rows ({targets}) {rows}")


_Keys = tuple[int, int, set[str], set[str]]


def _keys(
    con: duckdb.DuckDBPyConnection, paths: str, options: str, in_messages: bool, around: bool
) -> list[_Keys]:
    """Per part: its number, how many messages or rows it holds, the keys of its rows and of its messages.

    Raises:
        duckdb.Error: one of the files is no JSON.
    """
    if in_messages:
        try:
            # a file that is one message: its text is parsed once, and much faster than by the JSON reader
            return _keys_in(
                con, f"SELECT filename, content AS json FROM read_text({paths})", in_messages, around
            )
        except _FAULTS:
            pass  # more messages than one in a file
    return _keys_in(
        con, f"SELECT filename, json FROM read_json_objects({paths}, {options})", in_messages, around
    )


def _keys_in(con: duckdb.DuckDBPyConnection, texts: str, in_messages: bool, around: bool) -> list[_Keys]:
    rows = "list_distinct(flatten(json_keys(json, '$.data[*]')))" if in_messages else "json_keys(json)"
    envelope_keys = "json_keys(json)" if around else "[]"
    return [
        (int(number), int(count), set(names), set(envelope))
        for number, count, names, envelope in con.execute(
            f"""
            SELECT f.part_no, m.messages, m.names, m.around
            FROM (
                SELECT filename, count(*) AS messages, list_distinct(flatten(list(names))) AS names,
                       list_distinct(flatten(list(around))) AS around
                FROM (SELECT filename, {rows} AS names, {envelope_keys} AS around FROM ({texts}))
                GROUP BY filename
            ) AS m JOIN input_files AS f ON f.path = m.filename
            """
        ).fetchall()
    ]


def _rows_of_messages(
    paths: str, options: str, envelope: list[str], row: dict[str, str], several: bool
) -> str:
    """SQL of the rows of messages, each with its number in its file and what its message says around it."""
    columns = ", ".join(
        [*(f"{literal(w)}: 'VARCHAR'" for w in envelope), f"'data': {literal(f'STRUCT({_fields(row)})[]')}"]
    )
    numbered, before = "*", "0"
    if several:
        numbered = "*, row_number() OVER () AS message_no"
        before = """coalesce(sum(len(m.data)) OVER (PARTITION BY m.filename ORDER BY m.message_no
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"""
    kept = "".join(f", {identifier(w)}" for w in envelope)
    return f"""
        SELECT part_no, row_number{kept}{"".join(f", r.{identifier(w)}" for w in row)}
        FROM (
            SELECT part_no, before + generate_subscripts(data, 1) AS row_number, unnest(data) AS r{kept}
            FROM (
                SELECT f.part_no, coalesce(m.data, error('no list named data')) AS data{kept},
                       {before} AS before
                FROM (SELECT {numbered} FROM read_json({paths}, columns = {{{columns}}}, {options})) AS m
                JOIN input_files AS f ON f.path = m.filename
            )
        )"""


def _load_loosely(
    con: duckdb.DuckDBPyConnection, part: Part, contract: Contract, result: PartReading, in_messages: bool
) -> None:
    """Read one file row by row: what is no row is broken, and of a cut file the rows before the cut land."""
    con.execute("CREATE OR REPLACE TEMP TABLE documents (row_number BIGINT, d JSON, message JSON)")
    try:
        con.execute(
            f"""
            INSERT INTO documents
            SELECT row_number() OVER (), d, message FROM (
                SELECT unnest(
                    CASE WHEN json_type(json, '$.data') = 'ARRAY' THEN json_extract(json, '$.data[*]')
                         WHEN NOT json_exists(json, '$.data') THEN [json]
                         ELSE error('data is not a list') END) AS d,
                    json AS message
                FROM read_json_objects({file_literal(part.path)},
                                       maximum_object_size = {_object_bytes([part])}))
            """
        )
    except _FAULTS:
        con.execute("DELETE FROM documents")
        _salvage_into_documents(con, part.path, result, in_messages)
    known = set(contract.raw_schema)
    keys = con.execute(
        "SELECT DISTINCT unnest(json_keys(d)) FROM documents WHERE json_type(d) = 'OBJECT'"
    ).fetchall()
    around = con.execute(
        "SELECT DISTINCT unnest(json_keys(message)) FROM documents WHERE json_type(message) = 'OBJECT'"
    ).fetchall()
    envelope = {w for c in contract.envelope for w in c.wires}
    wires = {k for (k,) in keys} | ({k for (k,) in around} & envelope)
    if wires and not wires & known and result.unreadable is None:
        result.unreadable = f"{_NO_ROWS}: check that the file belongs to it"
        result.broken_rows.append((1, _NO_ROWS))
        return
    result.wires |= wires

    not_lists = [
        f"coalesce(json_type(d, {_path(x.wire)}), 'NULL') NOT IN ('ARRAY', 'NULL')" for x in contract.lists
    ]
    broken = " OR ".join(["coalesce(json_type(d), 'NULL') <> 'OBJECT'", *not_lists])
    result.broken_rows += [
        (int(n), _NOT_ROWS)
        for (n,) in con.execute(f"SELECT row_number FROM documents WHERE {broken} ORDER BY ALL").fetchall()
    ]
    there = [w for w in contract.raw_schema if w in wires]
    lists = {x.wire: x for x in contract.lists}
    numbers = _decimals(contract.columns) if _bare_numbers_matter(contract) else set()
    picked = []
    for wire in there:
        if wire in envelope:
            picked.append(f"around.{identifier(wire)}")
        elif wire in lists:
            picked.append(_items(lists[wire], contract))
        elif wire in numbers:
            picked.append(_with_comma("d", wire, f"r.{identifier(wire)}"))
        else:
            picked.append(f"r.{identifier(wire)}")
    add_columns(con, contract, there)
    con.execute(
        f"""
        INSERT INTO raw_rows ({", ".join(["part_no", "row_number", *map(identifier, there)])})
        SELECT {", ".join([str(part.number), "row_number", *picked])}
        FROM (SELECT row_number, d, {_texts("d", contract.columns)} AS r,
                     {_texts("message", contract.envelope) if envelope else "NULL"} AS around
              FROM documents WHERE NOT ({broken}))
        """
    )
    con.execute("DROP TABLE documents")


def _texts(document: str, columns: tuple[Column, ...]) -> str:
    """SQL of a JSON object's values as a struct of texts, each as it is read from a whole file.

    Of some numbers json_extract_string writes another text (1e+16: 10000000000000000.0).
    """
    structure = {w: "VARCHAR" for c in columns for w in c.wires}
    return f"json_transform({document}, {literal(json.dumps(structure))})"


def _path(wire: str, items: str = "") -> str:
    return literal("$." + json.dumps(wire, ensure_ascii=False) + items)


def _decimals(columns: tuple[Column, ...]) -> set[str]:
    return {w for c in columns if c.type == "decimal" for w in c.wires}


def _with_comma(document: str, wire: str, text: str) -> str:
    """SQL of a decimal's text: that of a JSON number with the comma that the contract reads."""
    bare = f"json_type({document}, {_path(wire)}) IN ('DOUBLE', 'BIGINT', 'UBIGINT')"
    return f"CASE WHEN {bare} THEN replace({text}, '.', ',') ELSE {text} END"


def _items(nested: NestedList, contract: Contract) -> str:
    """SQL of a list of a row `d`, its items as structs, NULL where an item is no object."""
    struct = _texts("i", nested.columns)
    if _bare_numbers_matter(contract):
        texts = {w: f"({struct}).{identifier(w)}" for c in nested.columns for w in c.wires}
        texts |= {w: _with_comma("i", w, texts[w]) for w in _decimals(nested.columns)}
        struct = "{" + ", ".join(f"{literal(w)}: {text}" for w, text in texts.items()) + "}"
    item = f"CASE WHEN json_type(i) = 'OBJECT' THEN {struct} END"
    return (
        f"CASE WHEN json_type(d, {_path(nested.wire)}) = 'ARRAY' "
        f"THEN list_transform(json_extract(d, {_path(nested.wire, '[*]')}), lambda i: {item}) END"
    )


def _salvage_into_documents(
    con: duckdb.DuckDBPyConnection, path: Path, result: PartReading, in_messages: bool
) -> None:
    rows: list[tuple[str, str]] = []
    try:
        with path.open("rb") as stream:
            for row, message in _events_to_rows(stream, in_messages):
                rows.append((row, message))
        why = _DAMAGED if rows else _NO_ROWS
    except (ijson.JSONError, UnicodeDecodeError, ArithmeticError):
        why = _DAMAGED
    result.unreadable = f"{why} after row {len(rows)}: ask for the file to be delivered again"
    result.broken_rows.append((len(rows) + 1, why))
    columns = {
        "row_number": pa.array(range(1, len(rows) + 1), pa.int64()),
        "d": pa.array([row for row, _ in rows], pa.string()),
        "message": pa.array([message for _, message in rows], pa.string()),
    }
    con.register("salvaged", pa.table(columns))
    con.execute("INSERT INTO documents SELECT * FROM salvaged")
    con.unregister("salvaged")


def _events_to_rows(stream: BinaryIO, in_messages: bool) -> Iterator[tuple[str, str]]:
    """Whole rows of a JSON file, each with its message's envelope as far as it came before; both as text.

    What was taken for bare rows is a message where the name data turns up; a bare row is its own message.

    Raises:
        ijson.JSONError, UnicodeDecodeError, ArithmeticError: where the file breaks.
    """
    envelope: dict[str, Any] = {}
    root = ""  # what stands before the names of a message: nothing, or "item." in a list of messages
    builder: ijson.ObjectBuilder | None = None
    depth = events = 0
    stream.seek(len(_BOM) if stream.read(len(_BOM)) == _BOM else 0)
    for prefix, event, value in ijson.parse(_Bounded(stream), multiple_values=True, buf_size=_SALVAGE_BYTES):
        depth += (event in ("start_array", "start_map")) - (event in ("end_array", "end_map"))
        if depth > _DEPTH:
            raise ijson.JSONError("nested too deep")
        if prefix == "" and event in ("start_array", "start_map"):
            root = "item." if event == "start_array" else ""
        if event == "start_map" and prefix == root.rstrip("."):
            envelope = {}
        if event == "map_key" and value == "data" and prefix == root.rstrip("."):
            if builder is not None:
                envelope = {k: v for k, v in builder.value.items() if not isinstance(v, dict | list)}
            in_messages, builder = True, None
        row = prefix == (f"{root}data.item" if in_messages else root.rstrip("."))
        if row and builder is None:
            builder, events = ijson.ObjectBuilder(), 0
        if builder is not None:
            events += 1
            if events > _ROW_EVENTS:
                raise ijson.JSONError("a row too long")
            builder.event(event, value)
            if row and event not in ("start_map", "start_array", "map_key"):
                text = _json(builder.value)
                yield text, _json(envelope) if in_messages else text
                builder = None
        elif event in ("string", "number", "boolean") and "." not in prefix.removeprefix(root):
            envelope[prefix.removeprefix(root)] = value


def _json(value: Any) -> str:
    return json.dumps(value, default=_number, ensure_ascii=False)


def _number(value: Decimal) -> float | str:
    """A number of a row as JSON can hold it: still a number, as in a whole file."""
    number = float(value)
    return number if math.isfinite(number) else str(value)


class _Bounded:
    """A stream that ends before a number that ijson cannot take."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._last = b""

    def read(self, size: int) -> bytes:
        block = self._stream.read(size)
        found = _LONG_NUMBER.search(self._last + block)
        if found:
            return block[: max(0, found.start() - len(self._last))]
        self._last = (self._last + block)[-4000:]
        return block
