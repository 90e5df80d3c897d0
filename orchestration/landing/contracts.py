"""Source contracts: what one extract is, read from `raw/sources/<source>.yml`.

One contract drives landing, the dbt source, the checks and the docs. Only what a contract says belongs
here; how a file is read stands in `readers`, how a value is typed in `values`.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

ColumnType = Literal["text", "code", "timestamp", "date", "decimal", "boolean", "presence"]
PersonalClass = Literal["name", "identity", "contact", "address", "free_text"]

DUCKDB_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "decimal": "DECIMAL(18,2)",
    "boolean": "BOOLEAN",
    "presence": "BOOLEAN",
}

# What landing adds to every row, so that each message can name file and row.
LINEAGE_COLUMNS = ("file_sha", "row_number")


class ContractError(Exception):
    """A contract that cannot be used; the message names the file and what to change."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One kept column: its name inside, its name on the wire, its type."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    wire: str
    aliases: tuple[str, ...] = ()
    type: ColumnType
    required: bool = False
    codes: dict[str, str] = {}
    extract: str | None = None

    @property
    def wires(self) -> tuple[str, ...]:
        """All names under which the column may come, the main one first."""
        return (self.wire, *self.aliases)

    @model_validator(mode="after")
    def _name_says_what_a_date_is(self) -> Column:
        if self.type == "timestamp" and not self.name.endswith("_at"):
            raise ValueError(f"column {self.name}: a timestamp is named …_at")
        if self.type == "date" and not self.name.endswith("_on"):
            raise ValueError(f"column {self.name}: a date is named …_on")
        if self.extract is not None:
            try:
                re.compile(self.extract)
            except re.error as error:
                raise ValueError(
                    f"column {self.name}: extract is not a regular expression: {error}"
                ) from error
        return self


class PersonalColumn(_Strict):
    """A column known to name or reach a person: dropped at landing, never read into a table."""

    wire: str
    personal_class: PersonalClass = Field(alias="class")


class NestedList(_Strict):
    """A list inside a row that lands as a table of its own, `<source>__<name>`."""

    name: str
    wire: str
    columns: tuple[Column, ...]


class Contract(_Strict):
    """One extract as its publisher delivers it."""

    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title_vi: str
    description: str
    publisher: str
    owner: str
    reader: Literal["json_messages", "csv", "portal_api"]
    key: tuple[str, ...]
    delivery: Literal["full", "delta"]
    required: bool
    timestamp_formats: tuple[str, ...]
    zone: Literal["Asia/Ho_Chi_Minh"]
    envelope: tuple[Column, ...] = ()
    columns: tuple[Column, ...]
    lists: tuple[NestedList, ...] = ()
    personal: tuple[PersonalColumn, ...] = ()

    @model_validator(mode="after")
    def _names_fit_together(self) -> Contract:
        names = [c.name for c in self.row_columns]
        added = [*LINEAGE_COLUMNS, "position", "delivered_on", "file_name"]
        tables = [[c.name for c in columns] + added for columns in self.tables.values()]
        for group in [[x.name for x in self.lists], *tables]:
            doubled = {n for n in group if group.count(n) > 1}
            if doubled:
                raise ValueError(f"named twice: {', '.join(sorted(doubled))}")
        absent = [k for k in self.key if k not in names]
        if absent:
            raise ValueError(f"key names no column: {', '.join(absent)}")
        kept = {w for c in self.row_columns for w in c.wires} | {x.wire for x in self.lists}
        both = kept & {p.wire for p in self.personal}
        if both:
            raise ValueError(f"both kept and personal: {', '.join(sorted(both))}")
        return self

    @property
    def row_columns(self) -> tuple[Column, ...]:
        """Columns of the main table, those of the message envelope first."""
        return (*self.envelope, *self.columns)

    @property
    def tables(self) -> dict[str, tuple[Column, ...]]:
        """Landed tables of the source → their contract columns (a list's table carries the parent's key)."""
        key_columns = tuple(c for c in self.row_columns if c.name in self.key)
        return {self.source: self.row_columns} | {
            f"{self.source}__{nested.name}": (*key_columns, *nested.columns) for nested in self.lists
        }

    def table_schema(self, table: str) -> dict[str, str]:
        """Column → DuckDB type of a landed table, lineage included, in the order of the Parquet files."""
        columns = self.tables[table]
        if table == self.source:
            return {c.name: DUCKDB_TYPES[c.type] for c in columns} | {
                "file_sha": "VARCHAR",
                "row_number": "BIGINT",
            }
        key = columns[: len(self.key)]
        return (
            {c.name: DUCKDB_TYPES[c.type] for c in key}
            | {"file_sha": "VARCHAR", "row_number": "BIGINT", "position": "BIGINT"}
            | {c.name: DUCKDB_TYPES[c.type] for c in columns[len(self.key) :]}
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the contract says; rows landed under another fingerprint are landed anew."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()


def load_contract(path: Path) -> Contract:
    """Read one contract file.

    Raises:
        ContractError: the file is not YAML, or does not say what a contract must say.
    """
    try:
        contract = Contract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise ContractError(f"{path.name}: not a usable source contract.\n{error}") from error
    if contract.source != path.stem:
        raise ContractError(
            f"{path.name}: says source {contract.source!r}; name the file {contract.source}.yml"
        )
    return contract


def load_contracts(folder: Path) -> dict[str, Contract]:
    """All contracts of a folder, by source name, in alphabetical order.

    Raises:
        ContractError: one of them is unusable, or there is none.
    """
    contracts = {path.stem: load_contract(path) for path in sorted(folder.glob("*.yml"))}
    if not contracts:
        raise ContractError(f"no source contracts (*.yml) in {folder}")
    return contracts
