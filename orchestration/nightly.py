"""One night from the command line: the very job that the schedule launches, in this process."""

from __future__ import annotations

import contextlib
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.dagster_home import prepare_dagster_home
from orchestration.landing.drop_zone import DropZoneError, check_zone
from orchestration.landing.link_key import link_key_file, load_link_key
from orchestration.night_lock import AnotherNightError, only_one_on
from orchestration.operations.alerts import AlertSettingsError, load_alert_settings
from orchestration.places import Places, today
from orchestration.publishing.readers import ClockError, check_clock
from orchestration.publishing.releases import business_date_of, whole_releases

if TYPE_CHECKING:
    # Dagster takes two seconds to import, which only a night is to wait for
    import dagster as dg

    from orchestration.operations.run_events import CheckAnswer


class NightError(Exception):
    """The night could not even begin; the message says why and what to do."""


@dataclass
class Night:
    """What became of a night.

    Attributes:
        published: whether the release was published and every blocking check passed.
        release: the folder of the release; None when there is none.
        is_new, is_current: as in `publishing.release.Release`.
        seconds: wall time per step, in the order of running.
        unmarked: delivery folders that were taken without their `_COMPLETE` marker.
        arriving: a sentence on each delivery folder that was left for the next night.
        same_content: a sentence on each new file whose bytes had come before.
        untold: a sentence on each owner who could not be told what became of the night.
    """

    business_date: date
    published: bool = False
    release: Path | None = None
    is_new: bool = False
    is_current: bool = False
    checks_passed: int = 0
    not_passed: list[CheckAnswer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)
    arriving: list[str] = field(default_factory=list)
    same_content: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class StepNews:
    """A step that starts, says how far it is, or ends; for a progress display."""

    step: str
    state: str  # started, running, done, failed, skipped
    steps: int
    words: str = ""


def yesterday() -> date:
    """The last business date that is over, local."""
    return today().date() - timedelta(days=1)


def missed_dates(releases: Path) -> list[date]:
    """Business dates after that of the newest release, up to yesterday, in order; without one, yesterday.

    A date whose night was blocked is among them until a later one is published.

    Args:
        releases: the folder of all releases.
    """
    there = [day for release in whole_releases(releases) if (day := business_date_of(release)) <= yesterday()]
    if not there:
        return [yesterday()]
    return [max(there) + timedelta(days=n) for n in range(1, (yesterday() - max(there)).days + 1)]


def run_night(
    business_date: date,
    places: Places,
    on_news: Callable[[StepNews], None],
    *,
    only_complete: bool = False,
) -> Night:
    """Run the job `nightly` for one business date and say what became of it.

    Args:
        business_date: D; it must be over, local time.
        places: RAW and DATA.
        on_news: told of every step as it starts and ends.
        only_complete: leave delivery folders that are still arriving, as the schedule and the sensor do.

    Raises:
        NightError: the date is not over, the clock was set back, the drop zone is not there, DATA cannot be
            written, or another night is running.
    """
    if business_date > yesterday():
        raise NightError(
            f"{business_date} is not over yet (Asia/Ho_Chi_Minh); the last date is {yesterday()}."
        )
    try:
        check_zone(places.raw)
        load_link_key(link_key_file())
        load_alert_settings()
    except (DropZoneError, AlertSettingsError, ValueError, OSError) as error:
        raise NightError(str(error)) from error
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        with only_one_on(places.data):
            check_clock(places.readers, today())
            return _run(business_date, places, on_news, only_complete)
    except (AnotherNightError, ClockError) as error:
        raise NightError(str(error)) from error
    except OSError as error:
        raise NightError(f"{places.data} cannot be written: {error.strerror or error}.") from error


def _run(
    business_date: date, places: Places, on_news: Callable[[StepNews], None], only_complete: bool
) -> Night:
    warnings.filterwarnings("ignore", module=r"dagster.*")
    import dagster as dg

    from orchestration.definitions import build_definitions
    from orchestration.defs.resources import NightLock, Workspace
    from orchestration.operations.closing import close_run, holding

    definitions = build_definitions(
        Workspace(raw=str(places.raw), data=str(places.data), only_complete=only_complete),
        NightLock(data=str(places.data), is_held=True),
    )
    job = definitions.resolve_job_def("nightly")
    night = Night(business_date)
    run_id = str(uuid.uuid4())
    started: dict[str, float] = {}

    def follow(entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        step = entry.step_key
        if step is None:
            return
        if event is None:
            on_news(StepNews(step, "running", len(job.nodes), entry.user_message))
            return
        state = {
            dg.DagsterEventType.STEP_START: "started",
            dg.DagsterEventType.STEP_SUCCESS: "done",
            dg.DagsterEventType.STEP_FAILURE: "failed",
            dg.DagsterEventType.STEP_SKIPPED: "skipped",
        }.get(event.event_type)
        if state == "started":
            started[step] = entry.timestamp
        elif state is not None and step in started:
            night.seconds[step] = entry.timestamp - started[step]
        if state is not None:
            on_news(StepNews(step, state, len(job.nodes)))

    with dg.DagsterInstance.from_config(str(prepare_dagster_home(places.dagster_home))) as instance:
        instance.add_event_listener(run_id, follow)
        with holding(instance, places, run_id), _dbt_speaks_to(places.data / "logs" / "nightly.log"):
            result = job.execute_in_process(
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                partition_key=business_date.isoformat(),
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
            )
        night.untold = close_run(instance, run_id, places)
    _read(result, night, places)
    return night


@contextlib.contextmanager
def _dbt_speaks_to(log: Path) -> Iterator[None]:
    """dagster-dbt repeats dbt's words on standard output; here they go to a log file instead."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", buffering=1) as stream, contextlib.redirect_stdout(stream):
        stream.write(f"--- {today().isoformat(timespec='seconds')}\n")
        yield


def _read(result: dg.ExecuteInProcessResult, night: Night, places: Places) -> None:
    import dagster as dg

    from orchestration.operations.run_events import check_answers, step_errors

    events = result.all_events
    answers = check_answers(events)
    night.checks_passed = sum(answer.outcome == "pass" for answer in answers)
    night.not_passed = [answer for answer in answers if answer.outcome != "pass"]
    night.errors = [f"{error.step}: {error.message}" for error in step_errors(events)]
    for event in events:
        if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            materialization = event.step_materialization_data.materialization
            facts = materialization.metadata
            if "folders_without_marker" in facts:
                source = materialization.asset_key.path[-1]
                folders = facts["folders_without_marker"].value
                night.unmarked += [f"{source}/{folder}" for folder in folders]  # type: ignore[union-attr]
            if "same_content" in facts:
                night.same_content += facts["same_content"].value  # type: ignore[arg-type]
            if "folders_arriving" in facts:
                night.arriving += facts["folders_arriving"].value  # type: ignore[arg-type]
            if materialization.asset_key.path == ["release"]:
                night.release = places.data / str(facts["folder"].value)
                night.is_new = bool(facts["is_new"].value)
                night.is_current = bool(facts["is_current"].value)
    night.published = result.success and night.release is not None
