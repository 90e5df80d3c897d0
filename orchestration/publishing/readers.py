"""What readers see: the newest release, or an earlier one again; and which releases stay for them."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from orchestration.publishing.files import CURRENT, point, sync
from orchestration.publishing.ledger import Recorded, last_said_at, ledger_views, record
from orchestration.publishing.outcomes import outcomes_view
from orchestration.publishing.releases import (
    NoReleaseError,
    business_date_of,
    current_release,
    find_release,
    is_withdrawn,
    name_of,
    note_forgotten,
    unwithdraw,
    whole_releases,
    withdraw,
)
from orchestration.publishing.showing import releases_in_reach, show

_GONE = ".gone-"


class ClockError(Exception):
    """The clock of this machine was set back; the message says how that is seen."""


class ReaderFolders(NamedTuple):
    """Where readers look, and where it is written down what they saw and what became of nights."""

    releases: Path
    published: Path
    ledger: Path
    outcomes: Path


def check_clock(folders: ReaderFolders, now: datetime) -> None:
    """Make sure that time went on since the last publication: what was said when would come out of order.

    Args:
        now: local time, with its zone.

    Raises:
        ClockError: a release is for a day that is not over, or was published later than now.
    """
    for release in whole_releases(folders.releases)[-1:]:
        if business_date_of(release) >= now.date():
            raise ClockError(
                f"There is a release of {business_date_of(release)}, but by the clock of this machine it is "
                f"{now:%Y-%m-%d %H:%M} (Asia/Ho_Chi_Minh): it was set back. Set it right, then run the night "
                "again; nothing was changed."
            )
    said_at = last_said_at(folders.ledger)
    if said_at is not None and said_at > now:
        raise ClockError(
            f"The last publication was at {said_at:%Y-%m-%d %H:%M:%S}, but by the clock of this machine it "
            f"is {now:%Y-%m-%d %H:%M:%S} (Asia/Ho_Chi_Minh): it was set back. Set it right, then run the "
            "night again; nothing was changed."
        )


def let_readers_see(folders: ReaderFolders, release: Path, at: str, *, rolled_back: bool = False) -> Recorded:
    """Write into the ledger what the current release says, and show it on the path that never changes.

    Args:
        release: what `current` points to.
        at: now, local time, in ISO form with its zone.
        rolled_back: readers are taken back to it.
    """
    recorded = record(folders.ledger, release, at, rolled_back=rolled_back)
    show(folders.published, release, [*ledger_views(folders.ledger), *outcomes_view(folders.outcomes)])
    return recorded


def roll_back(folders: ReaderFolders, name: str | None, at: str) -> Path:
    """Show readers an earlier release, and withdraw those after it.

    Args:
        name: of the release to go back to; None for the last one before the current that was not withdrawn.
        at: now, local time, as text.

    Raises:
        NoReleaseError: there is no such release, or none before the current one, or it stands after it.
    """
    releases = folders.releases
    current = find_release(releases, None)
    there = whole_releases(releases)
    place = [folder.resolve() for folder in there].index(current)
    if name is None:
        before = [folder for folder in there[:place] if not is_withdrawn(folder)]
        if not before:
            raise NoReleaseError(f"There is no release before {name_of(current)} to go back to.")
        target = before[-1]
    else:
        target = find_release(releases, name)
        if there.index(target) > place:
            raise NoReleaseError(
                f"{name} is newer than the current release {name_of(current)}: that is not going back. Run "
                "its night again to show it."
            )
    for folder in there[there.index(target) + 1 :]:
        withdraw(folder, target, at)
    unwithdraw(target)
    point(releases / CURRENT, target)
    let_readers_see(folders, target, at, rolled_back=True)
    return target


def forget_releases(folders: ReaderFolders, keep: int) -> list[str]:
    """Remove the oldest releases, but never one that somebody may be reading; returns their names.

    Args:
        keep: how many stay, beside the current one and what was shown within the hour.
    """
    releases = folders.releases
    for leftover in releases.glob(f"{_GONE}*"):
        shutil.rmtree(leftover)
    stays: Collection[Path | None] = {current_release(releases), *releases_in_reach(folders.published)}
    there = whole_releases(releases)
    forgotten = []
    for folder in there[: max(len(there) - keep, 0)]:
        if folder.resolve() in stays:
            continue
        note_forgotten(folder)
        gone = releases / f"{_GONE}{folder.parent.name}-{folder.name}"
        folder.rename(gone)  # at one moment: nobody finds half a release
        sync(folder.parent)
        shutil.rmtree(gone)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
        forgotten.append(name_of(folder))
    return forgotten
