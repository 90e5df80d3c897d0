"""Readers called directly: files in, `raw_rows` and a word on each file out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.readers.files import Part, PartReading, Reader
from orchestration.landing.readers.staging import add_columns
from orchestration.landing.values import identifier


@dataclass
class Read:
    """What a reader made of files; part numbers count them from 1."""

    con: duckdb.DuckDBPyConnection
    parts: dict[int, PartReading]

    @property
    def part(self) -> PartReading:
        """The reading of the only file."""
        (reading,) = self.parts.values()
        return reading

    def rows(self, *wires: str, part: int = 1) -> list[tuple[Any, ...]]:
        """Row number and those columns of a file, by row."""
        columns = "".join(f", {identifier(w)}" for w in wires)
        return self.con.execute(
            f"SELECT row_number{columns} FROM raw_rows WHERE part_no = $1 ORDER BY row_number", [part]
        ).fetchall()


def read(reader: Reader, form: str, of: Contract, *paths: Path) -> Read:
    """Read files with one call."""
    con = duckdb.connect(":memory:")
    con.execute("CREATE TEMP TABLE raw_rows (part_no BIGINT, row_number BIGINT)")
    parts = [Part(n, path, path.name, form) for n, path in enumerate(paths, start=1)]
    reading = reader(con, parts, of)
    # columns that no file has
    add_columns(con, of, of.raw_schema)
    return Read(con, reading)
