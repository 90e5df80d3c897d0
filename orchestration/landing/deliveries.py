"""What was delivered: files under `RAW/<source>/<business date>/`, known by their SHA-256.

Only finding, hashing and fetching belongs here; nothing is opened for its content. Raw is never edited.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path, PurePath, PurePosixPath

from orchestration.landing.drop_zone import DropZoneError, Entry, RemoteZone, Zone, local_entries

COMPLETE_MARKER = "_COMPLETE"
STABLE_AFTER_SECONDS = 600
_HASHERS = min(4, os.cpu_count() or 1)  # at once
_DATE_FOLDER = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, order=True)
class Delivery:
    """One file as delivered for one business date.

    Attributes:
        path: where it is: a Path on this machine, or the path inside `zone`. Open what `fetch` gives.
        zone: the remote drop zone that holds it; None on this machine.
    """

    source: str
    delivered_on: date
    file_name: str
    file_sha: str
    size: int
    path: PurePath
    zone: RemoteZone | None = field(default=None, compare=False)


@dataclass(frozen=True)
class DeliveryFolder:
    """One folder `RAW/<source>/<YYYY-MM-DD>/`; looked into once, when first asked."""

    source: str
    day: date
    look: Callable[[], list[Entry]] = field(repr=False)

    @property
    def name(self) -> str:
        return self.day.isoformat()

    @cached_property
    def entries(self) -> list[Entry]:
        return self.look()

    @property
    def data_files(self) -> list[Entry]:
        """Its files, by name; what is hidden or begins with `_` is none, with all below it."""
        return sorted(
            (e for e in self.entries if e.is_file and not re.search(r"(^|/)[._]", e.name)),
            key=lambda e: PurePosixPath(e.name),
        )

    @property
    def has_marker(self) -> bool:
        """Whether the deliverer said "this is all"."""
        return any(e.name == COMPLETE_MARKER for e in self.entries)

    @property
    def last_change(self) -> float | None:
        """When anything in it changed last, seconds since 1970; None when the drop zone does not say."""
        return max((e.changed for e in self.entries if e.changed is not None), default=None)

    def is_complete(self, now: float | None = None) -> bool:
        """Whether it holds its marker, or files and nothing changed for 10 minutes."""
        if self.has_marker:
            return True
        if not self.data_files or self.last_change is None:
            return False
        return (time.time() if now is None else now) - self.last_change >= STABLE_AFTER_SECONDS

    def why_arriving(self, now: float | None = None) -> str:
        """Why a folder that is not complete is left for the next night, in one sentence."""
        if not self.data_files:
            state = "no file yet"
        elif self.last_change is None:
            state = "the drop zone does not say when it changed"
        else:
            quiet = (time.time() if now is None else now) - self.last_change
            state = f"last change {max(0, int(quiet // 60))} min ago"
        return (
            f"{self.source}/{self.name} is still arriving: no {COMPLETE_MARKER} and {state}; "
            "left for the next night"
        )


def date_folders(raw: Zone, source: str, until: date) -> list[tuple[date, DeliveryFolder]]:
    """Folders of a source dated ≤ `until`, oldest first; anything not named YYYY-MM-DD is no delivery."""
    if isinstance(raw, RemoteZone):
        looks = {n: partial(raw.entries, f"{source}/{n}") for n in raw.folders(source)}
    else:
        root = raw / source
        looks = (
            {p.name: partial(local_entries, p) for p in root.iterdir() if p.is_dir()} if root.is_dir() else {}
        )
    return _dated(source, looks, until)


def _dated(
    source: str, looks: dict[str, partial[list[Entry]]], until: date
) -> list[tuple[date, DeliveryFolder]]:
    found = []
    for name, look in looks.items():
        if _DATE_FOLDER.match(name):
            try:
                day = date.fromisoformat(name)
            except ValueError:
                continue
            if day <= until:
                found.append((day, DeliveryFolder(source, day, look)))
    return sorted(found, key=lambda pair: pair[0])


def _all_at_once(zone: RemoteZone, source: str, until: date) -> list[tuple[date, DeliveryFolder]]:
    """`date_folders` of a remote zone from one listing: a year of deliveries is one question to S3."""
    days: dict[str, list[Entry]] = {}
    for entry in zone.entries(source):
        day, _, below = entry.name.partition("/")
        if below or not entry.is_file:
            days.setdefault(day, []).append(
                Entry(below, entry.is_file, entry.size, entry.version, entry.changed)
            )
    return _dated(source, {day: partial(list, entries) for day, entries in days.items()}, until)


class HashCache:
    """SHA-256 of files, remembered by place, size and version: a night reads only what is new."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[object]] = {}
        if path.exists():
            try:
                self._known = json.loads(path.read_text(encoding="utf-8"))
                if not isinstance(self._known, dict):
                    self._known = {}
            except ValueError:
                self._known = {}  # only a cache: a file cut short by a killed run costs one more reading
        self._used: dict[str, list[object]] = {}

    def sha256(self, file: Path) -> str:
        """The hex digest of a file's bytes."""
        stat = file.stat()
        return self._digest(str(file), [stat.st_size, stat.st_mtime_ns], partial(_sha256, file))

    def remote_sha256(self, zone: RemoteZone, file: str, entry: Entry) -> str:
        """The hex digest of a remote file's bytes; for a new one they are fetched, and not kept."""

        def fetched() -> str:
            # it may name persons: private (mode 700), outside DATA, gone at once
            with tempfile.TemporaryDirectory(prefix="chiso-fetch-") as folder:
                target = Path(folder) / "file"
                zone.fetch(file, target)
                return _sha256(target)

        if not entry.version:
            return fetched()  # the zone cannot tell whether it was written anew
        return self._digest(f"{zone.url}/{file}", [entry.size, entry.version], fetched)

    def _digest(self, place: str, stamp: list[object], read: Callable[[], str]) -> str:
        known = self._known.get(place)
        digest = str(known[2]) if known is not None and known[:2] == stamp else read()
        self._used[place] = [*stamp, digest]
        return digest

    def save(self) -> None:
        """Write what was used, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(self._known | self._used), encoding="utf-8")
        draft.replace(self._path)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Intake:
    """What a run takes of one source, and what it leaves.

    Attributes:
        deliveries: the files, oldest date first, then by name.
        taken: the folders they are from, oldest first; one without a file is among them.
        arriving: folders left for the next night, because they are not complete.
    """

    deliveries: list[Delivery]
    taken: list[DeliveryFolder]
    arriving: list[DeliveryFolder]


def take_in(raw: Zone, source: str, until: date, hashes: HashCache, *, only_complete: bool = False) -> Intake:
    """Find what a run for the business date `until` takes of a source.

    Args:
        raw: the drop zone.
        until: the business date of the run; what is dated later does not exist for it.
        hashes: where known digests are kept.
        only_complete: leave folders that hold no marker and changed within the last 10 minutes.

    Raises:
        DropZoneError: a remote zone cannot be read.
    """
    here = (
        _all_at_once(raw, source, until) if isinstance(raw, RemoteZone) else date_folders(raw, source, until)
    )
    intake = Intake([], [], [])
    now = time.time()
    for _, folder in here:
        if only_complete and not folder.is_complete(now):
            intake.arriving.append(folder)
        else:
            intake.taken.append(folder)
    # one after the other from a remote zone: its connection is one
    with ThreadPoolExecutor(1 if isinstance(raw, RemoteZone) else _HASHERS) as pool:
        for folder in intake.taken:
            intake.deliveries.extend(pool.map(partial(_delivery, raw, folder, hashes), folder.data_files))
    return intake


def _delivery(raw: Zone, folder: DeliveryFolder, hashes: HashCache, entry: Entry) -> Delivery:
    name = f"{folder.source}/{folder.name}/{entry.name}"
    if isinstance(raw, RemoteZone):
        sha = hashes.remote_sha256(raw, name, entry)
        return Delivery(folder.source, folder.day, name, sha, entry.size, PurePosixPath(name), raw)
    return Delivery(folder.source, folder.day, name, hashes.sha256(raw / name), entry.size, raw / name)


def find_deliveries(raw: Zone, source: str, until: date, hashes: HashCache) -> list[Delivery]:
    """Every file of a source dated ≤ `until`, complete or not, oldest date first, then by name."""
    return take_in(raw, source, until, hashes).deliveries


def same_content(intake: Intake) -> list[str]:
    """A sentence on each file of the newest date whose bytes came before, under another name or date."""
    newest = max((d.delivered_on for d in intake.deliveries), default=None)
    first: dict[str, str] = {}
    told = []
    for delivery in sorted(intake.deliveries):
        earlier = first.setdefault(delivery.file_sha, delivery.file_name)
        if earlier != delivery.file_name and delivery.delivered_on == newest:
            told.append(f"{delivery.file_name} holds the same bytes as {earlier}: it was not read again")
    return told


def fetch(deliveries: list[Delivery], folder: Path) -> dict[str, Path]:
    """SHA-256 → a file of this machine with those bytes, under its own name.

    What is here already is not copied. What is remote is fetched into `folder`, which must be private and
    outside DATA; the caller removes it.

    Raises:
        DropZoneError: a remote zone cannot be read, or holds other bytes than it did a moment ago.
    """
    files: dict[str, Path] = {}
    for delivery in deliveries:
        if delivery.zone is None:
            files.setdefault(delivery.file_sha, Path(delivery.path))
        elif delivery.file_sha not in files:
            target = folder / delivery.file_sha / delivery.path.name
            target.parent.mkdir(mode=0o700)
            delivery.zone.fetch(delivery.file_name, target)
            if _sha256(target) != delivery.file_sha:
                raise DropZoneError(
                    f"{delivery.file_name} changed while the night ran: start the night again when all has "
                    "arrived. If it stays so, the file was replaced under the same size and time: "
                    "deliver it under another name."
                )
            files[delivery.file_sha] = target
    return files
