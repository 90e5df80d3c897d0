"""`DATA/published/`: a path that never changes, for tools that keep a connection open (docs/decisions/0027).

    published/chiso.duckdb                  schema `marts`: a view per mart and per view of the release
    published/releases/showing=<n>/release  a link to a release; n counts down: the newest stands first
    published/releases/showing=<n>/<mart>/  links to the files of the mart, be it one or many
    published/showing/<n>                   an empty file: n is shown, the least counts; made after the links

A view lists first what is shown, then the files of its mart in everything shown lately, and DuckDB opens only
the one that counts. No file there is ever replaced: a query that began before a publication ends on the
release it began with, and the next one, on the same connection, reads the new release. A link that is
replaced instead would not do, for DuckDB opens a file several times in one query.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.landing.values import files_literal, identifier, literal
from orchestration.publishing.files import CATALOG, DATABASE, mart_files, marts_in, sync
from orchestration.publishing.views import create_views, views_of

_SHOWING = "showing="
_RELEASE = "release"
_DRAFT = ".showing"
_FIRST = 9_999_999
# A query lists files before it opens them; so long what it may have listed stays.
_GRACE_SECONDS = 3600


def show(published: Path, release: Path, beside: Sequence[str] = ()) -> None:
    """Show a release to whoever reads `published`, from their next query on.

    Args:
        published: the folder `DATA/published`; made when it is not there.
        release: folder of a whole release on the same file system.
        beside: SQL of views and macros that do not stand on the release (`ledger.ledger_views`).
    """
    links, said = published / "releases", published / "showing"
    links.mkdir(parents=True, exist_ok=True)
    said.mkdir(exist_ok=True)
    is_new = shown_release(published) != release.resolve()
    if is_new:
        # after links that a killed run left: they were never shown, and their number is not given again
        number = min((_number(folder) for folder in links.iterdir()), default=_FIRST + 1) - 1
        _link(release.resolve(), published / _DRAFT, links / f"{_SHOWING}{number}")
    draft = _draft_of_views(published, release, beside)
    # the two at once: new columns, and the release that has them
    _put(draft, published)
    if is_new:
        (said / str(number)).touch(exist_ok=False)
        sync(said)
    _forget(links, said)


def shown_release(published: Path) -> Path | None:
    """The release that `published` shows; None before the first."""
    said = published / "showing"
    numbers = [_number(path) for path in said.iterdir()] if said.exists() else []
    return _release(published / "releases" / f"{_SHOWING}{min(numbers)}") if numbers else None


def releases_in_reach(published: Path) -> set[Path]:
    """Releases whose files a query that has begun may still open."""
    return {_release(folder) for folder in (published / "releases").glob(f"{_SHOWING}*")}


def _number(path: Path) -> int:
    return int(path.name.removeprefix(_SHOWING))


def _release(folder: Path) -> Path:
    return (folder / _RELEASE).resolve()


def _link(release: Path, draft: Path, folder: Path) -> None:
    """Make the links to a release, all at one moment."""
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    (draft / _RELEASE).symlink_to(os.path.relpath(release, folder.resolve()))
    for mart in marts_in(release):
        (draft / mart).mkdir()
        for file in mart_files(release, mart):
            (draft / mart / file.name).symlink_to(Path("..", _RELEASE, file.relative_to(release)))
        sync(draft / mart)
    sync(draft)
    draft.rename(folder)
    sync(folder.parent)


def _draft_of_views(published: Path, release: Path, beside: Sequence[str]) -> Path:
    """The database of views, beside the one that is read."""
    where = published.resolve()
    draft = where / f".{DATABASE}"
    draft.unlink(missing_ok=True)
    said = files_literal(where, "/showing/*")
    with duckdb.connect() as con:
        con.execute(f"ATTACH {literal(str(draft))} AS {CATALOG} (STORAGE_VERSION 'v1.0.0')")
        con.execute(f"USE {CATALOG}; CREATE SCHEMA marts")
        for mart in marts_in(release):
            files = files_literal(where, f"/releases/{_SHOWING}*/{mart}/*.parquet")
            con.execute(
                f"""CREATE VIEW marts.{identifier(mart)} AS
                    SELECT mart.* EXCLUDE (showing)
                    FROM (SELECT min(parse_filename(file)) AS showing FROM glob({said})) AS shown
                    INNER JOIN read_parquet(
                        {files}, hive_partitioning = true, hive_types_autocast = false
                    ) AS mart ON mart.showing = shown.showing"""
            )
        create_views(con, views_of(release / DATABASE))
        for statement in beside:
            con.execute(statement)
        con.execute(f"USE memory; DETACH {CATALOG}")
    return draft


def _put(draft: Path, published: Path) -> None:
    """Replace the database only when a view changed: who has it open keeps what it opened."""
    database = published / DATABASE
    if database.exists() and _definitions(database) == _definitions(draft):
        draft.unlink()
        return
    sync(draft)
    draft.replace(database)
    sync(published)


def _definitions(database: Path) -> list[str]:
    """SQL of the views and macros of a database."""
    with duckdb.connect(str(database), read_only=True) as con:
        defined = con.execute(
            """SELECT sql FROM duckdb_views() WHERE NOT internal
               UNION ALL SELECT macro_definition FROM duckdb_functions() WHERE schema_name = 'marts'
               ORDER BY 1"""
        ).fetchall()
    return [str(sql) for (sql,) in defined]


def _forget(links: Path, said: Path) -> None:
    """Remove what something newer has stood before for so long that no query can still open it."""
    long_ago = time.time() - _GRACE_SECONDS
    stood = [_number(path) for path in said.iterdir() if path.stat().st_mtime < long_ago]
    gone = [
        path for folder in (said, links) for path in folder.iterdir() if stood and _number(path) > min(stood)
    ]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
