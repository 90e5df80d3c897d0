"""Workbooks (xlsx, xlsm, xls, xlsb, ods), opened in a process of their own and taken as text."""

from __future__ import annotations

import atexit
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa

from orchestration.landing import limits
from orchestration.landing.contracts import Contract
from orchestration.landing.readers.files import Job, Part, PartReading, Reading, Section
from orchestration.landing.readers.staging import insert_staged
from orchestration.landing.readers.terms import date_text
from orchestration.landing.tables import wanted_of
from orchestration.landing.unpack import PACKING_ERRORS, raise_if_of_the_system
from orchestration.landing.values import identifier, literal
from orchestration.landing.workbook_process import DAMAGED, Answer, Request

_ROOT = Path(__file__).parents[3]
_TOO_LARGE = "the workbook is larger than {}: deliver it in parts, or as CSV"
_CRASHED = (
    "the workbook takes more memory than allowed or breaks the program that opens it: "
    "delete its empty rows and columns and save it anew, or deliver CSV"
)
_TOO_SLOW = f"the workbook was not read within {limits.WORKBOOK_SECONDS} seconds: deliver it as CSV"

# a date cell as the process gives it; of OpenDocument as the file has it
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
_ODS_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?)?"


def read_workbooks(con: duckdb.DuckDBPyConnection, parts: list[Part], contract: Contract) -> Reading:
    """Every sheet with a header of the contract, as a person sees its values; formulas by their last result.

    Numbers come without needless digits, dates in the contract's form, cells in error empty. A workbook that
    cannot be opened within the limits is unreadable, and takes nothing with it.
    """
    reading: Reading = {}
    with _borrowed() as process, tempfile.TemporaryDirectory(prefix="chiso-spill-") as spill:
        for part in parts:
            result = reading[part.number] = PartReading()
            result.unreadable = _refused(part.path)
            if result.unreadable is None:
                folder = Path(spill) / str(part.number)
                folder.mkdir()
                _take(Job(con, part, contract, result), process.ask(_request(part, contract, folder)))
    return reading


def _refused(path: Path) -> str | None:
    """Why a workbook is not even opened: it is too large, or unpacks to too much."""
    packed = path.stat().st_size
    if packed > limits.WORKBOOK_BYTES:
        return _TOO_LARGE.format(f"{limits.WORKBOOK_BYTES // limits.MEBIBYTE} MiB")
    unpacked = _unpacked(path)
    if unpacked is None:
        return DAMAGED
    if unpacked > limits.UNPACKED_FREE and unpacked > limits.UNPACKED_RATIO * packed:
        return (
            f"the workbook unpacks to more than {limits.UNPACKED_RATIO} times its size: save it anew in Excel"
        )
    if unpacked > limits.WORKBOOK_MEMORY:
        return _TOO_LARGE.format(f"{limits.WORKBOOK_MEMORY // limits.MEBIBYTE} MiB unpacked")
    return None


def _unpacked(path: Path) -> int | None:
    """How many bytes a workbook says that it unpacks to; None if its table of contents is damaged."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size  # .xls is not packed
    try:
        with zipfile.ZipFile(path) as workbook:
            return sum(member.file_size for member in workbook.infolist())
    except PACKING_ERRORS as error:
        raise_if_of_the_system(error)
        return None


def _request(part: Part, contract: Contract, folder: Path) -> Request:
    room = limits.WORKBOOK_MEMORY_FREE + limits.WORKBOOK_MEMORY_RATIO * (_unpacked(part.path) or 0)
    return Request(
        path=str(part.path),
        memory=min(room, limits.WORKBOOK_MEMORY),
        folder=str(folder),
        wanted=wanted_of(contract),
        dates=_wires(contract, "timestamp", "date"),
        commas=_wires(contract, "decimal") if contract.number_locale == "vi" else (),
    )


def _wires(contract: Contract, *types: str) -> tuple[str, ...]:
    return tuple(w for c in contract.row_columns if c.type in types for w in c.wires)


def _take(job: Job, answer: Answer) -> None:
    con, contract, result = job.con, job.contract, job.result
    result.unreadable = answer.unreadable
    result.wires |= set(answer.wires)
    result.set_aside += Counter(answer.set_aside)
    dates = _wires(contract, "timestamp", "date")
    date = _ODS_DATE if _is_open_document(job.part.path) else _DATE
    first_row = 1
    for sheet in answer.sheets:
        section = Section(sheet.name, first_row, sheet.first_line)
        result.sections.append(section)
        cells = "".join(
            f", {_date_text(w, date, contract) if w in dates else identifier(w)} AS {identifier(w)}"
            for w in sheet.columns
        )
        with pa.memory_map(sheet.rows) as source:
            con.register("sheet_rows", pa.ipc.open_file(source).read_all())
            con.execute(f"CREATE OR REPLACE TEMP VIEW staged AS SELECT line{cells} FROM sheet_rows")
            first_row += insert_staged(job, section, sheet.columns, [], {})
            con.execute("DROP VIEW staged")
            con.unregister("sheet_rows")


def _is_open_document(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as workbook:
        return "content.xml" in workbook.namelist()


def _date_text(wire: str, date: str, contract: Contract) -> str:
    """SQL: a date cell in a form that the contract reads; other text as it is."""
    column = identifier(wire)
    # a day number is a fraction: its seconds are rarely whole
    rounded = f"date_trunc('second', TRY_CAST({column} AS TIMESTAMP) + INTERVAL 500 MILLISECOND)"
    shown = date_text(rounded, contract)
    is_date = f"regexp_full_match({column}, {literal(date)})"
    return f"CASE WHEN {is_date} THEN coalesce({shown}, {column}) ELSE {column} END"


# --- the process ---

_idle: list[_Process] = []  # starting one takes as long as reading ten thousand rows


@contextmanager
def _borrowed() -> Iterator[_Process]:
    """A process for one user at a time; it is kept for the next, unless its user broke off midway."""
    try:
        process = _idle.pop()
    except IndexError:
        process = _Process()
    try:
        yield process
    except BaseException:
        process.end()
        raise
    _idle.append(process)


@atexit.register
def _end_all() -> None:
    for process in _idle:
        process.end()


class _Process:
    """The process that opens workbooks: started when it is asked, and again after it was lost."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, request: Request) -> Answer:
        """What the process answers, or why it did not."""
        used = self._process is not None
        answer = self._ask(request)
        if answer.unreadable == _CRASHED and used:
            # it may still have held memory for a workbook before; only a fresh one proves anything
            answer = self._ask(request)
        return answer

    def _ask(self, request: Request) -> Answer:
        process = self._process = self._process or self._start()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(limits.WORKBOOK_SECONDS, stop)
        clock.start()
        try:
            line = self._exchange(process, request)
        finally:
            clock.cancel()
        if line:
            return Answer.of(line)
        self.end()
        return Answer(unreadable=_TOO_SLOW if late.is_set() else _CRASHED)

    @staticmethod
    def _exchange(process: subprocess.Popen[str], request: Request) -> str:
        try:
            _of(process.stdin).write(request.line() + "\n")
            _of(process.stdin).flush()
        except BrokenPipeError:
            return ""
        return _of(process.stdout).readline()

    @staticmethod
    def _start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration.landing.workbook_process"],
            cwd=_ROOT,
            # nothing of the night's own settings; memory as the system counts it
            env={"ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # what a library says in its distress may quote the content
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def end(self) -> None:
        """Stop it; nothing is lost but what it was asked."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            _of(self._process.stdout).close()
            with suppress(BrokenPipeError):  # what it was being asked when it died cannot be written any more
                _of(self._process.stdin).close()
            self._process = None


def _of(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
