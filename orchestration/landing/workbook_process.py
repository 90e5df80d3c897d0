"""The process that opens workbooks: paths in, tables out, and nothing of its own left behind.

A workbook is a program's worth of formats, and one made to harm (or just broken) can take all memory, hang or
crash what opens it. So it is opened here, within limits of the system, and only this process is lost. It
answers one JSON line for each JSON line it is given, and writes rows into Arrow files; columns that the
contract does not keep never leave it.

It must start fast: beside the reader of workbooks it loads only `tables`.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import threading
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import reduce
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastexcel

from orchestration.landing import limits
from orchestration.landing.tables import (
    Table,
    Wanted,
    find_table,
    is_doubtful,
    lines_set_aside,
    no_table,
    too_wide,
)

if TYPE_CHECKING:
    import pyarrow as pa

DAMAGED = "the workbook cannot be opened or is damaged: save it anew in Excel and deliver it again"
PROTECTED = "the workbook is protected by a password: deliver it without one"

_CHUNK = 20_000  # rows that a thread of the reader of the file takes at once
# what can be a day's number in Excel, which counts from 1900 to 9999; 20260102 cannot
_SERIAL = r"^[0-9]{1,7}(\.[0-9]+)?$"


@dataclass(frozen=True)
class Request:
    """One workbook to read, in so many bytes of memory.

    `dates` and `commas` are wires of dates, and of numbers with a decimal comma.
    """

    path: str
    memory: int
    folder: str
    wanted: Wanted
    dates: tuple[str, ...]
    commas: tuple[str, ...]

    def line(self) -> str:
        """As JSON, for the process."""
        return json.dumps(asdict(self) | {"wanted": asdict(self.wanted) | {"keys": sorted(self.wanted.keys)}})

    @staticmethod
    def of(line: str) -> Request:
        """Back from JSON."""
        told = json.loads(line)
        wanted = told.pop("wanted")
        return Request(wanted=Wanted(**wanted | {"keys": frozenset(wanted["keys"])}), **told)


@dataclass
class Sheet:
    """A table found on a sheet: its rows are in the Arrow file, `line` and the kept wires as text."""

    name: str
    rows: str
    first_line: int
    columns: list[str]


@dataclass
class Answer:
    """What a workbook turned out to be."""

    sheets: list[Sheet] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    set_aside: dict[str, int] = field(default_factory=dict)
    unreadable: str | None = None

    @staticmethod
    def of(line: str) -> Answer:
        """From JSON."""
        told = json.loads(line)
        return Answer(**told | {"sheets": [Sheet(**sheet) for sheet in told["sheets"]]})

    def count(self, kind: str, lines: int) -> None:
        """Add lines that are no rows."""
        if lines:
            self.set_aside[kind] = self.set_aside.get(kind, 0) + lines


class _WithoutPandas(MetaPathFinder):
    """Keeps pyarrow from loading pandas, which takes longer than opening a workbook."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def main() -> None:
    """Answer requests until there are no more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.meta_path.insert(0, _WithoutPandas())
    # takes as long as opening a small workbook, which leaves the interpreter to others
    threading.Thread(target=__import__, args=("pyarrow.compute",)).start()
    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + limits.WORKBOOK_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        request = Request.of(line)
        # a small file that takes much memory is broken, or made to harm
        resource.setrlimit(resource.RLIMIT_DATA, (request.memory, limits.WORKBOOK_MEMORY))
        print(json.dumps(asdict(read_workbook(request))), flush=True)


def read_workbook(request: Request) -> Answer:
    """Every sheet with a table the request wants; other sheets are counted."""
    answer = Answer()
    try:
        reader = fastexcel.read_excel(request.path)
        for number in range(1, len(reader.sheet_names) + 1):
            sheet = reader.load_sheet(number - 1, header_row=None, skip_rows=0, dtypes="string")
            answer.unreadable = too_wide(sheet.width)
            if answer.unreadable is not None:
                break
            if not _read_sheet(reader, sheet, number, request, answer):
                answer.count("sheet without table", 1)
    except fastexcel.FastExcelError as error:
        # the words of the library may quote the content
        answer.unreadable = PROTECTED if "assword" in str(error) else DAMAGED
    if not answer.sheets and answer.unreadable is None:
        answer.unreadable = no_table(request.wanted)
    return answer


def _read_sheet(
    reader: fastexcel.ExcelReader, sheet: fastexcel.ExcelSheet, number: int, request: Request, answer: Answer
) -> bool:
    """Write the rows of a sheet's table; whether there is a table."""
    if sheet.width == 0 or sheet.height == 0:
        return False
    batch, errors = sheet.to_arrow_with_errors()
    grid = _lines(batch.slice(0, limits.HEADER_LINES))
    table = find_table(grid, request.wanted)
    if table is None:
        return False
    answer.wires = sorted({*answer.wires, *table.wires})
    for kind, lines in table.set_aside.items():
        answer.count(kind, lines)
    if errors is not None:
        answer.count("error cell", len(errors.errors))
    columns = {wire: batch.column(position) for wire, position in table.columns.items()}
    columns |= _retyped(reader, number, columns, table, request)
    rows = _rows(batch, columns, table, answer)
    target = Path(request.folder) / f"sheet{number}.arrow"
    _write(rows, target)
    answer.sheets.append(Sheet(sheet.name, str(target), table.first_line + 1, list(table.columns)))
    return True


def _lines(batch: pa.RecordBatch) -> list[list[str]]:
    columns = [[cell or "" for cell in column.to_pylist()] for column in batch.columns]
    return [list(line) for line in zip(*columns, strict=True)]


def _retyped(
    reader: fastexcel.ExcelReader,
    number: int,
    columns: dict[str, pa.StringArray],
    table: Table,
    request: Request,
) -> dict[str, pa.StringArray]:
    """Columns in which text does not tell what a cell is, read anew with their type.

    A number under a date is the number of a day, and a number where the contract has decimal commas has its
    own point turned into one; text of the same signs stays as it is.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds: dict[str, fastexcel.DType] = {}
    for wire, column in columns.items():
        below = column.slice(table.first_line)
        if wire in request.dates and pc.any(pc.match_substring_regex(below, _SERIAL)).as_py():
            kinds[wire] = "datetime"
        # of text with a point only that of a number is a whole number to the library
        elif wire in request.commas and pc.any(pc.match_substring(below, ".")).as_py():
            kinds[wire] = "int"
    if not kinds:
        return {}
    positions = sorted(table.columns[wire] for wire in kinds)
    typed = reader.load_sheet(
        number - 1,
        header_row=None,
        skip_rows=0,
        use_columns=positions,
        dtypes={table.columns[wire]: kind for wire, kind in kinds.items()},
    ).to_arrow_with_errors()[0]
    found = {}
    for wire, kind in kinds.items():
        texts = columns[wire].to_pylist()
        values = typed.column(positions.index(table.columns[wire])).to_pylist()
        convert = _day if kind == "datetime" else _comma
        found[wire] = pa.array(
            [t if v is None else convert(t, v) for t, v in zip(texts, values, strict=True)], pa.string()
        )
    return found


def _day(text: str, value: Any) -> str:
    """A day's number as the date it is; what is no number is a date already."""
    if re.match(_SERIAL, text) is None:
        return text
    return f"{value + timedelta(milliseconds=500):%Y-%m-%d %H:%M:%S}"


def _comma(text: str, value: Any) -> str:
    return text.replace(".", ",")


def _rows(
    batch: pa.RecordBatch, columns: dict[str, pa.StringArray], table: Table, answer: Answer
) -> pa.Table:
    """The rows of a table, numbered: lines that are no rows are counted and left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = reduce(pc.or_, [pc.is_valid(column) for column in batch.columns]).slice(table.first_line)
    whole = pa.Table.from_batches([batch]).slice(table.first_line)
    kept = pa.table(columns).slice(table.first_line)
    if blank := len(filled) - pc.sum(filled).as_py() if len(filled) else 0:
        answer.count("blank", blank)
        whole, kept = whole.filter(filled), kept.filter(filled)
    doubt = reduce(pc.and_kleene, [_may_be_no_row(whole.column(g), table.words[g]) for g in table.guards])
    numbers = pc.indices_nonzero(doubt).to_pylist()
    lines = zip(numbers, _table_lines(whole.take(numbers)), strict=True) if numbers else ()
    doubtful = [(number + 1, cells) for number, cells in lines if is_doubtful(cells, table)]
    aside = lines_set_aside(doubtful, table, kept.num_rows)
    for kind in aside.values():
        answer.count(kind, 1)
    if aside:
        rows = set(range(1, kept.num_rows + 1)) - aside.keys()
        kept = kept.take([row - 1 for row in sorted(rows)])
    return kept.append_column("line", pa.array(range(1, kept.num_rows + 1), pa.int64()))


def _may_be_no_row(column: pa.ChunkedArray, words: frozenset[str]) -> pa.ChunkedArray:
    """Whether a key's cell is empty, stands in the header, or has words (total, signature)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return reduce(
        pc.or_kleene,
        [
            pc.is_null(column),
            pc.less(column, "!"),
            pc.is_in(column, pa.array(sorted(words), pa.string())),
            pc.match_substring(column, " "),
            pc.match_substring(column, "ng", ignore_case=True),
        ],
    )


def _table_lines(table: pa.Table) -> list[list[str]]:
    return [line for batch in table.to_batches() for line in _lines(batch)]


def _write(rows: pa.Table, target: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=_CHUNK)


if __name__ == "__main__":
    main()
