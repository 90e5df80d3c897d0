"""Releases: `DATA/releases/<D>/<n>/`, written beside the others, then shown by one flip of `current`.

A release is whole or it does not exist. The same business date with the same inputs, rule sets and code
is the same release: it is made again, compared byte for byte, and not counted twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.inserting import insert_rows
from orchestration.landing.values import file_literal, literal

MANIFEST = "manifest.json"
DATABASE = "chiso.duckdb"
CURRENT = "current"
_DRAFT = ".draft-"


class ReleaseError(Exception):
    """The release cannot be published; the last one stays in place."""


@dataclass(frozen=True)
class Release:
    """A published release.

    Attributes:
        is_new: False when the same release was there already.
        is_current: whether `current` points to it now.
    """

    folder: Path
    manifest: dict[str, Any]
    is_new: bool
    is_current: bool


def publish(
    releases: Path,
    build_database: Path,
    business_date: date,
    marts: dict[str, list[str]],
    facts: dict[str, Any],
    run_facts: dict[str, Any],
    unreleased: Collection[str] = (),
) -> Release:
    """Write one release from a finished build and flip `current` to it.

    Args:
        releases: the folder of all releases.
        build_database: the build file; schema `marts` holds the tables.
        business_date: D; `current` never goes back to an older D.
        marts: mart → key columns; rows are written in the order of the key.
        facts: what the release was made of (inputs with SHA-256, rule sets, code version); goes into the
            manifest and decides whether it is the same release.
        run_facts: what is true of this run only (times, run id); goes into `ops/`, outside every promise
            of sameness.
        unreleased: views of schema `marts` that are for the build alone; all others come along.

    Raises:
        ReleaseError: the same inputs and code gave other bytes than the release that exists.
    """
    home = releases / business_date.isoformat()
    home.mkdir(parents=True, exist_ok=True)
    for leftover in home.glob(f"{_DRAFT}*"):
        shutil.rmtree(leftover)
    draft = home / f"{_DRAFT}{os.getpid()}"
    draft.mkdir()
    written = {mart: _write_mart(build_database, draft, mart, key) for mart, key in marts.items()}
    manifest = {"business_date": business_date.isoformat(), **facts, "marts": written}
    fingerprint = _fingerprint({"business_date": business_date.isoformat(), **facts})
    manifest["fingerprint"] = fingerprint

    last = _last_release(home)
    if last is not None:
        known = json.loads((last / MANIFEST).read_text(encoding="utf-8"))
        if known["fingerprint"] == fingerprint:
            shutil.rmtree(draft)
            changed = [m for m in written if known["marts"].get(m) != written[m]]
            if changed:
                raise ReleaseError(
                    f"{business_date}: the same inputs and code gave other rows in {', '.join(changed)} than "
                    f"release {last.name}. Nothing was published."
                )
            return Release(last, known, is_new=False, is_current=_flip(releases, last, business_date))

    number = 1 if last is None else int(last.name) + 1
    (draft / MANIFEST).write_text(
        json.dumps({"release": number, **manifest}, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        encoding="utf-8",
    )
    (draft / "ops").mkdir()
    (draft / "ops" / "run.json").write_text(
        json.dumps(run_facts, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    ops = _write_ops(build_database, draft / "ops")
    _write_database(draft, marts, views_of(build_database, {*marts, *unreleased}), ops, run_facts)
    for path in draft.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync(draft)
    target = home / str(number)
    draft.rename(target)
    _sync(home)
    content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    return Release(target, content, is_new=True, is_current=_flip(releases, target, business_date))


def current_release(releases: Path) -> Path | None:
    """The release that readers see; None before the first."""
    link = releases / CURRENT
    return link.resolve() if link.exists() else None


def last_release_before(releases: Path, business_date: date) -> Path | None:
    """The last release of the newest business date before the given one; None where there is none."""
    whole = [p.parent for p in releases.glob(f"????-??-??/*/{MANIFEST}") if p.parent.name.isdigit()]
    earlier = [p for p in whole if date.fromisoformat(p.parent.name) < business_date]
    return max(earlier, key=lambda p: (p.parent.name, int(p.name)), default=None)


def _write_mart(build_database: Path, draft: Path, mart: str, key: list[str]) -> dict[str, Any]:
    target = draft / f"{mart}.parquet"
    with duckdb.connect(str(build_database), read_only=True) as con:
        order = ", ".join(f'"{c}"' for c in key)
        # it tells how many; to count a mart that is a view would make it once more
        counted = con.execute(
            f"""COPY (SELECT * FROM marts."{mart}" ORDER BY {order})
                TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"""
        ).fetchone()
        columns = [str(row[0]) for row in con.execute(f'DESCRIBE marts."{mart}"').fetchall()]
    with target.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"rows": int(counted[0]) if counted else 0, "sha256": digest, "columns": columns}


def _write_ops(build_database: Path, folder: Path) -> list[str]:
    """Tables of the build's schema `ops`, about the run itself: a Parquet file each; returns their names."""
    with duckdb.connect(str(build_database), read_only=True) as con:
        tables = [
            str(name)
            for (name,) in con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'ops' ORDER BY table_name"
            ).fetchall()
        ]
        for table in tables:
            target = literal(str(folder / f"{table}.parquet"))
            con.execute(f'COPY ops."{table}" TO {target} (FORMAT parquet, COMPRESSION zstd)')
    return tables


def views_of(database: Path, but: Collection[str] = ()) -> list[str]:
    """SQL of the views of schema `marts` (evidence_*, rescored_*) but the given ones, for any database."""
    with duckdb.connect(str(database), read_only=True) as con:
        (name,) = con.execute("SELECT current_database()").fetchall()[0]
        return [
            str(sql).replace(f"{name}.marts.", "marts.")
            for view, sql in con.execute(
                "SELECT view_name, sql FROM duckdb_views() WHERE schema_name = 'marts' ORDER BY view_name"
            ).fetchall()
            if view not in but
        ]


def _write_database(
    draft: Path, marts: dict[str, list[str]], views: list[str], ops: list[str], run_facts: dict[str, Any]
) -> None:
    with duckdb.connect(str(draft / DATABASE)) as con:
        con.execute("CREATE SCHEMA marts; CREATE SCHEMA ops")
        for mart in marts:
            con.execute(
                f"""CREATE TABLE marts."{mart}" AS
                    SELECT * FROM read_parquet({file_literal(draft / f"{mart}.parquet")})"""
            )
        create_views(con, views)
        for table in ops:
            con.execute(
                f"""CREATE TABLE ops."{table}" AS
                    SELECT * FROM read_parquet({file_literal(draft / "ops" / f"{table}.parquet")})"""
            )
        con.execute("CREATE TABLE ops.run (fact VARCHAR, value VARCHAR)")
        insert_rows(con, "ops.run", [(k, str(v)) for k, v in sorted(run_facts.items())])


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


def _fingerprint(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _last_release(home: Path) -> Path | None:
    whole = [p for p in home.iterdir() if p.name.isdigit() and (p / MANIFEST).exists()]
    return max(whole, key=lambda p: int(p.name), default=None)


def _flip(releases: Path, target: Path, business_date: date) -> bool:
    """Point `current` to a release by rename, unless it shows a later business date already."""
    link = releases / CURRENT
    shown = current_release(releases)
    if shown is not None and date.fromisoformat(shown.parent.name) > business_date:
        return False
    draft = releases / f".{CURRENT}-{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(target.relative_to(releases))
    draft.replace(link)
    _sync(releases)
    return True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
