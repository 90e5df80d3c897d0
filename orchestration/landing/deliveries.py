"""What was delivered: files under `RAW/<source>/<business date>/`, known by their SHA-256.

Only finding and hashing belongs here; nothing is opened for its content. Raw is never edited.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COMPLETE_MARKER = "_COMPLETE"
STABLE_AFTER_SECONDS = 600
_DATE_FOLDER = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, order=True)
class Delivery:
    """One file as delivered for one business date."""

    source: str
    delivered_on: date
    file_name: str
    file_sha: str
    size: int
    path: Path


def date_folders(raw: Path, source: str, until: date) -> list[tuple[date, Path]]:
    """Folders of a source dated ≤ `until`, oldest first; anything not named YYYY-MM-DD is no delivery."""
    root = raw / source
    if not root.is_dir():
        return []
    found = []
    for folder in root.iterdir():
        if folder.is_dir() and _DATE_FOLDER.match(folder.name):
            try:
                day = date.fromisoformat(folder.name)
            except ValueError:
                continue
            if day <= until:
                found.append((day, folder))
    return sorted(found)


def data_files(folder: Path) -> list[Path]:
    """Files of a delivery folder, by name; what is hidden or begins with `_` is none, with all below it."""
    return sorted(
        p
        for p in folder.rglob("*")
        if p.is_file() and not any(part.startswith((".", "_")) for part in p.relative_to(folder).parts)
    )


def is_complete(folder: Path, now: float | None = None) -> bool:
    """Whether a folder holds its marker, or nothing in it changed for 10 minutes."""
    if (folder / COMPLETE_MARKER).exists():
        return True
    files = data_files(folder)
    if not files:
        return False
    newest = max(p.stat().st_mtime for p in [folder, *files])
    return (now if now is not None else time.time()) - newest >= STABLE_AFTER_SECONDS


def has_marker(folder: Path) -> bool:
    """Whether the deliverer said "this is all"."""
    return (folder / COMPLETE_MARKER).exists()


class HashCache:
    """SHA-256 of files, remembered by path, size and modification time: a night reads only what is new."""

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
        stamp = [stat.st_size, stat.st_mtime_ns]
        known = self._known.get(str(file))
        if known is not None and known[:2] == stamp:
            digest = str(known[2])
        else:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self._used[str(file)] = [*stamp, digest]
        return digest

    def save(self) -> None:
        """Write what was used, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(self._known | self._used), encoding="utf-8")
        draft.replace(self._path)


def find_deliveries(raw: Path, source: str, until: date, hashes: HashCache) -> list[Delivery]:
    """Every file of a source dated ≤ `until`, oldest date first, then by name.

    Args:
        raw: the drop zone.
        until: the business date of the run; what is dated later does not exist for it.
        hashes: where known digests are kept.
    """
    return [
        Delivery(
            source=source,
            delivered_on=day,
            file_name=f"{source}/{folder.name}/{file.relative_to(folder).as_posix()}",
            file_sha=hashes.sha256(file),
            size=file.stat().st_size,
            path=file,
        )
        for day, folder in date_folders(raw, source, until)
        for file in data_files(folder)
    ]
