"""Replies of the portal's reporting API, shape A (lists of metrics) and shape B (trees of counts)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.landing.contracts import Contract
from orchestration.landing.readers.files import DAMAGED, FileReading, InputFile, Reading, open_bytes, sniff

ENDINGS = (".json",)


def read_portal_api(con: duckdb.DuckDBPyConnection, files: list[InputFile], contract: Contract) -> Reading:
    """Replies of the portal's reporting API, shapes A and B: one row per unit, metric and field."""
    reading: Reading = {f.number: FileReading() for f in files}
    wires = [w for c in contract.row_columns for w in c.wires]
    rows: list[dict[str, Any]] = []
    for file in files:
        result = reading[file.number]
        result.unreadable = sniff(file.path, ENDINGS)
        if result.unreadable is not None:
            continue
        try:
            with open_bytes(file.path) as stream:
                reply = json.load(stream, parse_float=Decimal)
            flattened = list(_portal_rows(reply))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, *DAMAGED) as error:
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
