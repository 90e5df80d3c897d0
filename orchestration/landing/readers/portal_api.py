"""Published figures of the portal: replies of its reporting API, and rows of the one it had until 2025.

Both become one row per unit, metric and field. A reply comes in shape A (lists of metrics) or shape B (trees
of counts); the older `rest.jsp` gave one flat row per unit, every value a text; as JSON or as a table in any
form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.landing.contracts import Column, Contract
from orchestration.landing.readers.delimited import read_delimited
from orchestration.landing.readers.files import Part, PartReading, Reader, Reading, Section
from orchestration.landing.readers.html_tables import read_html_tables
from orchestration.landing.readers.parquet_files import read_parquet_files
from orchestration.landing.readers.staging import add_columns
from orchestration.landing.readers.workbooks import read_workbooks

Row = dict[str, str | None]

_CAPTURE = ("provinceCode", "periodLabel", "endpoint", "capturedOn", "source")
OLD_ENDPOINT = "rest.jsp"
_OLD_SCORES = ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH", "TONG_SCORE")
# names, codes and kinds of the unit, and the portal's own numbers for it, which changed between services
_OLD_NO_FIGURES = {
    "ID", "ID_COQUAN", "ROW_STT", "TEN", "TEN_COQUAN", "MA_COQUAN", "LOAI_COQUAN", "CAPDONVIID", *_CAPTURE,
}  # fmt: skip
# by which the table is known
_OLD_COLUMNS = ("TEN", "TEN_COQUAN", "MA_COQUAN", *_OLD_SCORES)
_TABLE_READERS: dict[str, Reader] = {
    "delimited": read_delimited,
    "workbook": read_workbooks,
    "html": read_html_tables,
    "parquet": read_parquet_files,
}
# The older API names a figure in capitals and writes no nought before a number. Whatever else a list may have
# (a person's telephone, an identity number) is no figure.
_FIGURE = re.compile(r"[A-Z][A-Z0-9_]*")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_PROVINCE_IN_CODE = re.compile(r"^(?:\d{3}\.\d\d\.\d\d\.)?([HG]\d\d)(?:\.|$)")
_NO_REPLY = (ValueError, KeyError, TypeError, AttributeError, RecursionError, duckdb.Error)


def read_portal_api(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """JSON of either API, or the older one's rows in any form: one row per unit, metric and field."""
    reading: Reading = {}
    for part in parts:
        result = reading[part.number] = PartReading()
        try:
            rows = _rows_of_json(part) if part.form == "json" else _rows_of_table(part, contract, result)
            _insert(con, part, rows, contract)
        except _NO_REPLY as error:
            # the error's own words may quote the content
            result.unreadable = f"not a reply of the reporting API ({type(error).__name__}): capture it again"
            result.broken_rows = [(1, "not a reply of the reporting API")]
            continue
        result.wires |= {wire for row in rows for wire in row}
    return reading


def _named(part: Part) -> str:
    """What only the file's name says when nobody added a capture."""
    return PurePosixPath(part.name.rsplit("!", 1)[-1]).name.split(".")[0]


def _rows_of_table(part: Part, contract: Contract, result: PartReading) -> list[Row]:
    """Rows of a table of the older API's units, with the figures of every column that may be one of it.

    Which columns these are only the header says, so the table is read for the ones that all have first.
    """
    _, known = _read_table(part, contract, _OLD_COLUMNS)
    kept = {w for w in known.wires if w in _OLD_NO_FIGURES or _FIGURE.fullmatch(w)}
    units, found = _read_table(part, contract, sorted(kept)) if kept else ({}, known)
    result.unreadable, result.encoding, result.set_aside = found.unreadable, found.encoding, found.set_aside
    result.wires = known.wires - kept
    if result.unreadable is not None:
        return []
    rows: list[Row] = []
    for number, unit in units.items():
        result.sections.append(Section(_place(number), len(rows) + 1, 0))
        rows += _old_unit(unit, {}, _named(part))
    _check_points(rows)
    # a line that is no unit has no number among the rows made of the others
    for number, why in found.broken_rows:
        result.broken_rows.append((len(rows) + len(result.broken_rows) + 1, f"{_place(number)}: {why}"))
    return rows


def _place(unit: int) -> str:
    return f"unit {unit} of the table"


def _read_table(part: Part, contract: Contract, wires: Iterable[str]) -> tuple[dict[int, Row], PartReading]:
    """Units by their number in the table, with those columns, and what the reader of its form says of it."""
    columns = tuple(Column(name=f"c{n}", wire=wire, type="text") for n, wire in enumerate(wires))
    table = contract.model_copy(update={"key": ("c0",), "columns": columns})
    with duckdb.connect() as con:
        con.execute("CREATE TEMP TABLE raw_rows (part_no BIGINT, row_number BIGINT)")
        reading = _TABLE_READERS[part.form](con, [part], table)[part.number]
        found = con.execute("SELECT * EXCLUDE (part_no) FROM raw_rows ORDER BY row_number")
        names = [str(column[0]) for column in found.description or []]
        return {unit[0]: dict(zip(names[1:], unit[1:], strict=True)) for unit in found.fetchall()}, reading


def _rows_of_json(part: Part) -> list[Row]:
    with part.path.open("rb") as stream:
        reply = json.load(stream, parse_float=Decimal)
    if isinstance(reply, dict) and "rows" not in reply:
        return list(_reply_rows(reply))
    units, capture = (reply, {}) if isinstance(reply, list) else (reply["rows"], reply["capture"])
    rows = [row for unit in units for row in _old_unit(unit, capture, _named(part))]
    _check_points(rows)
    return rows


def _insert(con: duckdb.DuckDBPyConnection, part: Part, rows: list[Row], contract: Contract) -> None:
    wires = contract.raw_schema
    schema = pa.schema(
        [("part_no", pa.int64()), ("row_number", pa.int64()), *[(w, pa.string()) for w in wires]]
    )
    numbered = [{"part_no": part.number, "row_number": n} | row for n, row in enumerate(rows, start=1)]
    add_columns(con, contract, wires)
    con.register("portal_rows", pa.Table.from_pylist(numbered, schema=schema))
    con.execute("INSERT INTO raw_rows BY NAME SELECT * FROM portal_rows")
    con.unregister("portal_rows")


def _reply_rows(reply: dict[str, Any]) -> Iterator[Row]:
    capture, data = reply["capture"], reply["data"]
    common = {k: _text(capture.get(k)) for k in _CAPTURE}
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


def _old_unit(row: dict[str, Any], capture: dict[str, Any], named: str) -> Iterator[Row]:
    """Points of a group are the metric of its code, field `score`; other figures are the unit's own."""
    unit_name = _filled(row.get("TEN_COQUAN")) or _filled(row["TEN"])
    unit_code = _filled(row.get("MA_COQUAN"))
    told = {k: _filled(row.get(k)) or _filled(capture.get(k)) for k in _CAPTURE}
    province = _PROVINCE_IN_CODE.match((unit_code or "").upper())
    head = told | {
        "provinceCode": province[1] if province else told["provinceCode"],
        "periodLabel": told["periodLabel"] or named,
        "endpoint": OLD_ENDPOINT,
        "departmentName": unit_name,
        "departmentCode": unit_code,
    }
    for key, value in row.items():
        text = _filled(value)
        if key in _OLD_SCORES:
            yield head | {"metricCode": key, "field": "score", "value": text}
        elif key in _OLD_NO_FIGURES or not _FIGURE.fullmatch(key):
            continue
        elif text is None or _NUMBER.fullmatch(text):
            yield head | {"metricCode": "_unit", "field": key, "value": text}


def _check_points(rows: list[Row]) -> None:
    if not any(row["metricCode"] in _OLD_SCORES for row in rows):
        raise ValueError("no row with points of a group")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _filled(value: object) -> str | None:
    """The text of a value, NULL for none: the older API writes an empty text for "no value"."""
    text = (_text(value) or "").strip()
    return text or None
