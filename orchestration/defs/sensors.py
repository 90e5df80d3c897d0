"""Sensors: a night starts when the extracts of a business date have all arrived."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg

from orchestration.defs.jobs import nightly
from orchestration.defs.resources import Workspace
from orchestration.landing.contracts import load_contracts
from orchestration.landing.deliveries import data_files, date_folders, is_complete
from orchestration.places import SOURCES, Places, today


def complete_dates(places: Places, until: date) -> dict[date, str]:
    """Business dates all of whose extract folders are complete → a digest of what they hold.

    A folder is complete when it holds its marker, or when nothing in it changed for 10 minutes. A date
    counts only when every required source has a folder for it. The digest changes with names, sizes and
    times of the files, so that a corrected delivery starts the night again.
    """
    contracts = load_contracts(SOURCES)
    folders = {s: dict(date_folders(places.raw, s, until)) for s in contracts}
    required = [s for s, c in contracts.items() if c.required]
    found: dict[date, str] = {}
    for day in sorted(set.intersection(*(set(folders[s]) for s in required))):
        here = [f[day] for f in folders.values() if day in f]
        if all(is_complete(folder) for folder in here):
            stamps = [
                f"{p.relative_to(places.raw)} {p.stat().st_size} {p.stat().st_mtime_ns}"
                for folder in here
                for p in data_files(folder)
            ]
            found[day] = hashlib.sha256("\n".join(sorted(stamps)).encode()).hexdigest()[:16]
    return found


@dg.sensor(
    job=nightly,
    minimum_interval_seconds=60,
    description="Starts the night of a business date when every required extract of it is complete.",
)
def complete_delivery(workspace: Workspace) -> Iterator[dg.RunRequest | dg.SkipReason]:
    # a business date's partition exists from the day after
    yesterday = today().date() - timedelta(days=1)
    dates = complete_dates(workspace.places, yesterday)
    if not dates:
        yield dg.SkipReason("No business date has complete extracts of all required sources.")
        return
    newest = max(dates)
    yield dg.RunRequest(run_key=f"{newest}:{dates[newest]}", partition_key=newest.isoformat())
