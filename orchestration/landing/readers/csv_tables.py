"""CSV and its kin: a header row, then one row per line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.readers.files import FileReading, InputFile, Reading, is_damaged, open_bytes, sniff
from orchestration.landing.values import file_literal, identifier, literal

ENDINGS = (".csv", ".tsv", ".txt")


def read_csv(con: duckdb.DuckDBPyConnection, files: list[InputFile], contract: Contract) -> Reading:
    """Tables with a header row, UTF-8 with or without BOM, comma, semicolon or tab (extract_formats §8).

    Headers are matched without regard to case and surrounding blanks. A line with too many or too few
    cells is a broken row; row 1 is the first row below the header.
    """
    wires = [w for c in contract.row_columns for w in c.wires]
    by_folded = {_folded(w): w for w in (*wires, *(p.wire for p in contract.personal))}
    columns = "".join(f", {identifier(w)} VARCHAR" for w in dict.fromkeys(wires))
    con.execute(f"CREATE OR REPLACE TEMP TABLE raw_rows (file_no BIGINT, row_number BIGINT{columns})")
    reading: Reading = {f.number: FileReading() for f in files}
    for file in files:
        result = reading[file.number]
        result.unreadable = sniff(file.path, ENDINGS)
        if result.unreadable is None and is_damaged(file.path):
            result.unreadable = "the packed file breaks off or is damaged: ask for it to be delivered again"
        if result.unreadable is None:
            try:
                _load_csv(con, file, by_folded, set(wires), result)
            except (duckdb.Error, csv.Error):
                result.unreadable = (
                    "the table cannot be read as CSV in UTF-8: check delimiter, line ends and encoding"
                )
    return reading


def _folded(header: str) -> str:
    return " ".join(unicodedata.normalize("NFC", header).strip().casefold().split())


def _csv_header(path: Path) -> tuple[int, str, list[str]]:
    """Blank lines before the header of a table, its delimiter, and its cells."""
    with io.TextIOWrapper(open_bytes(path), "utf-8-sig", errors="replace", newline="") as stream:
        blank = 0
        while not (first := stream.readline()).strip():
            blank += 1
        outside_quotes = re.sub('"[^"]*("|$)', "", first)
        delimiter = max(",;\t", key=outside_quotes.count)

        def lines() -> Iterator[str]:
            yield first
            yield from stream

        return blank, delimiter, next(csv.reader(lines(), delimiter=delimiter))


# Why DuckDB rejects a line, in our words. After the second group nobody knows where the next row begins.
_REJECTED = {
    "MISSING COLUMNS": "the line has more or fewer cells than the header",
    "TOO MANY COLUMNS": "the line has more or fewer cells than the header",
    "INVALID ENCODING": "the line is not UTF-8",
}
_LOST_ROWS = {
    "UNQUOTED VALUE": "a quoted cell does not end where its quote ends",
    "LINE SIZE OVER MAXIMUM": "the line is too long; a quote may not be closed",
}


def _load_csv(
    con: duckdb.DuckDBPyConnection,
    file: InputFile,
    by_folded: dict[str, str],
    wanted: set[str],
    result: FileReading,
) -> None:
    blank, delimiter, header = _csv_header(file.path)
    kept: dict[str, str] = {}  # wire name → column of the table; of two alike the first counts
    for number, name in enumerate(header):
        wire = by_folded.get(_folded(name), name.strip())
        result.wires |= {wire} - {""}
        if wire in wanted:
            kept.setdefault(wire, f"c{number}")
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(header)))
    for leftover in ("reject_errors", "reject_scans"):
        con.execute(f"DROP TABLE IF EXISTS {leftover}")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE csv_rows AS SELECT * FROM read_csv(
            {file_literal(file.path)}, auto_detect = false, columns = {{{columns}}},
            delim = {literal(delimiter)}, quote = '"', escape = '"',
            skip = {blank}, header = true, store_rejects = true)
        """
    )
    for line, kind in con.execute(
        "SELECT line, min(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall():
        row = int(line) - blank - 1
        why = _REJECTED.get(kind) or _LOST_ROWS.get(kind, "the line cannot be read")
        result.broken_rows.append((row, why))
        if kind not in _REJECTED and result.unreadable is None:
            result.unreadable = f"row {row}: {why}: ask for the file to be delivered again"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rejected AS SELECT unnest($1::BIGINT[]) AS n",
        [[row for row, _ in result.broken_rows]],
    )
    cells = "".join(f", {cell} AS {identifier(wire)}" for wire, cell in kept.items())
    # a landed row stands as many rows further down as there are rejected ones before it
    con.execute(
        f"""
        INSERT INTO raw_rows BY NAME
        SELECT {file.number} AS file_no,
               p + (SELECT count(*) FROM (SELECT n, row_number() OVER (ORDER BY n) AS j FROM rejected)
                    WHERE n - (j - 1) <= p) AS row_number{cells}
        FROM (SELECT *, row_number() OVER () AS p FROM csv_rows)
        """
        if result.broken_rows
        else f"""
        INSERT INTO raw_rows BY NAME
        SELECT {file.number} AS file_no, row_number() OVER () AS row_number{cells} FROM csv_rows
        """
    )
    con.execute("DROP TABLE csv_rows")
