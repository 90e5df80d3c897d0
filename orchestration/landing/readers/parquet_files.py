"""Parquet files: typed columns, given as text in the terms of the contract."""

from __future__ import annotations

import re

import duckdb

from orchestration.landing import limits
from orchestration.landing.contracts import Column, Contract, NestedList
from orchestration.landing.legacy_text import fold_key
from orchestration.landing.readers.files import Job, Part, PartReading, Reading, Section
from orchestration.landing.readers.staging import insert_staged
from orchestration.landing.readers.terms import date_text, number_text
from orchestration.landing.tables import too_wide, wanted_of
from orchestration.landing.values import ZONE, file_literal, identifier, literal

_DAMAGED = "the Parquet file is damaged: ask for it to be delivered again"
_TOO_LARGE = "the Parquet file unpacks to more than {}: deliver it in parts"


class _Unreadable(Exception):
    """A file in which there is nothing to read; the message says why and what to do."""


def read_parquet_files(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """Columns by their names, as headers are matched; a list of structs under the name of a nested list."""
    reading: Reading = {}
    for part in parts:
        result = reading[part.number] = PartReading()
        try:
            _read(Job(con, part, contract, result))
        except _Unreadable as unreadable:
            result.unreadable = str(unreadable)
        except duckdb.Error:
            # DuckDB's own words may quote the content
            result.unreadable = _DAMAGED
    return reading


def _read(job: Job) -> None:
    con, contract = job.con, job.contract
    path = file_literal(job.part.path)
    source = f"read_parquet({path}, file_row_number = true, binary_as_string = true)"
    _check_size(con, path)
    described = con.execute(f"DESCRIBE SELECT * EXCLUDE file_row_number FROM {source}").fetchall()
    types = {name: kind for name, kind, *_ in described}
    if problem := too_wide(len(types)):
        raise _Unreadable(problem)
    wanted = wanted_of(contract)
    columns: dict[str, str] = {}  # wire → name in the file; of two alike the first counts
    for name in types:
        folded = fold_key(name)
        wire = wanted.kept.get(folded) or wanted.personal.get(folded) or " ".join(name.split())
        job.result.wires |= {wire} - {""}
        if folded in wanted.kept:
            columns.setdefault(wire, name)
    if not columns:
        raise _Unreadable(
            f"no column of the file is one of this source (first missing: {wanted.first}): "
            "deliver the table with its columns named"
        )
    by_wire = {w: c for c in contract.row_columns for w in c.wires}
    lists = {x.wire: x for x in contract.lists}
    cells = "".join(
        f", {_text(identifier(name), types[name], by_wire.get(wire), lists.get(wire), contract)}"
        f" AS {identifier(wire)}"
        for wire, name in columns.items()
    )
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW staged AS SELECT file_row_number + 1 AS line{cells} FROM {source}"
    )
    try:
        section = Section("", 1, 1)
        insert_staged(job, section, columns, [], {})
        job.result.sections.append(section)
    finally:
        con.execute("DROP VIEW staged")


def _check_size(con: duckdb.DuckDBPyConnection, path: str) -> None:
    (unpacked,) = con.execute(
        f"SELECT sum(total_uncompressed_size) FROM parquet_metadata({path})"
    ).fetchall()[0]
    (rows,) = con.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({path})").fetchall()[0]
    if (unpacked or 0) > limits.UNPACKED_BYTES:
        raise _Unreadable(_TOO_LARGE.format(f"{limits.UNPACKED_BYTES // limits.MEBIBYTE} MiB"))
    if (rows or 0) > limits.ROWS:
        raise _Unreadable(_TOO_LARGE.format(f"{limits.ROWS:,} rows"))


def _text(value: str, kind: str, column: Column | None, nested: NestedList | None, contract: Contract) -> str:
    """SQL of a value of that DuckDB type as text."""
    if nested is not None:
        return _list_text(value, kind, nested, contract)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return date_text(f"timezone({literal(ZONE)}, {value})", contract)
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return date_text(f"CAST({value} AS TIMESTAMP)", contract)
    text = f"CAST({value} AS VARCHAR)"
    if kind in ("DOUBLE", "FLOAT"):
        # 1e+20 is no number to landing
        text = f"CASE WHEN contains({text}, 'e') THEN printf('%.9f', {value}) ELSE {text} END"
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        comma = column is not None and column.type == "decimal" and contract.number_locale == "vi"
        return number_text(text, comma)
    return text


def _list_text(value: str, kind: str, nested: NestedList, contract: Contract) -> str:
    """A list of structs as JSON; what is no such list as text, which is then found to be no list."""
    if not re.fullmatch(r"STRUCT\(.*\)\[\]", kind):
        return f"CAST({value} AS VARCHAR)"
    by_folded = {fold_key(w): (w, c) for c in nested.columns for w in c.wires}
    fields: dict[str, str] = {}
    for name, field_kind in _fields(kind):
        if found := by_folded.get(fold_key(name)):
            wire, column = found
            field = f"x[{literal(name)}]"
            fields.setdefault(
                wire, f"{identifier(wire)} := {_text(field, field_kind, column, None, contract)}"
            )
    packed = f"struct_pack({', '.join(fields.values())})" if fields else "NULL"
    return f"CAST(to_json(list_transform({value}, lambda x: {packed})) AS VARCHAR)"


def _fields(kind: str) -> list[tuple[str, str]]:
    """Names and types of the fields of `STRUCT(a INTEGER, "b c" VARCHAR)[]`."""
    struct = duckdb.sqltype(kind).child
    return [(name, str(child)) for name, child in struct.children]
