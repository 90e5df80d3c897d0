"""From staged lines of one table to numbered rows in `raw_rows`.

Readers of tables stage what they read as `staged(line BIGINT, <wire> VARCHAR …)`: every line below the
header has its number, lines that are no rows among them.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable

import duckdb
import pyarrow as pa

from orchestration.landing.contracts import Contract, NestedList
from orchestration.landing.readers.files import Job, Section
from orchestration.landing.values import identifier, literal

BROKEN_LIST = "a list in it is not a list"
UNANSWERED = "unanswered"  # a line of a form that nobody filled in


def add_columns(con: duckdb.DuckDBPyConnection, contract: Contract, wires: Iterable[str]) -> None:
    """Add those columns to `raw_rows` where it lacks them: one that nobody fills costs time all the same."""
    for wire in wires:
        con.execute(
            f"ALTER TABLE raw_rows ADD COLUMN IF NOT EXISTS {identifier(wire)} {contract.raw_schema[wire]}"
        )


def create_staged(con: duckdb.DuckDBPyConnection, wires: Iterable[str]) -> None:
    """An empty `staged` for the columns of one table."""
    columns = "".join(f", {identifier(w)} VARCHAR" for w in wires)
    con.execute(f"CREATE OR REPLACE TEMP TABLE staged (line BIGINT{columns})")


def stage(con: duckdb.DuckDBPyConnection, lines: pa.Table) -> None:
    """Add lines to `staged`; columns as there."""
    con.register("staged_lines", lines)
    con.execute("INSERT INTO staged BY NAME SELECT * FROM staged_lines")
    con.unregister("staged_lines")


def insert_staged(
    job: Job,
    section: Section,
    wires: Collection[str],
    broken: list[tuple[int, str]],
    set_aside: dict[int, str],
) -> int:
    """Number the staged lines, add them to `raw_rows` and what was wrong to the job's result.

    Args:
        job: whose lines they are.
        section: where the lines stand; their rows are numbered from its `first_row` on.
        wires: the columns of `staged`.
        broken: lines that could not be read as rows, which are not in `staged`.
        set_aside: lines that are no rows, and what they are; they may be in `staged`.

    Returns:
        how many rows there are, broken ones included.
    """
    con = job.con
    lists = {x.wire: x for x in job.contract.lists if x.wire in wires}
    cells = "".join(f", {_cell(w, lists.get(w))}" for w in wires)
    set_aside = _unanswered(job, wires) | set_aside
    broken = [*broken, *_broken_lists(con, list(lists))]
    aside = sorted(set_aside)
    gone = sorted({*aside, *(line for line, _ in broken)})
    offset = section.first_row - 1
    number, join, where = f"line + {offset}", "", ""
    if gone:
        con.register("lines_gone", _numbers(line=gone))
        where = "WHERE line NOT IN (FROM lines_gone)"
    if aside:
        # a row is as many numbers further up as there are lines before it that are no rows
        con.register("lines_aside", _numbers(aside_line=aside, aside_count=range(1, len(aside) + 1)))
        number = f"line + {offset} - coalesce(aside_count, 0)"
        join = "ASOF LEFT JOIN lines_aside ON line > aside_line"
    add_columns(con, job.contract, wires)
    (inserted,) = con.execute(
        f"""
        INSERT INTO raw_rows BY NAME
        SELECT {job.part.number} AS part_no, {number} AS row_number{cells} FROM staged {join} {where}
        """
    ).fetchall()[0]
    for view in ("lines_gone", "lines_aside"):
        con.unregister(view)
    job.result.broken_rows += sorted((line - bisect_left(aside, line) + offset, why) for line, why in broken)
    job.result.set_aside += Counter(set_aside.values())
    return int(inserted) + len(broken)


def _unanswered(job: Job, wires: Collection[str]) -> dict[int, str]:
    """Lines of a form that nobody filled in, where the contract says what is filled in."""
    answers = [c for c in job.contract.row_columns if c.name in job.contract.answers]
    named = [identifier(w) for c in answers for w in c.wires if w in wires]
    if not named:
        return {}
    empty = " AND ".join(f"coalesce(trim({column}), '') = ''" for column in named)
    found = job.con.execute(f"SELECT line FROM staged WHERE {empty}").fetchall()
    return dict.fromkeys((int(line) for (line,) in found), UNANSWERED)


def _numbers(**columns: Iterable[int]) -> pa.Table:
    return pa.table({name: pa.array(list(numbers), pa.int64()) for name, numbers in columns.items()})


def _cell(wire: str, nested: NestedList | None) -> str:
    column = identifier(wire)
    if nested is None:
        return column
    fields = dict.fromkeys((w for c in nested.columns for w in c.wires), "VARCHAR")
    return f"json_transform(nullif(trim({column}), ''), {literal(json.dumps([fields]))}) AS {column}"


def _broken_lists(con: duckdb.DuckDBPyConnection, wires: list[str]) -> list[tuple[int, str]]:
    """Lines with text under a list's name that is no JSON list."""
    tests = [
        f"""(trim({c}) <> '' AND CASE WHEN json_valid({c})
             THEN json_type({c}) NOT IN ('ARRAY', 'NULL') ELSE true END)"""
        for c in map(identifier, wires)
    ]
    if not tests:
        return []
    found = con.execute(f"SELECT line FROM staged WHERE {' OR '.join(tests)}").fetchall()
    return [(line, BROKEN_LIST) for (line,) in found]
