"""Many rows into a DuckDB table at once; one `INSERT` per row costs a millisecond each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

_ROWS = "rows_to_insert"


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, their values in the order of the table's columns.

    Args:
        table: as SQL names it.
        rows: Python values that Arrow takes for the column's type; None for no value.

    Raises:
        pyarrow.ArrowInvalid, pyarrow.ArrowTypeError: a value does not fit its column; nothing was inserted.
    """
    if not rows:
        return
    schema = con.execute(f"FROM {table} LIMIT 0").to_arrow_table().schema
    columns = [pa.array(values, of.type) for values, of in zip(zip(*rows, strict=True), schema, strict=True)]
    con.register(_ROWS, pa.Table.from_arrays(columns, schema=schema))
    try:
        con.execute(f"INSERT INTO {table} FROM {_ROWS}")
    finally:
        con.unregister(_ROWS)
