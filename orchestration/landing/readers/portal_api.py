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
from orchestration.landing.readers.files import Part, PartReading, Reader, Reading
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
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PROVINCE_IN_CODE = re.compile(r"^(?:\d{3}\.\d\d\.\d\d\.)?([HG]\d\d)(?:\.|$)")
_NO_REPLY = (ValueError, KeyError, TypeError, AttributeError, RecursionError, duckdb.Error)


def read_portal_api(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """JSON of either API, or the older one's rows in any form: one row per unit, metric and field."""
    reading: Reading = {}
    for part in parts:
        result = reading[part.number] = PartReading()
        try:
            if part.form == "json":
                rows = list(_rows_of_json(part))
            else:
                units, result = _units_of_table(part, contract)
                reading[part.number] = result
                if result.unreadable is not None:
                    continue
                rows = list(_old_rows(units, {}, _named(part)))
            _insert(con, part, rows, contract)
        except _NO_REPLY as error:
            # the error's own words may quote the content
            result.unreadable = f"not a reply of the reporting API ({type(error).__name__}): capture it again"
            result.broken_rows = [(1, "not a reply of the reporting API")]
            continue
        result.wires = {wire for row in rows for wire in row}
        # a line that is no row of a unit has no number among the rows made of the others
        result.broken_rows = [
            (len(rows) + n, f"unit {line} of the table: {why}")
            for n, (line, why) in enumerate(result.broken_rows, start=1)
        ]
        result.sections = []
    return reading


def _named(part: Part) -> str:
    """What only the file's name says when nobody added a capture."""
    return PurePosixPath(part.name.rsplit("!", 1)[-1]).name.split(".")[0]


def _units_of_table(part: Part, contract: Contract) -> tuple[list[Row], PartReading]:
    """Rows of a table, one per unit, with every column it has: which these are only its header says."""
    units, result = _read_table(part, contract, _OLD_COLUMNS)
    if result.unreadable is None:
        units, result = _read_table(part, contract, sorted(result.wires))
    return units, result


def _read_table(part: Part, contract: Contract, wires: Iterable[str]) -> tuple[list[Row], PartReading]:
    with duckdb.connect() as con:
        con.execute("CREATE TEMP TABLE raw_rows (part_no BIGINT, row_number BIGINT)")
        result = _TABLE_READERS[part.form](con, [part], _as_table(contract, wires))[part.number]
        found = con.execute("FROM raw_rows ORDER BY row_number")
        names = [str(column[0]) for column in found.description or []]
        return [dict(zip(names[2:], unit[2:], strict=True)) for unit in found.fetchall()], result


def _as_table(contract: Contract, wires: Iterable[str]) -> Contract:
    columns = tuple(Column(name=f"c{n}", wire=wire, type="text") for n, wire in enumerate(wires))
    return contract.model_copy(update={"key": ("c0",), "columns": columns})


def _rows_of_json(part: Part) -> Iterator[Row]:
    named = _named(part)
    with part.path.open("rb") as stream:
        reply = json.load(stream, parse_float=Decimal)
    if isinstance(reply, list):
        yield from _old_rows(reply, {}, named)
    elif "rows" in reply:
        yield from _old_rows(reply["rows"], reply["capture"], named)
    else:
        yield from _reply_rows(reply)


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


def _old_rows(rows: Iterable[dict[str, Any]], capture: dict[str, Any], named: str) -> Iterator[Row]:
    """Points of a group are the metric of its code, field `score`; other figures are the unit's own."""
    found = False
    for row in rows:
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
                found = True
                yield head | {"metricCode": key, "field": "score", "value": text}
            elif key not in _OLD_NO_FIGURES and (text is None or _NUMBER.fullmatch(text)):
                yield head | {"metricCode": "_unit", "field": key, "value": text}
    if not found:
        raise ValueError("no row with points of a group")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _filled(value: object) -> str | None:
    """The text of a value, NULL for none: the older API writes an empty text for "no value"."""
    text = (_text(value) or "").strip()
    return text or None
