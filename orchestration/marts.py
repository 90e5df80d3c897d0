"""What ymls say of released marts and of tables kept beside them: what readers hold on to (decision 0031)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from orchestration.places import DBT_PROJECT

KEPT_BESIDE_RELEASES = DBT_PROJECT / "dictionary" / "kept_beside_releases.yml"


@dataclass(frozen=True)
class Deprecated:
    """What goes: announced on `since`, there until the end of `until`, to be replaced by `instead`."""

    since: date
    until: date
    instead: str


@dataclass(frozen=True)
class Column:
    """A column of a mart.

    Attributes:
        data_type: in the words that DuckDB and Spark share, as decimal(9, 2).
        description: what it means in this mart, in English; empty where its name says the same everywhere.
    """

    name: str
    data_type: str
    description: str
    deprecated: Deprecated | None


@dataclass(frozen=True)
class Mart:
    """A mart of the release.

    Attributes:
        name: as readers know it: the table, and the file of a release.
        version: grows when a column goes or means something else; then the mart has another name.
        is_file: a Parquet file of its own in the release; otherwise a view in chiso.duckdb only.
        title_vi: what it answers, in Vietnamese.
        description: its grain and what it answers, in English.
        key: columns that name a row; a view says none.
        columns: in their order; what a mart that goes as a whole announces stands at each of them.
    """

    name: str
    version: int
    is_file: bool
    title_vi: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class KeptTable:
    """A table that readers see and no model makes: the ledger, what became of nights.

    Attributes:
        where_en, where_vi: where readers find it.
        title_vi: what it answers, in Vietnamese.
        description: its grain and what it answers, in English.
    """

    name: str
    where_en: str
    where_vi: str
    title_vi: str
    description: str
    columns: tuple[Column, ...]


def read_kept_tables(path: Path = KEPT_BESIDE_RELEASES) -> list[KeptTable]:
    """Every table that is kept beside the releases, as its yml tells.

    Raises:
        KeyError: a table has no words for where it stands, or a column without type.
    """
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        KeptTable(
            name=table["name"],
            where_en=table["where_en"],
            where_vi=table["where_vi"],
            title_vi=table["title_vi"],
            description=table["description"],
            columns=tuple(Column(c["name"], c["data_type"], "", None) for c in table["columns"]),
        )
        for table in content["tables"]
    ]


def read_marts(manifest: Path) -> list[Mart]:
    """Every mart whose yml says `release`, in alphabetical order.

    Args:
        manifest: manifest.json of dbt.

    Raises:
        KeyError: a mart has no version, no `title_vi`, or a column without type.
    """
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    marts = (
        _mart(node)
        for node in content["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["meta"].get("release")
    )
    return sorted(marts, key=lambda mart: mart.name)


def announced(mart: Mart) -> dict[str, str]:
    """Column that goes → the last day that it is there for sure, YYYY-MM-DD."""
    return {c.name: c.deprecated.until.isoformat() for c in mart.columns if c.deprecated is not None}


def _mart(node: dict[str, Any]) -> Mart:
    meta = node["config"]["meta"]
    goes = meta.get("deprecated")
    return Mart(
        name=node["alias"],
        version=int(node["version"]),
        is_file=meta["release"] is True,
        title_vi=meta["title_vi"],
        description=" ".join(node["description"].split()),
        key=tuple(meta.get("key", ())),
        columns=tuple(_column(column, goes) for column in node["columns"].values()),
    )


def _column(column: dict[str, Any], mart_goes: dict[str, str] | None) -> Column:
    goes = column["config"]["meta"].get("deprecated", mart_goes)
    return Column(
        name=column["name"],
        data_type=column["data_type"],
        description=" ".join(column["description"].split()),
        deprecated=_deprecated(goes) if goes else None,
    )


def _deprecated(goes: dict[str, str]) -> Deprecated:
    since, until = (date.fromisoformat(goes[day]) for day in ("since", "until"))
    return Deprecated(since, until, goes["instead"])
