"""Readers: bytes of a file → raw rows in DuckDB, every value still text under its wire name.

A reader is a function `(connection, files, contract) → Reading`. It fills the temporary table
`raw_rows(file_no, row_number, <wire names…>)`, where a nested list stays a list of structs, and says per
file which wire names it met and what was wrong. A damaged file never takes others with it.
"""

from __future__ import annotations

from orchestration.landing.readers.csv_tables import read_csv
from orchestration.landing.readers.files import FileReading, InputFile, Reader, Reading
from orchestration.landing.readers.json_messages import read_json_messages
from orchestration.landing.readers.portal_api import read_portal_api

READERS: dict[str, Reader] = {
    "json_messages": read_json_messages,
    "csv": read_csv,
    "portal_api": read_portal_api,
}

__all__ = ["READERS", "FileReading", "InputFile", "Reader", "Reading"]
