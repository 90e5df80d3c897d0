"""Where the drop zone RAW is: a folder of this machine, or one behind a URL that fsspec knows.

Only naming, listing and fetching belong here; what a delivery is stands in `deliveries`.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import fsspec

# Pauses before another attempt, in seconds. s3fs also retries by itself; paramiko does not.
_PAUSES = (1.0, 3.0)
# What file systems call the time of the last change, the most telling first
_TIMES = ("mtime", "LastModified", "last_modified", "modified", "updated", "created")
# Protocols whose whole tree is one listing
_FLAT = ("s3", "s3a")
_T = TypeVar("_T")


class DropZoneError(Exception):
    """The drop zone cannot be used or read; the message names it and says what to do."""


@dataclass(frozen=True)
class Entry:
    """A file or folder of the drop zone as it stood when it was listed.

    Attributes:
        name: below the folder that was listed, with `/`; empty for that folder itself.
        version: other when the file was written anew; empty when the zone cannot tell.
        changed: seconds since 1970; None when the zone does not say.
    """

    name: str
    is_file: bool
    size: int
    version: str
    changed: float | None


class RemoteZone:
    """A drop zone behind a URL such as `s3://bucket/prefix` or `sftp://user@host/path`.

    Every call asks the zone anew. A connection that breaks is made again a few times; then, and when
    access is refused, comes a DropZoneError in plain words.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._scheme = urlsplit(url).scheme
        self._system: Any = None
        self._root = ""

    def __str__(self) -> str:
        return self.url

    def check(self) -> None:
        """Raise DropZoneError unless the zone can be reached and is a folder."""
        if self._ask(lambda system: self._type(system, self._root)) != "directory":
            raise DropZoneError(f"The drop zone {self} is no folder. Give another with --raw or CHISO_RAW.")

    def folders(self, source: str) -> list[str]:
        """Names of the folders below a source; none when there is no such source."""

        def names(system: Any) -> list[str]:
            try:
                found = system.ls(f"{self._root}/{source}", detail=True)
            except FileNotFoundError:
                return []
            return [_last(e["name"]) for e in found if e["type"] == "directory"]

        return self._ask(names)

    def entries(self, folder: str) -> list[Entry]:
        """Everything below a folder of the zone, and the folder itself; nothing when it is not there.

        Links to files are followed, links to folders are not.
        """

        def found(system: Any) -> list[Entry]:
            base = f"{self._root}/{folder}"
            if self._scheme in _FLAT:
                listed = system.find(base, withdirs=True, detail=True).values()
            else:
                listed = _walk(system, base)
            return [_entry(info["name"][len(base) :].strip("/"), info) for info in listed]

        return self._ask(found)

    def fetch(self, file: str, target: Path) -> None:
        """Copy a file of the zone to `target`, whose folder exists."""
        self._ask(lambda system: system.get_file(f"{self._root}/{file}", str(target)))

    def _type(self, system: Any, path: str) -> str:
        try:
            return str(system.info(path)["type"])
        except FileNotFoundError:
            return "absent"

    def _ask(self, question: Callable[[Any], _T]) -> _T:
        for pause in (*_PAUSES, None):
            try:
                system = self._connected()
                system.invalidate_cache()
                return question(system)
            except (PermissionError, ImportError, ValueError) as error:
                raise self._error(error) from error  # another attempt would hear the same
            except Exception as error:  # each protocol has its own errors
                self._system = None
                if pause is None or type(error).__name__ in ("UnknownServer", "AuthenticationException"):
                    raise self._error(error) from error
                time.sleep(pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _connected(self) -> Any:
        if self._system is None:
            options: dict[str, Any] = {}
            is_sftp = self._scheme in ("sftp", "ssh")
            if is_sftp:
                from orchestration.landing.sftp import limit_silence, sftp_options

                options = sftp_options()
            # fsspec would hand out the same, broken, connection for ever
            self._system, self._root = fsspec.core.url_to_fs(self.url, skip_instance_cache=True, **options)
            self._root = self._root.rstrip("/")
            if is_sftp:
                limit_silence(self._system.ftp)
        return self._system

    def _error(self, error: Exception) -> DropZoneError:
        words = " ".join(str(error).split())
        return DropZoneError(
            f"The drop zone {self} cannot be read ({type(error).__name__}: {words}). "
            "Check the address, the network and the access rights, then start the night again."
        )


Zone = Path | RemoteZone


@functools.cache
def _remote_zone(url: str) -> RemoteZone:
    return RemoteZone(url)  # one per URL: all sources of a night share the connection


def drop_zone(place: str | Path) -> Zone:
    """The drop zone that a path or URL names.

    Raises:
        DropZoneError: the URL holds a secret, which would show in process lists and Dagster's records.
    """
    if isinstance(place, Path) or "://" not in place:
        return Path(place).resolve()
    parts = urlsplit(place)
    if parts.scheme == "file":
        return Path(parts.path).resolve()
    if parts.password is not None or parts.query:
        raise DropZoneError(
            f"The drop zone {parts.scheme}://… holds a password or a signature. Leave it out of the URL: "
            "SFTP takes your SSH key or FSSPEC_SFTP_PASSWORD, S3 takes AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY from the environment."
        )
    return _remote_zone(place)


def check_zone(raw: Zone) -> None:
    """Raise DropZoneError unless the drop zone is a folder that can be reached."""
    if isinstance(raw, RemoteZone):
        raw.check()
    elif not raw.is_dir():
        raise DropZoneError(f"The drop zone {raw} does not exist. Give it with --raw or CHISO_RAW.")


def local_entries(folder: Path) -> list[Entry]:
    """What `RemoteZone.entries` gives, of a folder of this machine."""
    found = []
    for path in [folder, *folder.rglob("*")]:
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # renamed while it arrives, or a link to nothing
        name = "" if path == folder else path.relative_to(folder).as_posix()
        version = str(stat.st_mtime_ns)
        found.append(Entry(name, path.is_file(), stat.st_size, version, stat.st_mtime))
    return found


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _walk(system: Any, base: str) -> Iterator[dict[str, Any]]:
    # fsspec's own find() leaves out a folder that it fails to list; half a listing would be half a delivery
    try:
        yield system.info(base) | {"name": base}
    except FileNotFoundError:
        return
    folders = [base]
    while folders:
        for info in system.ls(folders.pop(), detail=True):
            name = info["name"]
            if info["type"] == "link":
                try:
                    info = system.info(name) | {"name": name}
                except FileNotFoundError:
                    continue  # a link to nothing
            elif info["type"] == "directory":
                folders.append(name)
            yield info


def _entry(name: str, info: dict[str, Any]) -> Entry:
    when = next((info[key] for key in _TIMES if info.get(key)), None)
    changed = when.timestamp() if isinstance(when, datetime) else when
    return Entry(
        name=name,
        is_file=info["type"] == "file",
        size=int(info.get("size") or 0),
        version=str(info.get("ETag") or info.get("etag") or changed or ""),
        changed=changed if isinstance(changed, int | float) else None,
    )
