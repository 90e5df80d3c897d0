"""Readers: parts of files → raw rows in DuckDB, every value still text under its wire name.

A reader is a function `(connection, parts, contract) → Reading`. It adds to the temporary table
`raw_rows(part_no, row_number, <columns of Contract.raw_schema that it meets>)` and says per part which wire
names it met and what was wrong. A damaged part never takes others with it. A new form of file = one reader
and a row in READERS.
"""

from __future__ import annotations

from orchestration.landing.readers.delimited import read_delimited
from orchestration.landing.readers.files import Part, PartReading, Reader, Reading, Section
from orchestration.landing.readers.html_tables import read_html_tables
from orchestration.landing.readers.json_messages import read_json_messages
from orchestration.landing.readers.parquet_files import read_parquet_files
from orchestration.landing.readers.portal_api import read_portal_api
from orchestration.landing.readers.workbooks import read_workbooks

READERS: dict[str, Reader] = {
    "json": read_json_messages,
    "delimited": read_delimited,
    "workbook": read_workbooks,
    "html": read_html_tables,
    "parquet": read_parquet_files,
}

__all__ = [
    "READERS",
    "Part",
    "PartReading",
    "Reader",
    "Reading",
    "Section",
    "read_portal_api",
]
