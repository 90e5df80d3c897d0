"""The sensor: which business dates are complete, and which night it asks for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs import sensors
from orchestration.defs.landing import landed_asset
from orchestration.defs.resources import NightLock, Workspace
from orchestration.defs.sensors import complete_delivery
from orchestration.landing.contracts import load_contract
from orchestration.places import Places, today
from tests.unit.helpers import SOURCES, put

REQUIRED = [
    "agencies",
    "digitized_documents",
    "national_dossiers",
    "one_stop_dossiers",
    "payments",
    "petitions",
    "procedures",
    "processing_steps",
]
DAY = date(2026, 3, 31)
UNTIL = date(2026, 4, 1)


def places(folder: Path) -> Places:
    return Places(raw=folder / "raw", data=folder / "data")


def complete_dates(of: Places, until: date) -> dict[date, str]:
    """Complete dates with their digests, oldest first."""
    return dict(reversed(list(sensors.complete_dates(of, until))))


def deliver(folder: Path, day: date = DAY, marker: bool = True, sources: list[str] | None = None) -> None:
    """A file, and the marker if asked, of each source."""
    for source in sources or REQUIRED:
        put(folder / "raw", "a.json", "{}", source, day.isoformat())
        if marker:
            put(folder / "raw", "_COMPLETE", "", source, day.isoformat())


def age(folder: Path, seconds: float) -> None:
    """As if all that was delivered had changed so many seconds ago."""
    then = time.time() - seconds
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (then, then))


def test_nothing_delivered(tmp_path: Path) -> None:
    assert complete_dates(places(tmp_path), UNTIL) == {}


def test_all_required_sources_with_their_marker(tmp_path: Path) -> None:
    deliver(tmp_path)
    found = complete_dates(places(tmp_path), UNTIL)
    assert list(found) == [DAY]
    assert len(found[DAY]) == 16


@pytest.mark.parametrize("missing", REQUIRED)
def test_every_required_source_is_needed(tmp_path: Path, missing: str) -> None:
    deliver(tmp_path, sources=[s for s in REQUIRED if s != missing])
    assert complete_dates(places(tmp_path), UNTIL) == {}


def test_a_source_that_is_not_required_may_be_absent_but_not_half_there(tmp_path: Path) -> None:
    deliver(tmp_path)
    put(tmp_path / "raw", "a.json", "{}", "portal_scores", "2026-03-31")
    assert complete_dates(places(tmp_path), UNTIL) == {}
    put(tmp_path / "raw", "_COMPLETE", "", "portal_scores", "2026-03-31")
    assert list(complete_dates(places(tmp_path), UNTIL)) == [DAY]


def test_without_marker_a_date_is_complete_after_ten_quiet_minutes(tmp_path: Path) -> None:
    deliver(tmp_path, marker=False)
    assert complete_dates(places(tmp_path), UNTIL) == {}
    age(tmp_path / "raw", 500)
    assert complete_dates(places(tmp_path), UNTIL) == {}
    age(tmp_path / "raw", 700)
    assert list(complete_dates(places(tmp_path), UNTIL)) == [DAY]


def test_one_fresh_file_holds_the_date_back(tmp_path: Path) -> None:
    deliver(tmp_path, marker=False)
    age(tmp_path / "raw", 700)
    put(tmp_path / "raw", "b.json", "{}", "payments", "2026-03-31")
    assert complete_dates(places(tmp_path), UNTIL) == {}


def test_later_dates_do_not_exist_yet(tmp_path: Path) -> None:
    for day in (DAY, UNTIL, UNTIL + timedelta(days=1)):
        deliver(tmp_path, day)
    assert list(complete_dates(places(tmp_path), UNTIL)) == [DAY, UNTIL]


def test_the_digest_changes_with_the_files_and_with_nothing_else(tmp_path: Path) -> None:
    deliver(tmp_path)
    deliver(tmp_path, UNTIL)
    age(tmp_path / "raw", 1000)
    first = complete_dates(places(tmp_path), UNTIL)
    assert complete_dates(places(tmp_path), UNTIL) == first

    put(tmp_path / "raw", "_COMPLETE", "again", "payments", "2026-03-31")
    assert complete_dates(places(tmp_path), UNTIL) == first

    put(tmp_path / "raw", "a.json", '{"data": []}', "payments", "2026-03-31")
    corrected = complete_dates(places(tmp_path), UNTIL)
    assert corrected[DAY] != first[DAY]
    assert corrected[UNTIL] == first[UNTIL]

    put(tmp_path / "raw", "b.json", "{}", "payments", "2026-03-31")
    assert complete_dates(places(tmp_path), UNTIL)[DAY] not in (first[DAY], corrected[DAY])


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as made:
        yield made


def tick(
    folder: Path, instance: dg.DagsterInstance
) -> tuple[list[tuple[str | None, str | None]], str | None]:
    """What the sensor asks for: run keys with their partitions, or why it skips."""
    workspace = Workspace(raw=str(folder / "raw"), data=str(folder / "data"))
    agencies = landed_asset(load_contract(SOURCES / "agencies.yml"))
    context = dg.build_sensor_context(
        instance=instance,
        definitions=dg.Definitions(
            assets=[agencies],
            sensors=[complete_delivery],
            resources={
                "workspace": workspace,
                "night_lock": NightLock(data=workspace.data),  # a sensor takes none
            },
        ),
        resources={"workspace": workspace},
    )
    answer = complete_delivery.evaluate_tick(context)
    return [(r.run_key, r.partition_key) for r in answer.run_requests or []], answer.skip_message


def test_the_sensor_skips_while_nothing_is_complete(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    deliver(tmp_path, marker=False)
    requests, why = tick(tmp_path, instance)
    assert requests == []
    assert why == "No business date has complete extracts of all required sources."


def test_the_sensor_asks_for_the_newest_complete_date_once(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    yesterday = today().date() - timedelta(days=1)
    for back in (0, 1):
        deliver(tmp_path, yesterday - timedelta(days=back))
    deliver(tmp_path, yesterday + timedelta(days=1))  # today is not over
    ((key, partition),), why = tick(tmp_path, instance)
    assert partition == yesterday.isoformat()
    assert key is not None
    assert key.startswith(f"{yesterday}:")
    assert why is None
    assert tick(tmp_path, instance)[0] == [(key, partition)]

    put(tmp_path / "raw", "b.json", "{}", "payments", yesterday.isoformat())
    ((corrected, partition),), _ = tick(tmp_path, instance)
    assert partition == yesterday.isoformat()
    assert corrected != key


def test_the_sensor_falls_back_to_an_older_complete_date(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    yesterday = today().date() - timedelta(days=1)
    deliver(tmp_path, yesterday - timedelta(days=3))
    deliver(tmp_path, yesterday, marker=False)
    ((_, partition),), _ = tick(tmp_path, instance)
    assert partition == (yesterday - timedelta(days=3)).isoformat()
