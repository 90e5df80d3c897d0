"""Files as they come: opening packed or not, and what can be told of them before they are read."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract

# What reading a packed file raises when it is cut or damaged.
DAMAGED = (gzip.BadGzipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class InputFile:
    """A file to read; `number` identifies it inside one reading."""

    number: int
    path: Path
    name: str


@dataclass
class FileReading:
    """What one file turned out to be."""

    wires: set[str] = field(default_factory=set)
    unreadable: str | None = None
    broken_rows: list[tuple[int, str]] = field(default_factory=list)


Reading = dict[int, FileReading]
Reader = Callable[[duckdb.DuckDBPyConnection, list[InputFile], Contract], Reading]


def open_bytes(path: Path) -> io.BufferedReader | gzip.GzipFile:
    """A file's content, unpacked when its name ends in .gz."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def sniff(path: Path, endings: tuple[str, ...]) -> str | None:
    """Why the bytes of a file cannot be what its ending says, or what the reader takes; None when they can.

    Looks at the first kilobytes only: emptiness, gzip and archive signatures, binary content.

    Args:
        endings: what the names of files for the reader may end in, apart from `.gz`.
    """
    if path.stat().st_size == 0:
        return "the file is empty (0 bytes): ask for it to be delivered again"
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if path.suffix == ".gz" and not packed:
        return (
            f"the name ends in {path.suffix} but the content is not gzip: deliver it under its right ending"
        )
    try:
        with open_bytes(path) as stream:
            head = stream.read(4096)
    except DAMAGED:
        return None  # it is what its ending says, but cut: the reader tells where
    inner = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if inner.lower() not in endings:
        forms = " or ".join(endings)
        return f"the name ends in {inner or 'nothing'}, but this source is delivered as {forms}"
    if not head.strip():
        return "the file holds nothing but blanks: ask for it to be delivered again"
    for magic, kind in {
        b"PK\x03\x04": "a ZIP or Excel file",
        b"\x1f\x8b": "a gzip file",
        b"%PDF": "a PDF file",
        b"\xd0\xcf\x11\xe0": "an old Office file (.xls, .doc)",
        b"PAR1": "a Parquet file",
    }.items():
        if head.startswith(magic):
            return f"the name ends in {inner} but the content is {kind}: deliver it under its right ending"
    text = head.lstrip(b"\xef\xbb\xbf").lstrip()
    if inner.lower() == ".json" and text[:1] not in (b"{", b"["):
        return "the name ends in .json but the content is not JSON: deliver it under its right ending"
    if inner.lower() in (".csv", ".tsv", ".txt") and (b"\x00" in head or text[:1] in (b"{", b"<")):
        return f"the name ends in {inner} but the content is not a table: deliver it under its right ending"
    return None


def is_damaged(path: Path) -> bool:
    """Whether a packed file ends early or fails its checksum; DuckDB would read it without a word."""
    if path.suffix != ".gz":
        return False
    try:
        with open_bytes(path) as stream:
            while stream.read(1 << 20):
                pass
    except DAMAGED:
        return True
    return False
