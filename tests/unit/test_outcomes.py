"""What becomes of nights: written once a run, seen by readers that stay, and of a killed run too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.dagster_home import prepare_dagster_home
from orchestration.defs.resources import NightLock, Workspace
from orchestration.defs.sensors import ended_nights
from orchestration.night_lock import AnotherNightError, noted_run, only_one_on
from orchestration.nightly import NightError, run_night
from orchestration.operations.closing import close_run
from orchestration.places import LOCAL_TIME, Places, today
from orchestration.publishing.outcomes import (
    RunOutcome,
    StepOutcome,
    outcomes_view,
    tell_outcomes,
    write_outcome,
)
from orchestration.publishing.readers import ClockError, check_clock
from tests.unit.listening import webhook
from tests.unit.releasing import APRIL, release_of_figures
from tests.unit.test_ledger import folders_of, night

DAY = date(2026, 9, 30)
BEGAN = datetime(2026, 10, 1, 1, 0, tzinfo=LOCAL_TIME)
LANDED = StepOutcome(
    "landed__payments", BEGAN, BEGAN + timedelta(seconds=2), "pass", Decimal("2.000"), 30, 400, 5000, 2, 0, 0
)
BLOCKED = StepOutcome("landed__payments_expectations", BEGAN + timedelta(seconds=2), outcome="running")


def places(folder: Path) -> Places:
    return Places(raw=folder / "raw", data=folder / "data")


def written(con: duckdb.DuckDBPyConnection, relation: str = "ops.run_outcomes") -> list[tuple[Any, ...]]:
    return con.execute(
        f"""SELECT run_id, step, run_outcome, started_at, seconds, rows, bytes, peak_memory_bytes,
                   checks_passed
            FROM {relation} ORDER BY run_id, step"""
    ).fetchall()


FIRST = (
    "r1",
    "landed__payments",
    "published",
    BEGAN.replace(tzinfo=None),
    Decimal("2.000"),
    30,
    400,
    5000,
    2,
)


def test_a_connection_that_stays_open_sees_each_night_that_ended(tmp_path: Path) -> None:
    folder = tmp_path / "it's [1]"
    with duckdb.connect() as con:
        for statement in outcomes_view(folder):
            con.execute(statement)
        assert written(con) == []
        write_outcome(folder, RunOutcome("r1", DAY, "published", [LANDED]))
        assert written(con) == [FIRST]
        write_outcome(folder, RunOutcome("r2", DAY, "blocked", [BLOCKED]))
        second = (
            "r2",
            BLOCKED.step,
            "blocked",
            BLOCKED.started_at.replace(tzinfo=None),
            None,
            None,
            None,
            None,
            0,
        )
        assert written(con) == [FIRST, second]


def test_a_release_tells_of_the_nights_before_and_of_its_own_so_far(tmp_path: Path) -> None:
    write_outcome(tmp_path / "outcomes", RunOutcome("r1", DAY, "published", [LANDED]))
    build = tmp_path / "build.duckdb"
    for _ in range(2):
        tell_outcomes(build, tmp_path / "outcomes", RunOutcome("r2", DAY, "running", [BLOCKED]))
    with duckdb.connect(str(build), read_only=True) as con:
        assert [row[:3] for row in written(con)] == [FIRST[:3], ("r2", BLOCKED.step, "running")]


@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-01-01"))
def works(night_lock: NightLock) -> None:
    """A step that does nothing."""


@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-01-01"), deps=[works])
def breaks(night_lock: NightLock) -> None:
    raise ValueError("no such column")


def ran(folder: Path, instance: dg.DagsterInstance, run_id: str, wait_seconds: float = 60) -> None:
    """A run of the two steps under its own lock, as a Dagster that runs as a service has it."""
    definitions = dg.Definitions(
        assets=[works, breaks],
        resources={"night_lock": NightLock(data=str(places(folder).data), wait_seconds=wait_seconds)},
        jobs=[dg.define_asset_job("two", selection="*")],
        executor=dg.in_process_executor,
    )
    definitions.resolve_job_def("two").execute_in_process(
        partition_key=DAY.isoformat(), instance=instance, run_id=run_id, raise_on_error=False
    )


def home(folder: Path) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(prepare_dagster_home(places(folder).dagster_home)))


def test_a_run_that_failed_is_written_down_once_and_shown_in_dagster(tmp_path: Path) -> None:
    run_id = "11111111-1111-4111-8111-111111111111"
    with home(tmp_path) as instance:
        ran(tmp_path, instance, run_id)
        assert noted_run(places(tmp_path).data) is None
        for _ in range(2):
            assert close_run(instance, run_id, places(tmp_path)) == []
        observed = instance.fetch_observations(dg.AssetKey("release"), limit=10).records
        assert [
            str(r.asset_observation.metadata["outcome"].value) for r in observed if r.asset_observation
        ] == ["errored"]
    with duckdb.connect() as con:
        rows = con.execute(
            f"""SELECT step, outcome, run_outcome
                FROM '{places(tmp_path).outcomes}/*.parquet' ORDER BY started_at"""
        ).fetchall()
    assert rows == [("works", "pass", "errored"), ("breaks", "errored", "errored")]


def test_the_sensor_of_failed_nights_writes_down_and_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = "66666666-1111-4111-8111-111111111111"
    sensor = next(s for s in ended_nights if s.name == "night_failure")
    with webhook() as (url, posted), home(tmp_path) as instance:
        (tmp_path / "alerts.yml").write_text(
            f"owners: {{data-engineering: {{webhook: '{url}'}}}}", encoding="utf-8"
        )
        monkeypatch.setenv("CHISO_ALERTS", str(tmp_path / "alerts.yml"))
        ran(tmp_path, instance, run_id)
        run = instance.get_run_by_id(run_id)
        assert run is not None
        failed = next(
            entry.dagster_event
            for entry in instance.all_logs(run_id)
            if entry.dagster_event and entry.dagster_event.event_type == dg.DagsterEventType.PIPELINE_FAILURE
        )
        at = places(tmp_path)
        for _ in range(2):
            sensor(
                dg.build_run_status_sensor_context(
                    sensor_name=sensor.name,
                    dagster_event=failed,
                    dagster_instance=instance,
                    dagster_run=run,
                    resources={"workspace": Workspace(raw=str(at.raw), data=str(at.data))},
                )
            )
    assert [[(p["name"], p["message"]) for p in m["problems"]] for m in posted] == [
        [("breaks", "ValueError: no such column")]
    ]
    assert list(at.outcomes.glob(f"2026-09-30-{run_id}.parquet"))


def test_of_a_killed_run_the_next_one_says_that_it_was_stopped(tmp_path: Path) -> None:
    killed, next_one = (f"{n}" * 8 + "-1111-4111-8111-111111111111" for n in (2, 3))
    with home(tmp_path) as instance:
        job = dg.Definitions(
            assets=[works],
            jobs=[dg.define_asset_job("one", selection="*")],
            resources={"night_lock": NightLock(data=str(tmp_path))},
        ).resolve_job_def("one")
        run = instance.create_run_for_job(
            job,
            run_id=killed,
            tags={"dagster/partition": DAY.isoformat()},
            status=dg.DagsterRunStatus.STARTED,
        )
        places(tmp_path).data.mkdir(exist_ok=True)
        (places(tmp_path).data / ".night.run").write_text(killed, encoding="utf-8")
        ran(tmp_path, instance, next_one)
        found = instance.get_run_by_id(run.run_id)
        assert found is not None
        assert found.status == dg.DagsterRunStatus.CANCELED
    assert list(places(tmp_path).outcomes.glob(f"*-{killed}.parquet"))


def test_two_nights_at_once_the_second_refuses_or_waits_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    at = places(tmp_path)
    at.data.mkdir()
    run_id = "44444444-1111-4111-8111-111111111111"
    with home(tmp_path) as instance:
        with only_one_on(at.data):
            with pytest.raises(NightError, match=r"Another night is running on .*data; wait for it to end"):
                run_night(today().date() - timedelta(days=1), at, lambda news: None)
            with pytest.raises(AnotherNightError), only_one_on(at.data):
                pass
            ran(tmp_path, instance, run_id, wait_seconds=0.2)
        failed = [e.message for e in instance.all_logs(run_id) if "Another night is running" in str(e)]
        assert failed
        waited = "55555555-1111-4111-8111-111111111111"
        ran(tmp_path, instance, waited)
        assert [s.step for s in _steps(instance, waited)] == ["works", "breaks"]


def _steps(instance: dg.DagsterInstance, run_id: str) -> list[StepOutcome]:
    from orchestration.operations.run_events import step_outcomes

    return step_outcomes(instance.all_logs(run_id))


def test_a_clock_that_was_set_back_is_seen(tmp_path: Path) -> None:
    folders = folders_of(tmp_path)
    now = datetime(2026, 5, 1, 1, 30, tzinfo=LOCAL_TIME)
    check_clock(folders, now)
    night(tmp_path, date(2026, 4, 30), {("H38.1", APRIL): 3}, "2026-05-01T01:30:00+07:00")
    check_clock(folders, now)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(
        ClockError, match=r"last publication was at 2026-05-01 01:30:00, but .* is 2026-05-01 01:29:"
    ):
        check_clock(folders, now - timedelta(seconds=1))
    with pytest.raises(ClockError, match=r"There is a release of 2026-04-30, but .* it is 2026-04-30 23:00"):
        check_clock(folders, datetime(2026, 4, 30, 23, 0, tzinfo=LOCAL_TIME))
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_night_under_a_clock_that_was_set_back_does_not_begin(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    tomorrow = today().date() + timedelta(days=1)
    release_of_figures(tmp_path / "data", tomorrow, {("H38.1", APRIL): 3})
    with pytest.raises(
        NightError, match=f"There is a release of {tomorrow}.* was set back.* nothing was changed"
    ):
        run_night(today().date() - timedelta(days=1), places(tmp_path), lambda news: None)
