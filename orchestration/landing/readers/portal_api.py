"""Published figures of the portal: replies of its reporting API, and rows of the one it had until 2025.

Both become one row per unit, metric and field. A reply comes in shape A (lists of metrics) or shape B (trees
of counts); the older `rest.jsp` gave one flat row per unit, every value a text.
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

from orchestration.landing.contracts import Contract
from orchestration.landing.readers.files import Part, PartReading, Reading
from orchestration.landing.readers.staging import add_columns
from orchestration.landing.values import file_literal

Row = dict[str, str | None]

_CAPTURE = ("provinceCode", "periodLabel", "endpoint", "capturedOn", "source")
OLD_ENDPOINT = "rest.jsp"
_OLD_SCORES = ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH", "TONG_SCORE")
# names, codes and kinds of the unit, and the portal's own numbers for it, which changed between services
_OLD_NO_FIGURES = {
    "ID", "ID_COQUAN", "ROW_STT", "TEN", "TEN_COQUAN", "MA_COQUAN", "LOAI_COQUAN", "CAPDONVIID", *_CAPTURE,
}  # fmt: skip
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PROVINCE_IN_CODE = re.compile(r"^(?:\d{3}\.\d\d\.\d\d\.)?([HG]\d\d)(?:\.|$)")
_NO_REPLY = (ValueError, KeyError, TypeError, AttributeError, RecursionError, duckdb.Error)


def read_portal_api(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """JSON of either API, or the older one's rows as CSV: one row per unit, metric and field."""
    reading: Reading = {}
    for part in parts:
        result = reading[part.number] = PartReading()
        if part.form not in ("json", "delimited"):
            result.unreadable = "the portal's figures are read from JSON or CSV: save them as one of these"
            continue
        try:
            rows = list(_rows_of(con, part))
            _insert(con, part, rows, contract)
        except _NO_REPLY as error:
            # the error's own words may quote the content
            result.unreadable = f"not a reply of the reporting API ({type(error).__name__}): capture it again"
            result.broken_rows.append((1, "not a reply of the reporting API"))
            continue
        result.wires = {wire for row in rows for wire in row}
    return reading


def _rows_of(con: duckdb.DuckDBPyConnection, part: Part) -> Iterator[Row]:
    # what only the file's name says when nobody added a capture
    named = PurePosixPath(part.name.rsplit("!", 1)[-1]).name.split(".")[0]
    if part.form == "delimited":
        table = con.execute(f"SELECT * FROM read_csv({file_literal(part.path)}, all_varchar = true)")
        names = [str(column[0]).strip() for column in table.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in table.fetchall()]
        yield from _old_rows(rows, {}, named)
        return
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
