"""Publishing: `DATA/releases/<D>/<n>/`, written beside the others, then shown by one flip of `current`.

A release is whole or it does not exist. The same business date with the same inputs, rule sets and code
is the same release: it is made again, compared byte for byte, and not counted twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.inserting import insert_rows
from orchestration.landing.values import file_literal, literal
from orchestration.publishing.columns import columns_gone
from orchestration.publishing.files import (
    CATALOG,
    CURRENT,
    DATABASE,
    LINEAGE,
    MANIFEST,
    mart_files,
    mart_rows,
    point,
    sync,
)
from orchestration.publishing.releases import (
    business_date_of,
    current_release,
    last_number,
    last_release_of,
    read_manifest,
    unwithdraw,
)
from orchestration.publishing.views import create_views, views_of

# A mart of more rows is a folder of parts: tools that read files side by side can share them, and one that
# looks for one agency opens the few whose rows, which stand in the order of the key, may be its.
ROWS_PER_PART = 2_000_000
_DRAFT = ".draft-"


class ReleaseError(Exception):
    """The release cannot be published; the last one stays in place."""


@dataclass(frozen=True, order=True)
class Gate:
    """A check that stood before the release: its name, its answer, and whether it could stop the night.

    Attributes:
        outcome: pass, fail or errored.
    """

    asset: str
    check: str
    outcome: str
    blocks: bool


@dataclass(frozen=True)
class Promise:
    """What readers of a mart are told of it.

    Attributes:
        version: of the mart.
        deprecated: column that goes → the last day that it is there for sure, YYYY-MM-DD.
    """

    version: int = 1
    deprecated: Mapping[str, str] = field(default_factory=dict)


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
    gates: Sequence[Gate] = (),
    lineage: dict[str, dict[str, Any]] | None = None,
    promised: Mapping[str, Promise] | None = None,
    rows_per_part: int = ROWS_PER_PART,
) -> Release:
    """Write one release from a finished build and flip `current` to it.

    Args:
        releases: the folder of all releases.
        build_database: the build file; schema `marts` holds the tables.
        business_date: D; `current` never goes back to an older D.
        marts: mart → key columns; rows are written in the order of the key.
        facts: what the release was made of (inputs with SHA-256, rule sets, code version); goes into the
            manifest and decides whether it is the same release.
        run_facts: what is true of this run only (`published_at`, run id); goes into `ops/`, outside every
            promise of sameness.
        unreleased: views of schema `marts` that are for the build alone; all others come along.
        gates: what every check before the release said; goes into the manifest.
        lineage: the SQL that ran, model by model (`dbt_runs.lineage`); goes into `ops/`, for a night on what
            changed ran other SQL than one on all.
        promised: mart → what readers are told of it; a mart that is not in it is of version 1 and stays.
        rows_per_part: a mart of more rows is written in parts of so many.

    Raises:
        ReleaseError: the same inputs and code gave other bytes than the release that exists, or something
            that readers see is gone and was not announced.
    """
    home = releases / business_date.isoformat()
    home.mkdir(parents=True, exist_ok=True)
    for leftover in home.glob(f"{_DRAFT}*"):
        shutil.rmtree(leftover)
    draft = home / f"{_DRAFT}{os.getpid()}"
    draft.mkdir()
    written = {
        mart: _write_mart(build_database, draft, mart, key, rows_per_part) for mart, key in marts.items()
    }
    for mart, told in written.items():
        promise = (promised or {}).get(mart, Promise())
        told |= {"version": promise.version, "deprecated": dict(promise.deprecated)}
    manifest = {
        "business_date": business_date.isoformat(),
        **facts,
        "gates": [asdict(gate) for gate in sorted(gates)],
        "marts": written,
    }
    fingerprint = _fingerprint({"business_date": business_date.isoformat(), **facts})
    manifest["fingerprint"] = fingerprint

    last = last_release_of(releases, business_date)
    if last is not None:
        known = read_manifest(last)
        if known["fingerprint"] == fingerprint:
            shutil.rmtree(draft)
            changed = [m for m in written if known["marts"].get(m) != written[m]]
            if changed:
                raise ReleaseError(
                    f"{business_date}: the same inputs and code gave other rows in {', '.join(changed)} than "
                    f"release {last.name}. Nothing was published."
                )
            unwithdraw(last)
            return Release(last, known, is_new=False, is_current=_flip(releases, last, business_date))

    _refuse_what_is_gone(releases, draft, written, date.fromisoformat(str(run_facts["published_at"])[:10]))
    number = last_number(releases, business_date) + 1
    (draft / MANIFEST).write_text(
        json.dumps({"release": number, **manifest}, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        encoding="utf-8",
    )
    (draft / "ops").mkdir()
    (draft / "ops" / "run.json").write_text(
        json.dumps(run_facts, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    if lineage is not None:
        (draft / "ops" / LINEAGE).write_text(
            json.dumps(lineage, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )
    ops = _write_ops(build_database, draft / "ops")
    _write_database(draft, marts, views_of(build_database, {*marts, *unreleased}), ops, run_facts)
    for path in (*draft.rglob("*"), draft):
        sync(path)
    target = home / str(number)
    draft.rename(target)
    sync(home)
    return Release(
        target, read_manifest(target), is_new=True, is_current=_flip(releases, target, business_date)
    )


def _refuse_what_is_gone(releases: Path, draft: Path, written: dict[str, Any], on: date) -> None:
    """Stop where readers would miss what they were not told would go.

    Raises:
        ReleaseError: a line for each mart or column.
    """
    shown = current_release(releases)
    gone = [] if shown is None else columns_gone(read_manifest(shown), written, on)
    if gone:
        shutil.rmtree(draft)
        raise ReleaseError("\n".join([*gone, "Nothing was published."]))


def _write_mart(
    build_database: Path, draft: Path, mart: str, key: list[str], rows_per_part: int
) -> dict[str, Any]:
    """Write a mart; returns what the manifest says of it. The digest is that of its files joined in order."""
    target = draft / f"{mart}.parquet"
    with duckdb.connect(str(build_database), read_only=True) as con:
        order = ", ".join(f'"{c}"' for c in key)
        # it tells how many; to count a mart that is a view would make it once more
        counted = con.execute(
            f"""COPY (SELECT * FROM marts."{mart}" ORDER BY {order})
                TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"""
        ).fetchone()
        assert counted is not None
        rows = int(counted[0])
        columns = [str(row[0]) for row in con.execute(f'DESCRIBE marts."{mart}"').fetchall()]
    if rows > rows_per_part:
        _divide(target, draft / mart, rows, rows_per_part)
    files = mart_files(draft, mart)
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return {
        "rows": rows,
        "sha256": digest.hexdigest(),
        "columns": columns,
        "key": key,
        "files": [path.relative_to(draft).as_posix() for path in files],
    }


def _divide(file: Path, folder: Path, rows: int, rows_per_part: int) -> None:
    """Put parts in the place of a file, its rows in the same order."""
    folder.mkdir()
    with duckdb.connect() as con:
        for number, first in enumerate(range(0, rows, rows_per_part)):
            con.execute(
                f"""COPY (SELECT * EXCLUDE (file_row_number)
                          FROM read_parquet({file_literal(file)}, file_row_number = true)
                          WHERE file_row_number BETWEEN {first} AND {first + rows_per_part - 1}
                          ORDER BY file_row_number)
                    TO {literal(str(folder / f"part-{number:05}.parquet"))}
                    (FORMAT parquet, COMPRESSION zstd)"""
            )
    file.unlink()


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


def _write_database(
    draft: Path, marts: dict[str, list[str]], views: list[str], ops: list[str], run_facts: dict[str, Any]
) -> None:
    with duckdb.connect() as con:
        # the form that every DuckDB since 1.0 reads, and the drivers of BI tools with it
        con.execute(f"ATTACH {literal(str(draft / DATABASE))} AS {CATALOG} (STORAGE_VERSION 'v1.0.0')")
        con.execute(f"USE {CATALOG}; CREATE SCHEMA marts; CREATE SCHEMA ops")
        for mart in marts:
            con.execute(
                f"""CREATE TABLE marts."{mart}" AS
                    SELECT * FROM {mart_rows(draft, mart)}"""
            )
        create_views(con, views)
        for table in ops:
            con.execute(
                f"""CREATE TABLE ops."{table}" AS
                    SELECT * FROM read_parquet({file_literal(draft / "ops" / f"{table}.parquet")})"""
            )
        con.execute("CREATE TABLE ops.run (fact VARCHAR, value VARCHAR)")
        insert_rows(con, "ops.run", [(k, str(v)) for k, v in sorted(run_facts.items())])


def _fingerprint(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _flip(releases: Path, target: Path, business_date: date) -> bool:
    """Point `current` to a release, unless it shows a later business date already."""
    shown = current_release(releases)
    if shown is not None and business_date_of(shown) > business_date:
        return False
    point(releases / CURRENT, target)
    return True
