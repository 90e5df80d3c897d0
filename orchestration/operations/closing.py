"""After a run: its outcome is written down, shown in Dagster, and told to who is answerable.

Both ways of running a night end here: `chiso nightly`, and the sensors of a Dagster that runs as a service.
What was done already is not done twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from orchestration.landing.contracts import load_contracts
from orchestration.night_lock import forget_run, note_run, noted_run
from orchestration.operations.alerts import Problem, load_alert_settings, tell_owners
from orchestration.operations.run_events import check_answers, step_errors, step_outcomes
from orchestration.places import SOURCES, Places
from orchestration.publishing.outcomes import RunOutcome, is_written, write_outcome

OWNER = "data-engineering"  # of whatever belongs to no source
_LANDED = "landed"
_PARTITION = "dagster/partition"


def close_run(instance: dg.DagsterInstance, run_id: str, places: Places) -> list[str]:
    """Write down what became of a run that is over, and tell owners where it is news to them.

    Returns:
        A sentence on each message that could not be sent.

    Raises:
        AlertSettingsError: the settings of alerts cannot be used; the outcome was written before.
    """
    run = instance.get_run_by_id(run_id)
    if run is None or _PARTITION not in run.tags or is_written(places.outcomes, run_id):
        return []
    entries = instance.all_logs(run_id)
    problems = _problems(entries)
    outcome = _outcome(run.status, problems)
    business_date = date.fromisoformat(run.tags[_PARTITION])
    done = RunOutcome(run_id, business_date, outcome, step_outcomes(entries))
    write_outcome(places.outcomes, done)
    instance.report_runless_asset_event(
        dg.AssetObservation("release", partition=run.tags[_PARTITION], metadata=status_page(done))
    )
    # of a night that was stopped nothing is known that the next one will not say
    settings = None if outcome == "stopped" else load_alert_settings()
    return (
        []
        if settings is None
        else tell_owners(
            settings, places.alerts, business_date, problems, is_published=outcome == "published"
        )
    )


@contextlib.contextmanager
def holding(instance: dg.DagsterInstance, places: Places, run_id: str) -> Iterator[None]:
    """Note that a run holds DATA; of one that was killed while it did, write down that it was stopped.

    The lock on DATA must be held: then no run that is noted can still be alive.
    """
    killed = noted_run(places.data)
    if killed is not None:
        run = instance.get_run_by_id(killed)
        if run is not None and not run.is_finished:
            instance.report_run_canceled(
                run, "Its process ended before it did: killed, or the machine went off."
            )
        close_run(instance, killed, places)
    note_run(places.data, run_id)
    yield
    forget_run(places.data)


def status_page(run: RunOutcome) -> dict[str, dg.MetadataValue]:
    """What the page of an asset shows of a night: a line per step."""
    lines = [
        "| step | outcome | seconds | rows | MB | peak MB | checks: pass | fail | errored |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for step in run.steps:
        cells = (
            step.step,
            step.outcome,
            "" if step.seconds is None else f"{step.seconds:.1f}",
            "" if step.rows is None else f"{step.rows:,}",
            _megabytes(step.bytes),
            _megabytes(step.peak_memory_bytes),
            str(step.checks_passed),
            str(step.checks_failed),
            str(step.checks_errored),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return {
        "outcome": dg.MetadataValue.text(run.outcome),
        "status": dg.MetadataValue.md("\n".join(lines)),
    }


def run_so_far(instance: dg.DagsterInstance, run_id: str, business_date: date) -> RunOutcome:
    """What a run that still goes on has done."""
    return RunOutcome(run_id, business_date, "running", step_outcomes(instance.all_logs(run_id)))


def _problems(entries: Sequence[dg.EventLogEntry]) -> list[Problem]:
    """What owners must know: checks that block and did not pass, or could not be judged; broken steps."""
    events = [entry.dagster_event for entry in entries if entry.dagster_event is not None]
    owners = {f"{_LANDED}/{c.source}": c.owner for c in load_contracts(SOURCES).values()}
    refused = [
        Problem(owners.get(answer.asset, OWNER), answer.name, answer.outcome, answer.message)
        for answer in check_answers(events)
        if answer.outcome == "errored" or (answer.blocks and answer.outcome != "pass")
    ]
    broken = [
        Problem(owners.get(error.step.replace("__", "/", 1), OWNER), error.step, "errored", error.message)
        for error in step_errors(events)
    ]
    return refused + broken


def _outcome(status: dg.DagsterRunStatus, problems: Sequence[Problem]) -> str:
    if status == dg.DagsterRunStatus.SUCCESS:
        return "published"
    if status == dg.DagsterRunStatus.FAILURE:
        return "blocked" if any(p.outcome == "fail" for p in problems) else "errored"
    return "stopped"


def _megabytes(count: int | None) -> str:
    return "" if count is None else f"{count / 1_000_000:,.1f}"
