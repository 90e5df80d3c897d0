"""Readers that query without pause while releases are published: `make readers`.

Half of them keep one connection to `published/chiso.duckdb` open, the others open the release that `current`
shows, each time anew, as files and as a database. Every row of the five marts says which publication it is
of, so a query that met two of them shows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.queues import Queue
from pathlib import Path

import duckdb

from orchestration.publishing.readers import ReaderFolders, forget_releases
from orchestration.publishing.release import publish
from orchestration.publishing.showing import show

MARTS = ("indicator_results", "scorecards", "sync_findings", "overdue_explanations", "dossier_facts")
ROWS = 300_000  # more than one row group, so that DuckDB opens a file once per thread
FIRST = date(2026, 3, 1)
_PATIENCE = 120


@dataclass
class Seen:
    """What a reader, or all of them, met.

    Attributes:
        sets: times that the five marts were read.
        faults: a sentence each; empty when all is well.
    """

    sets: int = 0
    publications: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def under_fire(folder: Path, readers: int, publications: int) -> list[Seen]:
    """What each of so many readers met during so many publications.

    Raises:
        queue.Empty: a reader did not answer.
    """
    context = multiprocessing.get_context("spawn")
    answers: Queue[Seen] = context.Queue()
    publish_number(folder, 0)
    kinds = [_keeps_a_connection if number % 2 else _opens_the_current for number in range(readers)]
    processes = [
        context.Process(target=_read, args=(kind, folder, number, answers), daemon=True)
        for number, kind in enumerate(kinds)
    ]
    for process in processes:
        process.start()
    # one that fails at once answers so, and is never ready
    while len(list(folder.glob("ready-*"))) < readers and all(p.is_alive() for p in processes):
        time.sleep(0.05)
    for number in range(1, publications + 1):
        publish_number(folder, number)
    (folder / "stop").touch()
    seen = [answers.get(timeout=_PATIENCE) for _ in processes]
    for process in processes:
        process.join()
    return seen


def publish_number(folder: Path, number: int) -> None:
    """Build five marts that all say this number, publish them, show them, and forget what is old."""
    build = folder / "build.duckdb"
    build.unlink(missing_ok=True)
    with duckdb.connect(str(build)) as con:
        con.execute("CREATE SCHEMA marts")
        for mart in MARTS:
            con.execute(
                f"""CREATE TABLE marts.{mart} AS
                    SELECT i AS row_id, {number} AS publication, hash(i, {number}) AS noise
                    FROM range({ROWS}) AS t (i)"""
            )
    facts = {
        "inputs": [{"file": f"{number}.json", "sha256": str(number)}],
        "rulesets": ["r"],
        "code_version": "c",
    }
    done = publish(
        folder / "releases",
        build,
        FIRST + timedelta(days=number),
        {mart: ["row_id"] for mart in MARTS},
        facts,
        {"run_id": str(number), "published_at": "2026-04-01T01:00:00+07:00"},
    )
    show(folder / "published", done.folder)
    forget_releases(
        ReaderFolders(folder / "releases", folder / "published", folder / "ledger", folder / "outcomes"),
        keep=3,
    )
    with (folder / "published.log").open("a", encoding="utf-8") as log:
        log.write(f"{number}\n")


def _read(
    kind: Callable[[Path, Seen], Callable[[], None]], folder: Path, number: int, answers: Queue[Seen]
) -> None:
    seen = Seen()
    try:
        look = kind(folder, seen)
        look()
        (folder / f"ready-{number}").touch()
        while not (folder / "stop").exists():
            look()
        look()
    except (duckdb.Error, OSError):
        seen.faults.append(traceback.format_exc())
    answers.put(seen)


def _last_published(folder: Path) -> int:
    return int((folder / "published.log").read_text(encoding="utf-8").split()[-1])


def _keeps_a_connection(folder: Path, seen: Seen) -> Callable[[], None]:
    con = duckdb.connect(str(folder / "published" / "chiso.duckdb"), read_only=True)

    def look() -> None:
        for mart in MARTS:
            before = _last_published(folder)
            (found,) = _ask(con, f"marts.{mart}", seen)
            if found < before:
                seen.faults.append(f"{mart}: publication {before} was over, the next query saw {found}")
        seen.sets += 1

    return look


def _opens_the_current(folder: Path, seen: Seen) -> Callable[[], None]:
    def look() -> None:
        before = _last_published(folder)
        release = (folder / "releases" / "current").resolve()
        with duckdb.connect(str(release / "chiso.duckdb"), read_only=True) as con:
            found = [_ask(con, f"marts.{mart}", seen) for mart in MARTS]
        with duckdb.connect() as con:
            found += [_ask(con, f"read_parquet('{release}/{mart}.parquet')", seen) for mart in MARTS]
        if len(set(found)) > 1 or found[0][0] < before:
            seen.faults.append(f"{release}: publication {before} was over, seen were {found}")
        seen.sets += 1

    return look


def _ask(con: duckdb.DuckDBPyConnection, relation: str, seen: Seen) -> tuple[int]:
    """Which publication a mart is of."""
    told = con.execute(
        f"""SELECT count(*), min(publication), max(publication), bool_and(noise = hash(row_id, publication))
            FROM {relation}"""
    ).fetchone()
    assert told is not None
    rows, least, most, is_sound = told
    if (rows, least, is_sound) != (ROWS, most, True):
        seen.faults.append(f"{relation}: {rows} rows of publications {least} to {most}, sound: {is_sound}")
    seen.publications.add(int(most))
    return (int(most),)


def main() -> None:
    """Print what all readers met; exit code 1 when any was disturbed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--publications", type=int, default=30)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chiso-readers-"))
    try:
        seen = under_fire(folder, arguments.readers, arguments.publications)
    finally:
        shutil.rmtree(folder)
    faults = [fault for reader in seen for fault in reader.faults]
    print(
        f"{arguments.readers} readers, {arguments.publications} publications: "
        f"{sum(reader.sets for reader in seen):,} times the five marts, "
        f"{min(len(reader.publications) for reader in seen)} to "
        f"{max(len(reader.publications) for reader in seen)} publications seen by each, {len(faults)} faults"
    )
    for fault in faults[:20]:
        print(fault)
    raise SystemExit(1 if faults else 0)


if __name__ == "__main__":
    main()
