"""Views of schema `marts` (evidence_*, rescored_* and others), carried from one database file to another."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb


def views_of(database: Path, but: Collection[str] = ()) -> list[str]:
    """SQL of the views of schema `marts` but the given ones, for any database."""
    with duckdb.connect(str(database), read_only=True) as con:
        (name,) = con.execute("SELECT current_database()").fetchall()[0]
        return [
            str(sql).replace(f"{name}.marts.", "marts.")
            for view, sql in con.execute(
                "SELECT view_name, sql FROM duckdb_views() WHERE schema_name = 'marts' ORDER BY view_name"
            ).fetchall()
            if view not in but
        ]


def create_views(con: duckdb.DuckDBPyConnection, views: list[str]) -> None:
    """Create views that may stand on one another; a closed DuckDB file does not say in which order."""
    while views:
        waiting = []
        for view in views:
            try:
                con.execute(view)
            except duckdb.CatalogException:
                waiting.append(view)
        if len(waiting) == len(views):
            con.execute(waiting[0])  # what it stands on is in no release: say so
        views = waiting
