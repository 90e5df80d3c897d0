"""What a reader takes and gives: parts of files in, raw rows and a word on each part out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract


@dataclass(frozen=True)
class Part:
    """One table-bearing file, unpacked: a delivered file, or a member of a delivered archive.

    `number` is its `part_no` in `raw_rows`; `name` is what messages call it, the member after `!`.
    """

    number: int
    path: Path
    name: str
    form: str


@dataclass(frozen=True)
class Section:
    """A sheet or table inside a part: its rows are numbered from `first_row` on, and stand in the file from
    `first_line` on (the line a person sees there)."""

    name: str
    first_row: int
    first_line: int


@dataclass
class PartReading:
    """What one part turned out to be."""

    wires: set[str] = field(default_factory=set)
    unreadable: str | None = None
    broken_rows: list[tuple[int, str]] = field(default_factory=list)
    encoding: str | None = None
    sections: list[Section] = field(default_factory=list)
    # lines that are no rows (title, header, column numbers, total, blank) → how many there were
    set_aside: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Job:
    """One part to read, for which contract, and where to say what it turned out to be."""

    con: duckdb.DuckDBPyConnection
    part: Part
    contract: Contract
    result: PartReading


Reading = dict[int, PartReading]
Reader = Callable[[duckdb.DuckDBPyConnection, list[Part], Contract], Reading]
