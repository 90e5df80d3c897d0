"""Tables of HTML pages, as one-stop systems save them under the name of a workbook (extract_formats §8)."""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
from lxml import etree

from orchestration.landing import limits
from orchestration.landing.contracts import Contract
from orchestration.landing.readers.encodings import BYTEWISE, encoding_of, is_utf8, transcode
from orchestration.landing.readers.files import Job, Part, PartReading, Reading, Section
from orchestration.landing.readers.staging import create_staged, insert_staged, stage
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

_BATCH = 20_000
_CELLS = ("td", "th")
_BREAKS = ("br", "p", "div", "li")
_UNSEEN = ("script", "style")
_ONE_BYTE = re.compile(
    rb"(windows-125\d|iso-8859-\d+|x-user-defined|viscii|tcvn|us-ascii|vps|vni)", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CUT = "the page breaks off"
_DAMAGED = "the page is damaged or its tags lie too deep in each other: ask for it to be delivered again"


def read_html_tables(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """Every table with a header of the contract; of tables in tables the inner one has its own rows.

    Text is taken as a browser shows it: entities decoded, blanks and line breaks as one blank. A cell over
    several columns or rows is empty but for its first place.
    """
    wanted = wanted_of(contract)
    reading: Reading = {}
    for part in parts:
        result = reading[part.number] = PartReading()
        if part.path.stat().st_size > limits.HTML_BYTES:
            result.unreadable = (
                f"the page is larger than {limits.HTML_BYTES // limits.MEBIBYTE} MiB: "
                "deliver it in parts, or as CSV"
            )
            continue
        with tempfile.TemporaryDirectory(prefix="chiso-spill-") as spill:
            _read(Job(con, part, contract, result), wanted, Path(spill) / "page.html")
    return reading


def _read(job: Job, wanted: Wanted, spill: Path) -> None:
    con, result = job.con, job.result
    result.encoding = _encoding(job.part.path)
    # also UTF-8: what is not quite UTF-8 would end the page for the parser
    page = _Page(transcode(job.part.path, spill, result.encoding), wanted, result.encoding)
    grids = list(page.tables())
    unended = _left_open(page.path)
    left_open = grids[-unended:] if unended else []
    first_row = 1
    for number, grid in enumerate(grids, start=1):
        table = grid.table
        if table is None:
            continue
        if problem := too_wide(table.width):
            result.unreadable = problem
            continue
        section = Section(f"table {number}", first_row, table.first_line + 1)
        result.sections.append(section)
        result.wires |= table.wires
        result.set_aside += table.set_aside
        set_aside = lines_set_aside(grid.doubtful, table, grid.last)
        create_staged(con, table.columns)
        for batch in grid.batches:
            stage(con, batch)
        # the parser closes what the page left open, half a row among it
        cut = [(grid.last, _CUT)] if grid.last and any(grid is g for g in left_open) else []
        first_row += insert_staged(job, section, table.columns, cut, set_aside)
        con.execute("DROP TABLE staged")
    if page.damaged:
        result.unreadable = _DAMAGED
    elif left_open:
        result.unreadable = f"{_CUT} after row {first_row - 1}: ask for the file to be delivered again"
    elif not result.sections and result.unreadable is None:
        result.unreadable = no_table(wanted)


def _encoding(path: Path) -> str:
    """As the file's bytes tell; a page that says it is in one byte a character is, if it is not ASCII."""
    encoding = encoding_of(path)
    with path.open("rb") as stream:
        charset = _CHARSET.search(stream.read(4096))
    if encoding == "utf-8" and charset is not None and _ONE_BYTE.fullmatch(charset[1]) and not is_utf8(path):
        return BYTEWISE
    return encoding


def _left_open(path: Path) -> int:
    """How many tables the page does not end: it was cut, and the parser closed them."""
    if path.stat().st_size == 0:
        return 0
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as page:
        opened = sum(1 for _ in re.finditer(rb"<table[\s>]", page, re.IGNORECASE))
        closed = sum(1 for _ in re.finditer(rb"</table\s*>", page, re.IGNORECASE))
    return max(opened - closed, 0)


@dataclass
class _Grid:
    """One table while its lines come in."""

    wanted: Wanted
    head: list[list[str]] = field(default_factory=list)  # until it is known where the table begins
    table: Table | None = None
    sought: bool = False
    last: int = 0  # lines below the header
    doubtful: list[tuple[int, list[str]]] = field(default_factory=list)
    batches: list[pa.Table] = field(default_factory=list)
    pending: list[tuple[int, list[str]]] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)  # of the line that is open
    hanging: dict[int, int] = field(default_factory=dict)  # column → lines that a cell above still covers

    def add_cell(self, text: str, columns: int, lines: int) -> None:
        """Put a cell at the first free place of the line."""
        place = len(self.cells)
        while place in self.cells or self.hanging.get(place, 0) > 0:
            self.cells.setdefault(place, "")
            place += 1
        for column in range(place, place + columns):
            self.cells[column] = text if column == place else ""
            if lines > 1:
                self.hanging[column] = lines  # this line counts too

    def end_line(self) -> None:
        """Take the open line in."""
        width = max([*self.cells, *(c for c, n in self.hanging.items() if n > 0)], default=-1) + 1
        line = [self.cells.get(column, "") for column in range(width)]
        self.hanging = {column: n - 1 for column, n in self.hanging.items() if n > 1}
        self.cells = {}
        if self.sought:
            self._take(line)
            return
        self.head.append(line)
        if len(self.head) > limits.HEADER_LINES + 3:
            self.seek()

    def seek(self) -> None:
        """Find where the table begins among the lines so far, and take the others in."""
        self.sought = True
        self.table = find_table(self.head, self.wanted)
        lines, self.head = self.head, []
        for line in lines[self.table.first_line :] if self.table is not None else ():
            self._take(line)

    def _take(self, line: list[str]) -> None:
        if self.table is None:
            return
        self.last += 1
        line += [""] * (self.table.width - len(line))
        if is_doubtful(line, self.table):
            self.doubtful.append((self.last, line))
        self.pending.append((self.last, line))
        if len(self.pending) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Pack the lines so far."""
        if self.table is not None and self.pending:
            columns = {"line": pa.array([line for line, _ in self.pending], pa.int64())} | {
                wire: pa.array([cells[position] or None for _, cells in self.pending], pa.string())
                for wire, position in self.table.columns.items()
            }
            self.batches.append(pa.table(columns))
        self.pending = []


class _Page:
    """A page, read from its beginning to its end without ever standing in memory as a whole."""

    def __init__(self, path: Path, wanted: Wanted, encoding: str) -> None:
        self.damaged = False
        self.path = path
        self._wanted = wanted
        # what looks like a no-break blank is a letter in VISCII
        self._blanks = re.compile("[ \t\r\n\f]+" if encoding == BYTEWISE else "[ \t\r\n\f\xa0]+")

    def tables(self) -> Iterator[_Grid]:
        """Tables in the order of their ends."""
        open_tables: list[_Grid] = []
        events = etree.iterparse(
            str(self.path),
            events=("start", "end"),
            html=True,
            encoding="utf-8",
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for event, element in events:
                if event == "start":
                    if element.tag == "table":
                        open_tables.append(_Grid(self._wanted))
                elif element.tag == "table" and open_tables:
                    yield self._ended(open_tables.pop())
                    element.clear()
                else:
                    self._end(element, open_tables[-1] if open_tables else None)
        except etree.XMLSyntaxError:
            self.damaged = True
        while open_tables:
            yield self._ended(open_tables.pop())

    def _end(self, element: etree._Element, grid: _Grid | None) -> None:
        tag = element.tag
        if tag in _BREAKS:
            element.text = " " + (element.text or "")
        elif tag in _UNSEEN:
            element.text = None
        elif grid is None:
            return
        elif tag in _CELLS:
            element.tail = None
            text = self._blanks.sub(" ", "".join(map(str, element.itertext()))).strip(" ")
            grid.add_cell(text, _span(element, "colspan"), _span(element, "rowspan"))
            element.clear()
        elif tag == "tr":
            grid.end_line()
            element.clear()
            # what is read is let go, or a long table would stand in memory
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]

    @staticmethod
    def _ended(grid: _Grid) -> _Grid:
        if grid.cells:
            grid.end_line()
        if not grid.sought:
            grid.seek()
        grid.flush()
        return grid


def _span(element: etree._Element, name: str) -> int:
    told = element.get(name)
    if told is None or not re.fullmatch("[0-9]{1,9}", told.strip()):
        return 1
    return min(max(int(told), 1), limits.COLUMNS + 1)
