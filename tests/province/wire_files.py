"""The wire files of a written province, read to be edited and written back: same names, same packing.

A file whose rows nobody changed keeps its bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from tests.province.wire import MARKER, cells

BOM = b"\xef\xbb\xbf"
_DOSSIER_CODE = re.compile(r"\bH\d\d(?:\.\d{2,3})?-\d{6}-\d{4,}\b")


class Row(dict[str, Any]):
    """One dossier, step, payment, document … of a file."""

    file: File


class File:
    """One message or table: what stands around its rows, and its rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.day = date.fromisoformat(path.parent.name)
        self._before = path.read_bytes()
        content = unpacked(path, self._before)
        self.head: dict[str, Any] = {}
        rows: list[dict[str, Any]]
        if ".json" in path.suffixes:
            message = orjson.loads(content)
            rows, self.head = message.pop("data"), message
        else:
            rows = list(csv.DictReader(io.StringIO(content.removeprefix(BOM).decode())))
        self.rows: list[Row] = []
        for row in rows:
            self.add(row)
        self._columns = list(rows[0]) if rows else []

    def add(self, row: dict[str, Any], after: Row | None = None) -> Row:
        """Add a row, at the end or after another one."""
        added = Row(row)
        added.file = self
        places = [i + 1 for i, other in enumerate(self.rows) if other is after]
        self.rows.insert(places[0] if places else len(self.rows), added)
        return added

    def drop(self, row: Row) -> None:
        """Remove a row."""
        self.rows = [r for r in self.rows if r is not row]

    def save(self) -> None:
        """Write what changed; a file without rows goes, since it would be no delivery."""
        if not self.rows:
            self.path.unlink()
            return
        content = packed(self.path, self._content())
        if content != self._before:
            self.path.write_bytes(content)

    def _content(self) -> bytes:
        if ".json" not in self.path.suffixes:
            lines = (cells(self._columns), *(cells(row[c] for c in self._columns) for row in self.rows))
            return BOM + "".join(f"{line}\n" for line in lines).encode()
        # as `wire` and `ministry` write them
        dumped: Callable[[Any], str] = (
            (lambda row: json.dumps(row, ensure_ascii=False))
            if self.path.parts[-3] == "ministry_dossiers"
            else (lambda row: orjson.dumps(dict(row)).decode())
        )
        head = orjson.dumps(self.head).decode().removesuffix("}")
        return (head + ',"data":[' + ",\n".join(map(dumped, self.rows)) + "]}\n").encode()


def unpacked(path: Path, content: bytes) -> bytes:
    """What a file holds."""
    return gzip.decompress(content) if path.suffix == ".gz" else content


def packed(path: Path, content: bytes) -> bytes:
    """The bytes of a file of that name, the same for the same content."""
    if path.suffix != ".gz":
        return content
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=6) as stream:
        stream.write(content)
    return buffer.getvalue()


class Extracts:
    """All files of some sources below `raw`, oldest delivery first."""

    def __init__(self, raw: Path, sources: tuple[str, ...]) -> None:
        self.raw = raw
        self.files = {source: [File(path) for path in files_of(raw, source)] for source in sources}

    def rows(self, source: str) -> Iterator[Row]:
        """Rows of a source, deliveries in their order."""
        for file in self.files[source]:
            yield from file.rows

    def save(self) -> None:
        """Write back what changed."""
        for files in self.files.values():
            for file in files:
                file.save()


def files_of(raw: Path, source: str) -> list[Path]:
    """Files of a source without markers, oldest delivery first."""
    return sorted(p for p in (raw / source).glob("*/*") if p.name != MARKER)


def dossiers_named(raw: Path, source: str) -> set[str]:
    """Codes of dossiers that the files of a source name, in whatever form they are."""
    named: set[str] = set()
    for path in files_of(raw, source):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                text = book.read("xl/sharedStrings.xml").decode()
        else:
            text = unpacked(path, path.read_bytes()).decode()
        named |= set(_DOSSIER_CODE.findall(text))
    return named
