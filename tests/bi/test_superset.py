"""Superset over `published/chiso.duckdb`: each chart of one release, the newest, Vietnamese as written."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.places import ROOT
from orchestration.publishing.releases import find_release
from tests.bi.charts import Rows
from tests.bi.client import Client
from tests.bi.conftest import SCHEMA, Made
from tests.bi.publishing import published
from tests.bi.server import Superset

ASKING = 4
PUBLICATIONS = 5


@dataclass(frozen=True)
class Answer:
    """What a chart showed.

    Attributes:
        before: how many publications were over when it was asked for.
        after: how many were over when it had come.
    """

    made: Made
    before: int
    after: int
    result: dict[str, Any]


def test_both_know_the_same_duckdb() -> None:
    wanted = [
        next(
            line.split()[0]
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("duckdb==")
        )
        for path in (ROOT / "requirements.txt", Path(__file__).parent / "requirements.txt")
    ]
    assert wanted[0] == wanted[1]


def test_superset_finds_every_mart_and_view(client: Client, database: int, data: Path) -> None:
    assert SCHEMA in client.get(f"database/{database}/schemas/")["result"]
    listed = client.get(f"database/{database}/tables/?q=(force:!t,schema_name:{SCHEMA})")["result"]
    with duckdb.connect(str(data / "published" / "chiso.duckdb"), read_only=True) as con:
        views = con.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'marts'").fetchall()
    assert {table["value"] for table in listed} == {name for (name,) in views}


def test_charts_are_of_one_release_while_others_are_published(
    superset: Superset, charts: list[Made], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = find_release(data / "releases", None)
    began = time.monotonic()
    answers = _asked_while_publishing(superset, charts, data)
    took = time.monotonic() - began
    releases = [first, *published(data)]
    assert len(releases) == PUBLICATIONS + 1

    right = {made.chart.title: [made.chart.rows(release) for release in releases] for made in charts}
    _changes_with_each_release(right)
    seen = {made.chart.title: set[int]() for made in charts}
    faults = []
    for answer in answers:
        title = answer.made.chart.title
        number, fault = _release_of(answer, right[title])
        faults += [f"{title}: {fault}"] if fault else []
        seen[title] |= {number} if number is not None else set()
    assert faults == []
    with capsys.disabled():
        counts = ", ".join(str(len(numbers)) for numbers in seen.values())
        print(
            f"\n{len(answers)} charts from {ASKING} sessions in {took:.0f} s, {PUBLICATIONS} publications "
            f"meanwhile: {counts} of {len(releases)} releases seen, chart by chart; "
            f"{sum(answer.before < answer.after for answer in answers)} were under way when one was shown"
        )
    for title, numbers in seen.items():
        assert {0, PUBLICATIONS} < numbers, f"{title} showed but releases {sorted(numbers)}"


def test_saved_charts_and_downloads_have_the_text_as_it_was_written(
    client: Client, charts: list[Made], data: Path
) -> None:
    release = find_release(data / "releases", None)
    for made in charts:
        (result,) = client.get(f"chart/{made.number}/data/")["result"]
        assert result["data"] == made.chart.rows(release), made.chart.title
        texts = [value for row in result["data"] for value in row.values() if isinstance(value, str)]
        assert all(unicodedata.is_normalized("NFC", text) for text in texts), made.chart.title
    made = next(made for made in charts if made.chart.mart == "dim_agency")
    (result,) = client.post("chart/data", made.context)["result"]
    shown = {row["agency_name"].encode() for row in result["data"]}
    file = client.raw("POST", "chart/data", {**made.context, "result_format": "csv"})
    downloaded = {
        row["agency_name"].encode() for row in csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
    }
    with duckdb.connect() as con:
        written = {
            bytes(name)
            for (name,) in con.execute(
                f"""SELECT encode(agency_name) FROM read_parquet('{release}/dim_agency.parquet')
                    WHERE agency_name LIKE '%tỉnh An Giang%'"""
            ).fetchall()
        }
    assert shown == written
    assert downloaded == written
    assert any("Sở Nội vụ" in name.decode() for name in written)


def test_there_is_a_cache_that_the_connection_keeps_away(client: Client, charts: list[Made]) -> None:
    kept = {**charts[0].context, "custom_cache_timeout": 3600}
    results = [client.post("chart/data", kept)["result"][0] for _ in range(2)]
    assert [bool(result["is_cached"]) for result in results] == [False, True]


def _asked_while_publishing(superset: Superset, charts: list[Made], data: Path) -> list[Answer]:
    """Answers to sessions that ask without pause, from before the first publication until after the last."""
    sessions = [Client(superset.url, superset.user, superset.password) for _ in range(ASKING)]
    answers = [_ask(client, made, data) for client in sessions for made in charts]
    stop = threading.Event()

    def ask(client: Client) -> list[Answer]:
        answers = []
        while not stop.is_set():
            answers += [_ask(client, made, data) for made in charts]
        return answers + [_ask(client, made, data) for made in charts]

    with ThreadPoolExecutor(ASKING) as pool:
        asking = [pool.submit(ask, client) for client in sessions]
        try:
            command = [sys.executable, "-m", "tests.bi.publishing", str(data), str(PUBLICATIONS)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        finally:
            stop.set()
        answers += [answer for asked in asking for answer in asked.result()]
    assert done.returncode == 0, done.stderr
    return answers


def _ask(client: Client, made: Made, data: Path) -> Answer:
    before = len(published(data))
    (result,) = client.post("chart/data", made.context)["result"]
    return Answer(made, before, len(published(data)), result)


def _changes_with_each_release(right: dict[str, list[Rows]]) -> None:
    """An answer says which release it is of only when no row is the same in two of them."""
    for title, releases in right.items():
        for number, rows in enumerate(releases):
            assert rows, f"{title} shows nothing of release {number}"
            others = [other for earlier in releases[:number] for other in earlier]
            assert not [row for row in rows if row in others], (
                f"{title}: release {number} has rows of an earlier one"
            )


def _release_of(answer: Answer, right: list[Rows]) -> tuple[int | None, str]:
    """Which release an answer is of, and what is wrong with it."""
    data = answer.result["data"]
    if answer.result["is_cached"]:
        return None, "it came from a cache"
    numbers = [number for number, rows in enumerate(right) if rows == data]
    if not numbers:
        of = {number for row in data for number, rows in enumerate(right) if row in rows}
        strange = [row for row in data if not any(row in rows for rows in right)]
        return None, f"{len(data)} rows of releases {sorted(of)}; {len(strange)} of none, as {strange[:2]}"
    (number,) = numbers
    # readers see a release a moment before its publication is over
    if not answer.before <= number <= answer.after + 1:
        return number, f"publication {answer.before} was over, and it showed {number}"
    return number, ""
