"""Suites: what is expected of the landed rows of a source, each expectation with the words why it matters.

What follows from the contract is generated; what needs knowledge stands in `expectations/<source>.yml`.
Pure: no Dagster, no Great Expectations; judging stands in `expectations.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from orchestration.landing.contracts import Column, Contract, read_yaml

Measure = Literal["rows", "filled", "filled_share", "distinct_values", "most_common_share", "share"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RowExpectation(_Strict):
    """What every row must be, in Great Expectations' own terms."""

    table: str | None = Field(default=None, description="landed table; the source's own unless a list's")
    type: str
    kwargs: dict[str, Any]
    when: str | None = Field(default=None, description="SQL condition: the rows that it is about")
    shows: tuple[str, ...] = Field(default=(), description="columns that a message shows beside the judged")
    blocks: bool = False
    why: str

    @property
    def columns(self) -> list[str]:
        """The judged columns, then the shown ones."""
        named = [v for k, v in self.kwargs.items() if k.startswith("column")]
        judged = [c for v in named for c in (v if isinstance(v, list) else [v])]
        return list(dict.fromkeys([*judged, *self.shows]))


class ColumnExpectation(_Strict):
    """What one column must be over all rows of the delivery: one measure of it, judged once."""

    table: str | None = None
    column: str
    measure: Measure
    value: str | bool | None = Field(default=None, description="measure `share`: of this value, among filled")
    when: str | None = None
    at_least: int = Field(default=100, ge=1, description="fewer filled rows say nothing: not judged")
    type: str = "expect_column_values_to_be_between"
    kwargs: dict[str, Any]
    blocks: bool = False
    why: str


class Suite(_Strict):
    """All expectations on one landed source."""

    source: str
    needs: tuple[str, ...] = Field(default=(), description="other sources that computed columns look into")
    computed: dict[str, dict[str, str]] = Field(
        default={}, description="table → column added to it → SQL over its row `r`"
    )
    rows: tuple[RowExpectation, ...] = ()
    columns: tuple[ColumnExpectation, ...] = ()

    @property
    def needed_sources(self) -> set[str]:
        """Other sources whose rows must be there to judge: those it names, and the list of agencies."""
        asks_for_agencies = any("$agency_codes" in e.kwargs.values() for e in self.rows)
        return ({*self.needs} | ({"agencies"} if asks_for_agencies else set())) - {self.source}

    def tables(self) -> dict[str, list[RowExpectation]]:
        """Landed table → the expectations on its rows."""
        tables: dict[str, list[RowExpectation]] = {}
        for expectation in self.rows:
            tables.setdefault(expectation.table or self.source, []).append(expectation)
        return tables


def load_suite(folder: Path, contract: Contract) -> Suite:
    """The suite of a source: from its contract, then by hand where `<source>.yml` is there.

    Raises:
        ValueError: the file does not say what a suite must.
    """
    generated = contract_expectations(contract)
    path = folder / f"{contract.source}.yml"
    if not path.exists():
        return generated
    written = Suite.model_validate(read_yaml(path))
    if written.source != contract.source:
        raise ValueError(f"expectations/{path.name} says source {written.source!r}")
    return written.model_copy(
        update={
            "rows": (*generated.rows, *written.rows),
            "columns": (*generated.columns, *written.columns),
        }
    )


def contract_expectations(contract: Contract) -> Suite:
    """The suite that follows from a contract: filled, values, pattern, minimum and maximum, varies."""
    rows: list[RowExpectation] = []
    columns: list[ColumnExpectation] = []
    for table, of_table in contract.tables.items():
        for column in of_table:
            is_key = column.name in contract.key
            if is_key and table != contract.source:
                continue  # a list's table repeats the key of its row
            rows += _row_expectations(table, column, is_key)
            if column.varies:
                columns.append(
                    ColumnExpectation(
                        table=table,
                        column=column.name,
                        measure="distinct_values",
                        kwargs={"min_value": 2},
                        why=f"{column.wire} holds one and the same value in every row: the software fills it "
                        "in by itself, so it says nothing and every share counted from it is 0 % or 100 %.",
                    )
                )
    return Suite(source=contract.source, rows=tuple(rows), columns=tuple(columns))


def _row_expectations(table: str, column: Column, is_key: bool) -> list[RowExpectation]:
    wire = column.wire

    def expect(kind: str, why: str, **kwargs: Any) -> RowExpectation:
        return RowExpectation(
            table=table,
            type=f"expect_column_values_to_{kind}",
            kwargs={"column": column.name, **kwargs},
            blocks=is_key and kind == "not_be_null",
            why=why,
        )

    found = []
    if is_key:
        why = f"{wire} is empty: without its key a row can be neither paired nor counted."
        found.append(expect("not_be_null", why))
    elif column.filled:
        found.append(expect("not_be_null", f"{wire} is empty, although every row must have it."))
    if column.values:
        why = (
            f"{wire} is none of the agreed values {', '.join(column.values)}: nobody can say how such a row "
            "counts."
        )
        found.append(expect("be_in_set", why, value_set=list(column.values)))
    if column.pattern is not None:
        why = f"{wire} has not the agreed form: it may join to nothing, or to the wrong thing."
        found.append(expect("match_regex", why, regex=column.pattern))
    least, most = column.minimum, column.maximum
    if least is not None or most is not None:
        words = [
            f"less than {least}" if least is not None else "",
            f"more than {most}" if most is not None else "",
        ]
        found.append(
            expect(
                "be_between",
                f"{wire} is {' or '.join(w for w in words if w)}: such a number is a slip.",
                min_value=None if least is None else float(least),
                max_value=None if most is None else float(most),
            )
        )
    return found
