"""Every expectation of every suite: it takes a row that is right, and reports one that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import duckdb
import pandas as pd
import pytest

import orchestration.expectations
from orchestration.expectations import Judgement, judge
from orchestration.landed_frames import ROWS_WITH_THIS_KEY, LandedFrames
from orchestration.landing.contracts import Contract, load_contracts
from orchestration.suites import ColumnExpectation, RowExpectation, Suite, load_suite
from tests.unit import suite_cases, suite_cases_small
from tests.unit.helpers import ROOT, SOURCES
from tests.unit.suite_cases import (
    AGENCIES,
    BUSINESS_DAY_ENDS,
    CATALOGUE,
    STILL_OPEN,
    ColumnCase,
    Row,
    RowCase,
)

# Great Expectations takes 8 s to load: one worker does all of it
pytestmark = pytest.mark.xdist_group("great_expectations")

EXPECTATIONS = ROOT / "expectations"
CONTRACTS = load_contracts(SOURCES)
PARAMETERS = {"agency_codes": AGENCIES, "end_of_business_date": pd.Timestamp(BUSINESS_DAY_ENDS)}
HEALTHY = suite_cases.HEALTHY | suite_cases_small.HEALTHY
ROW_CASES = suite_cases.ROW_CASES | suite_cases_small.ROW_CASES
COLUMN_CASES = suite_cases.COLUMN_CASES | suite_cases_small.COLUMN_CASES


def suite_of(source: str) -> Suite:
    return load_suite(EXPECTATIONS, CONTRACTS[source])


# --- the files ---


def test_every_source_has_its_suite_and_every_suite_its_source() -> None:
    assert {p.name for p in EXPECTATIONS.iterdir()} == {f"{source}.yml" for source in CONTRACTS}


def test_every_landed_table_has_a_healthy_row() -> None:
    tables = {table for contract in CONTRACTS.values() for table in contract.tables}
    assert set(HEALTHY) == tables, "a new source gets its healthy row and its cases in suite_cases_small.py"


@pytest.mark.parametrize("source", sorted(CONTRACTS))
def test_a_suite_says_why_and_names_columns_that_land(source: str) -> None:
    suite, contract = suite_of(source), CONTRACTS[source]
    assert suite.rows
    everything: list[RowExpectation | ColumnExpectation] = [*suite.rows, *suite.columns]
    for expectation in everything:
        table = expectation.table or source
        columns = {*contract.table_schema(table), *suite.computed.get(table, {}), "delivered_on", "file_name"}
        columns |= {ROWS_WITH_THIS_KEY} if table == source else set()
        named = expectation.columns if isinstance(expectation, RowExpectation) else [expectation.column]
        assert set(named) <= columns, expectation
        assert expectation.why.endswith("."), expectation
        assert len(expectation.why) > 20, expectation
        parameters = {v[1:] for v in expectation.kwargs.values() if isinstance(v, str) and v.startswith("$")}
        assert parameters <= set(PARAMETERS), expectation
        if isinstance(expectation, ColumnExpectation):
            assert (expectation.measure == "share") == (expectation.value is not None), expectation
    assert suite.needed_sources <= set(CONTRACTS)


@pytest.mark.parametrize("source", sorted(CONTRACTS))
def test_what_is_unique_is_counted_over_all_chunks(source: str) -> None:
    """Great Expectations' own uniqueness would look at one chunk only."""
    assert not [e.type for e in suite_of(source).rows if "unique" in e.type]


# --- rows ---


def label(expectation: RowExpectation | ColumnExpectation) -> str:
    return f"{expectation.table or ''} {expectation.type} {expectation.kwargs} {expectation.why[:60]}"


def _at_a_bound(column: str, bound: Decimal, beyond: int) -> tuple[Row, Row]:
    """A bad row beyond the bound, and a good one on it."""
    return {column: bound + beyond}, {column: bound}


def generated_row_cases(contract: Contract) -> Iterator[tuple[str, RowCase]]:
    """Table and case of each expectation on rows that follows from the contract."""
    for table, columns in contract.tables.items():
        for column in columns:
            if column.name in contract.key:
                if table != contract.source:
                    continue
                yield table, RowCase(f"{column.wire} is empty: without its key", {column.name: None})
            elif column.filled:
                yield table, RowCase(f"{column.wire} is empty, although", {column.name: None})
            if column.values:
                yield table, RowCase(f"{column.wire} is none of the agreed", {column.name: "X"})
            if column.pattern is not None:
                yield table, RowCase(f"{column.wire} has not the agreed form", {column.name: "?"})
            bounds = f"{column.wire} is {'more' if column.minimum is None else 'less'} than"
            if column.minimum is not None:
                yield table, RowCase(bounds, *_at_a_bound(column.name, column.minimum, -1))
            if column.maximum is not None:
                yield table, RowCase(bounds, *_at_a_bound(column.name, column.maximum, 1))


def all_row_cases(source: str) -> list[tuple[str, RowCase]]:
    written = [(f"{source}__{c.table}" if c.table else source, c) for c in ROW_CASES.get(source, [])]
    return [*generated_row_cases(CONTRACTS[source]), *written]


def meant(expectations: Sequence[Any], table: str, source: str, why: str) -> list[int]:
    """Places of the expectations that a case means."""
    return [i for i, e in enumerate(expectations) if (e.table or source) == table and why in e.why]


class Landed:
    """The landed tables of one source, and the catalogue that dossiers are compared with."""

    def __init__(self, source: str) -> None:
        self.source, self.contract = source, CONTRACTS[source]
        self.con = duckdb.connect(":memory:")
        self.con.execute("CREATE SCHEMA landed")
        for table in self.contract.tables:
            schema = self.contract.table_schema(table) | {"delivered_on": "DATE", "file_name": "VARCHAR"}
            columns = ", ".join(f"{c} {t}" for c, t in schema.items())
            self.con.execute(f"CREATE TABLE landed.{table} ({columns})")
        if source != "procedures":
            self.con.execute(
                "CREATE TABLE landed.procedures (procedure_code VARCHAR, service_level_code VARCHAR)"
            )
            self.con.executemany("INSERT INTO landed.procedures VALUES (?, ?)", list(CATALOGUE.items()))

    def put(self, table: str, changes: Row, row_number: int) -> None:
        """A healthy row with changes."""
        row = {
            "position": 1,
            "delivered_on": "2026-03-31",
            "file_name": "a.json",
            "row_number": row_number,
            **{k: self._of(row_number, v) for k, v in HEALTHY[table].items()},
            **changes,
        }
        have = {c for (c, *_) in self.con.execute(f"DESCRIBE landed.{table}").fetchall()}
        named = {k: v for k, v in row.items() if k in have}
        self.con.execute(
            f"INSERT INTO landed.{table} ({', '.join(named)}) VALUES ({', '.join('?' * len(named))})",
            list(named.values()),
        )

    @staticmethod
    def _of(row_number: int, value: Any) -> Any:
        """The value of a healthy row, with its number and its own day put in."""
        day = date(2026, 1, 1) - timedelta(days=row_number)
        return value.format(n=row_number, day=day) if isinstance(value, str) else value

    def frames(self, suite: Suite) -> LandedFrames:
        return LandedFrames(self.con, self.contract, suite.computed)


@pytest.fixture(scope="module", params=sorted(CONTRACTS))
def judged_rows(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[Judgement], dict[int, Any]]]:
    """A source, its judged expectations on rows, and of each case the rows that are bad and good."""
    source: str = request.param
    suite = suite_of(source).model_copy(update={"columns": ()})
    landed, numbers = Landed(source), count(3)
    # row 1 is healthy and has the key that a second row may take; row 2 is still open
    landed.put(source, {}, 1)
    if source in STILL_OPEN:
        landed.put(source, STILL_OPEN[source], 2)
    places = {}
    for i, (table, case) in enumerate(all_row_cases(source)):
        bad, good = next(numbers), next(numbers)
        landed.put(table, case.good, good)
        landed.put(table, case.bad, bad)
        places[i] = (case.bad.get("row_number", bad), case.good.get("row_number", good))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestration.expectations, "_EXAMPLES", 10_000)
        verdict = judge(suite, landed.frames(suite), PARAMETERS)
    yield source, verdict.judgements, places


def test_each_expectation_on_rows_takes_the_good_one_and_reports_the_bad_one(
    judged_rows: tuple[str, list[Judgement], dict[int, Any]],
) -> None:
    source, judgements, places = judged_rows
    expectations = [j.expectation for j in judgements]
    covered = set()
    for i, (table, case) in enumerate(all_row_cases(source)):
        found = meant(expectations, table, source, case.why)
        assert len(found) == 1, f"{table}: {case.why!r} means {len(found)} expectations"
        covered.add(found[0])
        judgement = judgements[found[0]]
        assert judgement.outcome == "fail", f"{label(judgement.expectation)}: {judgement.message}"
        reported = {int(e.split("row ")[1].split(":")[0]) for e in judgement.examples}
        bad, good = places[i]
        assert bad in reported, f"{label(judgement.expectation)} takes {case.bad}"
        assert good not in reported, f"{label(judgement.expectation)} reports {case.good}"
        assert judgement.rows > judgement.unexpected == len(judgement.examples)
    missing = [label(e) for i, e in enumerate(expectations) if i not in covered]
    assert not missing, f"expectations of {source} without a case in suite_cases*.py: {missing}"


# --- columns ---


def generated_column_cases(contract: Contract) -> Iterator[tuple[str, ColumnCase]]:
    for table, columns in contract.tables.items():
        for column in columns:
            if column.varies:
                one, other = (True, False) if column.duckdb_type == "BOOLEAN" else ("1", "2")
                yield (
                    table,
                    ColumnCase(
                        f"{column.wire} holds one and the same value",
                        [{column.name: one}],
                        [{column.name: one}, {column.name: other}],
                    ),
                )


def judged_column(source: str, expectation: ColumnExpectation, rows: list[Row], at_least: int) -> Judgement:
    """One expectation over a delivery of exactly so many rows (or the next multiple of the given ones)."""
    suite = suite_of(source)
    only = suite.model_copy(update={"rows": (), "columns": (expectation,)})
    landed = Landed(source)
    table = expectation.table or source
    if table != source:
        landed.put(source, {}, 1)
    for number, row in enumerate(rows, start=1):
        landed.put(table, row, number)
    times = -(-at_least // len(rows)) if at_least > 1 else 1
    landed.con.execute(f"INSERT INTO landed.{table} SELECT t.* FROM landed.{table} AS t, range({times - 1})")
    (judgement,) = judge(only, landed.frames(only), PARAMETERS).judgements
    return judgement


@pytest.mark.parametrize("source", sorted(CONTRACTS))
def test_each_expectation_on_columns_takes_the_good_delivery_and_reports_the_bad_one(source: str) -> None:
    expectations = suite_of(source).columns
    covered = set()
    cases = [*generated_column_cases(CONTRACTS[source])]
    for written in COLUMN_CASES.get(source, []):
        tables = {e.table or source for e in expectations if written.why in e.why}
        assert len(tables) == 1, f"{source}: {written.why!r} means {tables}"
        cases.append((tables.pop(), written))
    for table, case in cases:
        found = meant(expectations, table, source, case.why)
        assert len(found) == 1, f"{table}: {case.why!r} means {len(found)} expectations"
        covered.add(found[0])
        expectation = expectations[found[0]]
        enough = expectation.at_least * 20 if expectation.measure == "filled_share" else expectation.at_least
        bad = judged_column(source, expectation, case.bad, enough)
        assert bad.outcome == "fail", f"{label(expectation)} takes {case.bad}"
        assert f"{source}/2026-03-31, all rows of {table}: {expectation.column}, " in bad.message
        good = judged_column(source, expectation, case.good, enough * 2)
        assert (good.outcome, good.examples) == ("pass", []), label(expectation)
        assert good.rows > 0, label(expectation)
        if expectation.at_least > 1:
            few = judged_column(source, expectation, case.bad[:1], 1)
            assert (few.outcome, few.rows) == ("pass", 0), "one row says nothing about a column"
    missing = [label(e) for i, e in enumerate(expectations) if i not in covered]
    assert not missing, f"expectations of {source} without a case in suite_cases*.py: {missing}"


# --- nothing in it ---


@pytest.mark.parametrize("source", sorted(CONTRACTS))
def test_every_suite_can_be_judged_on_empty_values(source: str) -> None:
    suite, contract = suite_of(source), CONTRACTS[source]
    con = duckdb.connect(":memory:")
    con.execute("CREATE SCHEMA landed")
    for needed in {source, *suite.needed_sources}:
        for table in CONTRACTS[needed].tables:
            schema = CONTRACTS[needed].table_schema(table) | {"delivered_on": "DATE"}
            columns = ", ".join(
                f"CAST({1 if c == 'row_number' else 'NULL'} AS {t}) AS {c}" for c, t in schema.items()
            )
            con.execute(f"CREATE TABLE landed.{table} AS SELECT {columns}, 'a.csv' AS file_name")
    verdict = judge(suite, LandedFrames(con, contract, suite.computed), PARAMETERS)
    assert "errored" not in [j.outcome for j in verdict.judgements], verdict.messages
