"""Sensors: a night starts when all extracts of a date are there; of one that ended, owners are told."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg

from orchestration.defs.jobs import nightly
from orchestration.defs.resources import Workspace
from orchestration.landing.contracts import load_contracts
from orchestration.landing.deliveries import date_folders
from orchestration.landing.drop_zone import DropZoneError
from orchestration.operations.closing import close_run
from orchestration.places import SOURCES, Places, today


def complete_dates(places: Places, until: date) -> Iterator[tuple[date, str]]:
    """Business dates all of whose extract folders are complete, newest first, each with a digest.

    A folder is complete when it holds its marker, or when nothing in it changed for 10 minutes. A date
    counts only when every required source has a folder for it. The digest changes with names, sizes and
    times of the files, so that a corrected delivery starts the night again. Folders are looked into only
    as far as the caller asks: a remote drop zone answers each look.
    """
    contracts = load_contracts(SOURCES)
    folders = {s: dict(date_folders(places.raw, s, until)) for s in contracts}
    required = [s for s, c in contracts.items() if c.required]
    for day in sorted(set.intersection(*(set(folders[s]) for s in required)), reverse=True):
        here = [f[day] for f in folders.values() if day in f]
        if all(folder.is_complete() for folder in here):
            stamps = [
                f"{folder.source}/{folder.name}/{file.name} {file.size} {file.version}"
                for folder in here
                for file in folder.data_files
            ]
            yield day, hashlib.sha256("\n".join(sorted(stamps)).encode()).hexdigest()[:16]


@dg.sensor(
    job=nightly,
    minimum_interval_seconds=60,
    description="Starts the night of a business date when every required extract of it is complete.",
)
def complete_delivery(workspace: Workspace) -> Iterator[dg.RunRequest | dg.SkipReason]:
    # a business date's partition exists from the day after
    yesterday = today().date() - timedelta(days=1)
    try:
        newest = next(complete_dates(workspace.places, yesterday), None)
    except DropZoneError as error:
        raise dg.Failure(str(error)) from None
    if newest is None:
        yield dg.SkipReason("No business date has complete extracts of all required sources.")
        return
    day, digest = newest
    yield dg.RunRequest(run_key=f"{day}:{digest}", partition_key=day.isoformat())


def _ended(status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        run_status=status,
        name=f"night_{status.value.lower()}",
        monitored_jobs=[nightly],
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes down what became of a night, and tells owners when it is news (CHISO_ALERTS).",
    )
    def _sensor(context: dg.RunStatusSensorContext, workspace: Workspace) -> None:
        untold = close_run(context.instance, context.dagster_run.run_id, workspace.places)
        if untold:
            raise dg.Failure("\n".join(untold))

    return _sensor


ended_nights = [
    _ended(status)
    for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
]
