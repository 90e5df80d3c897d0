"""Delimited text: CSV and its kin, read by DuckDB where clean and line by line where not."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa

from orchestration.landing import limits
from orchestration.landing.contracts import Contract
from orchestration.landing.readers.encodings import BYTEWISE, encoding_of, is_mostly_utf8, is_utf8, transcode
from orchestration.landing.readers.files import Job, Part, PartReading, Reading, Section
from orchestration.landing.readers.staging import add_columns, create_staged, insert_staged, stage
from orchestration.landing.tables import (
    Table,
    Wanted,
    find_table,
    is_doubtful,
    lines_set_aside,
    no_table,
    too_wide,
    wanted_of,
)
from orchestration.landing.values import file_literal, identifier, literal

DELIMITERS = ",;\t|"
_BLOCK = 1 << 20
_BATCH = 20_000
_CELLS = "the line has more or fewer cells than the header"
_NOT_UTF8 = "the line is not UTF-8"
_QUOTE = "a quoted cell does not end where its quote ends"
_TOO_LONG = f"a line is longer than {limits.LINE_BYTES // limits.MEBIBYTE} MiB"
_LONE = re.compile("[\ud800-\udfff]")  # a byte that is not UTF-8

# Python's own limit would refuse cells that ours allows
csv.field_size_limit(limits.LINE_BYTES)


class _Unreadable(Exception):
    """A part in which there is nothing to read; the message says why and what to do."""


def read_delimited(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """Tables with a header, cells apart by , ; tab or |, in UTF-8, UTF-16 or one byte a character.

    A line with too many or too few cells is a broken row; empty cells beyond the header are no cells, and
    an empty line is no line. Text in one byte a character is given as `decode_bytewise` has it.
    """
    wanted = wanted_of(contract)
    reading: Reading = {}
    for part in parts:
        result = reading[part.number] = PartReading()
        with tempfile.TemporaryDirectory(prefix="chiso-spill-") as spill:
            try:
                _read(Job(con, part, contract, result), wanted, Path(spill) / "text.csv")
            except _Unreadable as unreadable:
                result.unreadable = str(unreadable)
    return reading


def _read(job: Job, wanted: Wanted, spill: Path) -> None:
    path, result = job.part.path, job.result
    result.encoding = encoding_of(path)
    if result.encoding != "utf-8":
        path = transcode(path, spill, result.encoding)
    # DuckDB must not see a byte that is no letter: it can break off for good at one
    whole = result.encoding != "utf-8" or is_utf8(path)
    if not whole and not is_mostly_utf8(path):
        result.encoding = BYTEWISE
        path = transcode(path, spill, BYTEWISE)
        whole = True
    layout = _layout(path, wanted)
    if whole and layout.plain and not _has_long_line(path):
        try:
            _read_plain(job, path, layout)
            return
        except (duckdb.Error, UnicodeDecodeError):
            pass  # DuckDB's own words may quote the content; the lines are gone through one by one instead
    _read_lines(job, path, layout)


def _note_table(layout: _Layout, result: PartReading) -> Section:
    result.wires |= layout.table.wires
    result.set_aside += layout.table.set_aside
    section = Section("", 1, layout.lines_above + 1)
    result.sections.append(section)
    return section


# --- layout ---


@dataclass(frozen=True)
class _Layout:
    """How the cells of a file are apart, and where its table is."""

    delimiter: str
    table: Table
    records: int  # before the first line of the table, empty ones included
    lines_above: int  # the same in lines as an editor counts them
    plain: bool  # DuckDB's reader finds the same first line


def _open(path: Path) -> IO[str]:
    # what is not UTF-8 comes as lone surrogates
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _bounded(stream: IO[str]) -> Iterator[str]:
    """Lines with their ends.

    Raises:
        _LongLine: a line is longer than LINE_BYTES.
    """
    while line := stream.readline(limits.LINE_BYTES + 1):
        if len(line) > limits.LINE_BYTES:
            raise _LongLine
        yield line


class _LongLine(Exception):
    """A line beyond the limit."""


def _layout(path: Path, wanted: Wanted) -> _Layout:
    head: list[str] = []
    filled = size = 0
    with _open(path) as stream:
        try:
            for line in _bounded(stream):
                head.append(line)
                size += len(line)
                filled += bool(line.strip())
                # one more than is looked at, so that a record over two lines is whole
                if filled > limits.HEADER_LINES or size > limits.LINE_BYTES:
                    break
        except _LongLine:
            if not filled:
                raise _Unreadable(f"{_TOO_LONG}: deliver the table with one row a line") from None
    best: _Layout | None = None
    for delimiter in sorted(DELIMITERS, key=lambda d: -_outside_quotes("".join(head)).count(d)):
        found = _layout_with(head, delimiter, wanted)
        if found is not None and (best is None or found.table.matches > best.table.matches):
            best = found
    if best is None:
        raise _Unreadable(no_table(wanted))
    if problem := too_wide(best.table.width):
        raise _Unreadable(problem)
    return best


def _outside_quotes(text: str) -> str:
    return re.sub('"[^"]*("|$)', "", text)


def _layout_with(head: list[str], delimiter: str, wanted: Wanted) -> _Layout | None:
    """The layout if cells are apart by that delimiter; None if no table is found then."""
    grid: list[list[str]] = []
    ends: list[tuple[int, int]] = []  # after each line of the grid: records and lines so far
    reader = csv.reader(head, delimiter=delimiter)
    records = 0
    try:
        for record in reader:
            records += 1
            if _is_line(record):
                grid.append([_LONE.sub("\ufffd", cell) for cell in record])
                ends.append((records, reader.line_num))
    except csv.Error:
        pass  # the table is looked for in what stands before
    table = find_table(grid, wanted)
    if table is None:
        return None
    records, lines = ends[table.first_line - 1]
    # DuckDB skips lines as it reads them: a stray quote among them would take rows along
    quoted = rf'(?<![^{re.escape(delimiter)}\r\n])"(?:[^"]|"")*"(?![^{re.escape(delimiter)}\r\n])'
    above = re.sub(quoted, "", "".join(head[:lines]))
    return _Layout(delimiter, table, records, lines, plain='"' not in above)


def _is_line(record: list[str]) -> bool:
    return len(record) > 1 or bool(record and record[0].strip())


# --- clean files ---


def _has_long_line(path: Path) -> bool:
    """Whether a line may be longer than DuckDB takes, 2 MB: it can drop one without a word."""
    with path.open("rb") as stream:
        while block := stream.read(4096):
            if b"\n" not in block and b"\r" not in block:
                block += stream.read(_BLOCK - len(block))
                if len(block) == _BLOCK and b"\n" not in block and b"\r" not in block:
                    return True
            stream.seek(-stream.tell() % _BLOCK, 1)
    return False


def _read_plain(job: Job, path: Path, layout: _Layout) -> None:
    """Read the lines with DuckDB's reader, at once into `raw_rows` if all of them are rows.

    Raises:
        duckdb.Error: a line is not as the others; nothing is read then.
    """
    con, part, table = job.con, job.part, layout.table
    types = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(table.width))
    source = f"""read_csv({file_literal(path)}, auto_detect = false, columns = {{{types}}},
        delim = {literal(layout.delimiter)}, quote = '"', escape = '"', header = false,
        skip = {layout.records})"""
    cells = "".join(f", c{position} AS {identifier(wire)}" for wire, position in table.columns.items())
    # of one column an empty line is a line to DuckDB
    where = "WHERE c0 IS NOT NULL" if table.width == 1 else ""
    lines = f"(SELECT row_number() OVER () AS line, * FROM {source} {where})"
    doubt = " AND ".join(_may_be_no_row(f"c{g}", table.words[g]) for g in table.guards)
    if table.columns.keys().isdisjoint(x.wire for x in job.contract.lists):
        add_columns(con, job.contract, table.columns)
        con.execute(
            f"""INSERT INTO raw_rows BY NAME
                SELECT {part.number} AS part_no, line AS row_number{cells} FROM {lines}"""
        )
        guards = {
            f"c{position}": wire for wire, position in table.columns.items() if position in table.guards
        }
        named = ", ".join(f"{identifier(wire)} AS {cell}" for cell, wire in guards.items())
        rows = f"(SELECT row_number AS line, {named} FROM raw_rows WHERE part_no = {part.number})"
        if not con.execute(f"SELECT line FROM {rows} WHERE {doubt} LIMIT 1").fetchall():
            _note_table(layout, job.result)
            return
        con.execute(f"DELETE FROM raw_rows WHERE part_no = {part.number}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT line{cells} FROM {lines}")
    (last,) = con.execute("SELECT count(*) FROM staged").fetchall()[0]
    whole = ", ".join(f"c{n}" for n in range(table.width))
    doubtful = con.cursor().execute(f"SELECT line, [{whole}] FROM {lines} WHERE {doubt}")
    set_aside = lines_set_aside(_doubtful(doubtful, table), table, last)
    insert_staged(job, _note_table(layout, job.result), table.columns, [], set_aside)
    con.execute("DROP TABLE staged")


def _may_be_no_row(cell: str, words: frozenset[str]) -> str:
    """SQL: whether a key's cell is empty, stands in the header, or has words (total, signature)."""
    heads = ", ".join(literal(word) for word in sorted(words))
    has_words = " OR ".join(f"contains({cell}, '{sign}')" for sign in (" ", "ng", "NG"))
    return f"({cell} IS NULL OR {cell} < '!' OR {cell} IN ({heads}) OR {has_words})"


def _doubtful(lines: duckdb.DuckDBPyConnection, table: Table) -> Iterator[tuple[int, list[str]]]:
    while batch := lines.fetchmany(_BATCH):
        for line, cells in batch:
            texts = [cell or "" for cell in cells]
            if is_doubtful(texts, table):
                yield line, texts


# --- files with lines that are not as the others ---


def _read_lines(job: Job, path: Path, layout: _Layout) -> None:
    """Read line by line; a line that cannot be read as a row is a broken one."""
    con, result, table, lines = job.con, job.result, layout.table, _Lines(path, layout)
    create_staged(con, table.columns)
    for batch in lines.batches():
        stage(con, batch)
    set_aside = lines_set_aside(lines.doubtful, table, lines.last)
    broken = [(line, why) for line, why in lines.broken if line not in set_aside]
    insert_staged(job, _note_table(layout, result), table.columns, broken, set_aside)
    con.execute("DROP TABLE staged")
    if lines.unreadable is not None:
        row = max(row for row, _ in result.broken_rows)
        result.unreadable = f"row {row}: {lines.unreadable}: ask for the file to be delivered again"


@dataclass
class _Lines:
    """The lines below the header, one by one; what was found is complete after `batches`."""

    path: Path
    layout: _Layout
    last: int = 0
    doubtful: list[tuple[int, list[str]]] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)
    unreadable: str | None = None

    def batches(self) -> Iterator[pa.Table]:
        """Lines as `staged` has them."""
        rows = self._rows()
        while batch := list(islice(rows, _BATCH)):
            columns = {"line": pa.array([line for line, _ in batch], pa.int64())} | {
                wire: pa.array([cells[position] or None for _, cells in batch], pa.string())
                for wire, position in self.layout.table.columns.items()
            }
            yield pa.table(columns)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        table, width = self.layout.table, self.layout.table.width
        with _open(self.path) as stream:
            for cells in self._records(
                csv.reader(_bounded(stream), delimiter=self.layout.delimiter, strict=True)
            ):
                self.last += 1
                if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                    del cells[width:]
                if is_doubtful(cells, table):
                    self.doubtful.append((self.last, cells + [""] * (width - len(cells))))
                if _LONE.search("".join(cells)):
                    self.broken.append((self.last, _NOT_UTF8))
                elif len(cells) != width:
                    self.broken.append((self.last, _CELLS))
                else:
                    yield self.last, cells

    def _records(self, reader: Iterator[list[str]]) -> Iterator[list[str]]:
        """Records below the header that are no empty lines."""
        seen = 0
        while True:
            before = reader.line_num  # type: ignore[attr-defined]
            try:
                record = next(reader)
            except StopIteration:
                return
            except _LongLine:
                self._break_off(_TOO_LONG)
                return
            except csv.Error:
                if seen >= self.layout.records:
                    if reader.line_num > before + 1:  # type: ignore[attr-defined]
                        # nobody knows where the next row begins
                        self._break_off(_QUOTE)
                        return
                    self.last += 1
                    self.broken.append((self.last, _QUOTE))
                seen += 1
                continue
            seen += 1
            if seen > self.layout.records and _is_line(record):
                yield record

    def _break_off(self, why: str) -> None:
        self.last += 1
        self.broken.append((self.last, why))
        self.unreadable = why
