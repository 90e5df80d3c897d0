"""What the ymls of the released marts say of them: what readers hold on to (docs/decisions/0031)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


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
