"""Source contracts: what one extract is, read from `raw/sources/<source>.yml`.

One contract drives landing, the dbt source, the checks and the docs. Only what a contract says belongs
here; how a file is read stands in `readers`, how a value is typed in `values`.
"""

from __future__ import annotations

import functools
import hashlib
import re
from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

ColumnType = Literal["text", "code", "timestamp", "date", "decimal", "boolean", "presence", "class", "link"]
PersonalClass = Literal["name", "identity", "contact", "address", "free_text"]

DUCKDB_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "decimal": "DECIMAL(18,2)",
    "boolean": "BOOLEAN",
    "presence": "BOOLEAN",
    "class": "VARCHAR",
    "link": "VARCHAR",
}

# What landing adds to every row, so that each message can name file and row.
LINEAGE_COLUMNS = ("file_sha", "row_number")

# Added where a source may write a time without saying its zone: the names of the row's columns that did.
ZONE_UNKNOWN_COLUMN = "zone_unknown_columns"

# The forms a source's dates may come in (extract_formats §8); a date in two of them must mean the same.
DATE_FORMATS = frozenset(
    {
        "%Y%m%d%H%M%S",
        "%Y%m%d",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d",
        "iso",  # 2026-06-08T07:47:28[.329], no zone: its zone is unknown
        "iso_zone",  # the same with Z or ±hh:mm: turned into local time
    }
)


class ContractError(Exception):
    """A contract that cannot be used; the message names the file and what to change."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One kept column: its name inside, its name on the wire, its type."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    wire: str = Field(min_length=1)
    aliases: tuple[str, ...] = Field(default=(), description="other names of the column, as headers have it")
    type: ColumnType
    required: bool = Field(default=False, description="a file without the column blocks the night")
    codes: dict[str, str] = Field(
        default={}, description="wire code → code inside, for this source; another code is quarantined"
    )
    extract: str | None = Field(default=None, description="regular expression of the part that is meant")
    part: int | None = Field(default=None, ge=1, description="n-th of several values joined by ##")
    scale: int = Field(default=2, ge=0, le=9, description="digits after the point of a decimal")
    classes: dict[str, str] = Field(
        default={},
        description="type class: name of a class → regular expression of the whole text; "
        "what fits none is `other`",
    )
    placeholders: tuple[str, ...] = Field(
        default=(), description="type link: texts that stand for nobody, regular expressions"
    )
    # what the suite of the source expects of the values, beside what is written by hand
    filled: bool = Field(default=False, description="an empty value is reported")
    values: tuple[str, ...] = Field(default=(), description="a value outside this list is reported")
    pattern: str | None = Field(default=None, description="a value that does not match is reported")
    minimum: Decimal | None = Field(default=None, description="a smaller number is reported")
    maximum: Decimal | None = Field(default=None, description="a greater number is reported")
    varies: bool = Field(default=False, description="one value in all rows of a delivery is reported")

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
        return self

    @model_validator(mode="after")
    def _settings_fit_the_type(self) -> Column:
        expressions = [self.extract, self.pattern, *self.classes.values(), *self.placeholders]
        for expression in expressions:
            try:
                re.compile(expression or "")
            except re.error as error:
                raise ValueError(
                    f"column {self.name}: {expression!r} is not a regular expression: {error}"
                ) from error
        for setting, types in _SETTINGS_OF_TYPES.items():
            if setting in self.model_fields_set and self.type not in types:
                raise ValueError(f"column {self.name}: {setting} is not for type {self.type}")
        if self.type == "class" and not self.classes:
            raise ValueError(f"column {self.name}: type class needs classes")
        return self

    @property
    def duckdb_type(self) -> str:
        """The type of the landed column."""
        return f"DECIMAL(18,{self.scale})" if self.type == "decimal" else DUCKDB_TYPES[self.type]


_SETTINGS_OF_TYPES: dict[str, tuple[ColumnType, ...]] = {
    "codes": ("code",),
    "values": ("code",),
    "pattern": ("code", "text"),
    "scale": ("decimal",),
    "minimum": ("decimal",),
    "maximum": ("decimal",),
    "classes": ("class",),
    "placeholders": ("link",),
}


class PersonalColumn(_Strict):
    """A column known to name or reach a person: dropped at landing, never read into a table."""

    wire: str
    personal_class: PersonalClass = Field(alias="class")


class NestedList(_Strict):
    """A list inside a row that lands as a table of its own, `<source>__<name>`."""

    name: str
    wire: str
    columns: tuple[Column, ...]


class Freshness(_Strict):
    """How old the newest delivery may be on the business date of a run, in days."""

    warn_after_days: int = Field(ge=0)
    fail_after_days: int = Field(ge=0)

    @model_validator(mode="after")
    def _warns_first(self) -> Freshness:
        if self.warn_after_days > self.fail_after_days:
            raise ValueError("warn_after_days is more than fail_after_days")
        return self


class Query(_Strict):
    """The source as a question to a database: `chiso extract` writes the answer into the drop zone."""

    connection: str = Field(
        pattern=r"^CHISO_[A-Z0-9_]+$", description="environment variable that holds the database's URL"
    )
    sql: str = Field(description="a SELECT; :business_date stands for the business date")


class Contract(_Strict):
    """One extract as its publisher delivers it."""

    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title_vi: str
    description: str
    publisher: str
    owner: str
    shape: Literal["records", "portal_scores"] = Field(
        default="records", description="records: rows in any form; portal_scores: replies of the portal's API"
    )
    key: tuple[str, ...]
    answers: tuple[str, ...] = Field(
        default=(), description="columns of a form for people to fill in; a line with none of them is no row"
    )
    delivery: Literal["full", "delta"]
    required: bool
    freshness: Freshness | None = None
    query: Query | None = None
    date_formats: tuple[str, ...] = Field(description="tried in this order; the first that fits counts")
    zone: Literal["Asia/Ho_Chi_Minh"]
    number_locale: Literal["vi", "en"] = Field(
        default="en", description="vi: 1.234,56; en: 1,234.56. Never guessed from a cell"
    )
    envelope: tuple[Column, ...] = ()
    columns: tuple[Column, ...]
    lists: tuple[NestedList, ...] = ()
    personal: tuple[PersonalColumn, ...] = ()

    @model_validator(mode="after")
    def _dates_can_be_told_apart(self) -> Contract:
        unknown = [f for f in self.date_formats if f not in DATE_FORMATS]
        if unknown:
            raise ValueError(
                f"date_formats: {', '.join(unknown)} is none of {', '.join(sorted(DATE_FORMATS))}"
            )
        return self

    @model_validator(mode="after")
    def _names_fit_together(self) -> Contract:
        names = [c.name for c in self.row_columns]
        added = [*LINEAGE_COLUMNS, ZONE_UNKNOWN_COLUMN, "position", "delivered_on", "file_name", "landed_row"]
        tables = [[c.name for c in columns] + added for columns in self.tables.values()]
        for group in [[x.name for x in self.lists], *tables]:
            doubled = {n for n in group if group.count(n) > 1}
            if doubled:
                raise ValueError(f"named twice: {', '.join(sorted(doubled))}")
        absent = [k for k in self.key if k not in names]
        if absent:
            raise ValueError(f"key names no column: {', '.join(absent)}")
        unknown = [a for a in self.answers if a not in names]
        if unknown:
            raise ValueError(f"answers names no column: {', '.join(unknown)}")
        # a class or a keyed link is all that may be kept of a personal column
        kept = {w for c in self.row_columns if c.type not in ("class", "link") for w in c.wires}
        both = (kept | {x.wire for x in self.lists}) & {p.wire for p in self.personal}
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
        lineage = {"file_sha": "VARCHAR", "row_number": "BIGINT"}
        zones = {ZONE_UNKNOWN_COLUMN: "VARCHAR"} if self.marks_zones(columns) else {}
        if table == self.source:
            return {c.name: c.duckdb_type for c in columns} | zones | lineage
        count = len(self.key)
        return (
            {c.name: c.duckdb_type for c in columns[:count]}
            | lineage
            | {"position": "BIGINT"}
            | {c.name: c.duckdb_type for c in columns[count:]}
            | zones
        )

    def marks_zones(self, columns: tuple[Column, ...]) -> bool:
        """Whether rows of these columns say which of their times came without a zone."""
        return "iso" in self.date_formats and any(c.type == "timestamp" for c in columns)

    @property
    def has_links(self) -> bool:
        """Whether a column of it keeps a keyed link."""
        return any(c.type == "link" for columns in self.tables.values() for c in columns)

    @property
    def raw_schema(self) -> dict[str, str]:
        """Wire name → DuckDB type of what a reader fills: text, and a list of structs of text per list."""
        schema = {w: "VARCHAR" for c in self.row_columns for w in c.wires}
        for nested in self.lists:
            wires = dict.fromkeys(w for c in nested.columns for w in c.wires)
            fields = ", ".join('"' + w.replace('"', '""') + '" VARCHAR' for w in wires)
            schema[nested.wire] = f"STRUCT({fields})[]"
        return schema

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the contract says; rows landed under another fingerprint are landed anew."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()


def read_yaml(path: Path) -> object:
    """What a YAML file says; by the C parser where there is one, which is eight times as fast.

    Raises:
        yaml.YAMLError, UnicodeDecodeError: it is no YAML in UTF-8.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


def load_contract(path: Path) -> Contract:
    """Read one contract file; as long as it is not written anew, it is read once.

    Raises:
        ContractError: the file is not YAML, or does not say what a contract must say.
    """
    stat = path.stat()
    return _load_contract(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=256)
def _load_contract(path: Path, written: int, size: int) -> Contract:
    try:
        contract = Contract.model_validate(read_yaml(path))
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
