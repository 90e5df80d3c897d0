"""From a delivered file to the tables in it: .gz and .zip are unpacked into a private folder, within limits.

Nothing is ever written outside that folder: members are written under names of ours.
"""

from __future__ import annotations

import errno
import gzip
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from orchestration.landing import limits
from orchestration.landing.forms import ARCHIVE, FORMS, PACKED, NotReadable

_BLOCK = 1 << 20
# What reading a packed file raises when it is cut or damaged; OSError too, where it is none of the system's.
PACKING_ERRORS = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)
# Of other methods, Python unpacks a whole block at once, whatever comes out of it.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Unpacked:
    """One file to be read as a table; `damage` says that it is only the beginning of one."""

    path: Path
    name: str
    inner_name: str  # without .gz or the archive's name: its ending tells the form
    damage: str | None = None


class _TooLarge(Exception):
    """More came out of a packed file than the limits allow."""


def unpack(path: Path, name: str, folder: Path) -> list[Unpacked] | NotReadable:
    """The tables in a delivered file: the file itself, the content of a .gz, or the members of a .zip.

    Args:
        path: the delivered file; never changed.
        name: what messages call it.
        folder: where unpacked content goes; names in it are of our making.
    """
    ending = Path(name).suffix.lower()
    with path.open("rb") as stream:
        head = stream.read(4)
    if not head:
        return NotReadable("the file is empty (0 bytes): ask for it to be delivered again")
    if ending == PACKED:
        if head[:2] != b"\x1f\x8b":
            return NotReadable(
                f"the name ends in {PACKED} but the content is not gzip: deliver it under its right ending"
            )
        return _gunzip(path, name, folder)
    if ending == ARCHIVE:
        return _unzip(path, name, folder)
    return [Unpacked(path, name, name)]


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, packed_bytes: int, already: int = 0) -> int:
    """Write what comes out of `source`; returns the bytes written.

    Raises:
        _TooLarge: beyond limits.UNPACKED_BYTES, or out of proportion to what went in.
    """
    written = 0
    with target.open("wb") as out:
        # read1: of a cut file also what stands right before the cut
        while block := (source.read1(_BLOCK) if hasattr(source, "read1") else source.read(_BLOCK)):
            written += len(block)
            total = already + written
            beyond_ratio = total > limits.UNPACKED_FREE and total > packed_bytes * limits.UNPACKED_RATIO
            if total > limits.UNPACKED_BYTES or beyond_ratio:
                raise _TooLarge
            out.write(block)
    return written


def raise_if_of_the_system(error: Exception) -> None:
    """Raise what is no damage: a full disk or a lost drive says nothing about the file.

    A place before its beginning (EINVAL) does.
    """
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        raise error


def _refused() -> NotReadable:
    return NotReadable(
        f"unpacked it is more than {limits.UNPACKED_BYTES // limits.MEBIBYTE} MB or more than "
        f"{limits.UNPACKED_RATIO} times its packed size, as no extract is: refused, deliver smaller files"
    )


def _gunzip(path: Path, name: str, folder: Path) -> list[Unpacked] | NotReadable:
    inner = PurePosixPath(name).stem
    if Path(inner).suffix.lower() in (ARCHIVE, PACKED):
        return NotReadable("an archive inside a packed file: deliver the archive itself")
    target = folder / f"0{_known_ending(inner)}"
    damage = None
    try:
        with gzip.open(path, "rb") as stream:
            _copy(stream, target, path.stat().st_size)
    except _TooLarge:
        target.unlink(missing_ok=True)
        return _refused()
    except PACKING_ERRORS as error:
        raise_if_of_the_system(error)
        damage = "the packed file breaks off or is damaged: ask for it to be delivered again"
        # of JSON alone it can be told where the last whole row ends
        if target.suffix not in FORMS["json"] or target.stat().st_size == 0:
            return NotReadable(damage)
    return [Unpacked(target, name, inner, damage)]


def _unzip(path: Path, name: str, folder: Path) -> list[Unpacked] | NotReadable:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if _counts(m)]
            problem = _refuses(members)
            if problem is not None:
                return problem
            unpacked = []
            total = 0
            for number, member in enumerate(members):
                target = folder / f"{number}{_known_ending(member.filename)}"
                with archive.open(member) as stream:
                    total += _copy(stream, target, path.stat().st_size, total)
                unpacked.append(Unpacked(target, f"{name}!{member.filename}", member.filename))
    except _TooLarge:
        return _refused()
    except PACKING_ERRORS as error:
        raise_if_of_the_system(error)
        return NotReadable("the archive is damaged or is no ZIP file: ask for it to be delivered again")
    if not unpacked:
        return NotReadable("the archive holds no file: ask for it to be delivered again")
    return unpacked


def _known_ending(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower()
    return ending if any(ending in endings for endings in FORMS.values()) else ""


def _counts(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    # unlike is_dir, takes no name at all
    is_folder = member.filename.endswith("/")
    return not is_folder and not any(p.startswith((".", "_")) and p != ".." for p in parts)


def _refuses(members: list[zipfile.ZipInfo]) -> NotReadable | None:
    if len(members) > limits.ARCHIVE_MEMBERS:
        return NotReadable(
            f"the archive holds more than {limits.ARCHIVE_MEMBERS} files: deliver it in smaller archives"
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match("[A-Za-z]:", "".join(path.parts[:1])):
            return NotReadable(
                "the archive holds a name that leads out of it (.., / or a drive): refused, pack it anew"
            )
        if member.flag_bits & 0x1:
            return NotReadable("the archive is locked with a password: deliver it without one")
        if member.compress_type not in _METHODS:
            return NotReadable("the archive is packed in a way other than usual: pack it anew as plain ZIP")
        if path.suffix.lower() in (ARCHIVE, PACKED):
            return NotReadable("the archive holds another archive: deliver each on its own")
    return None
