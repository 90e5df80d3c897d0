"""The same province otherwise: its two sides changed places, or its rows in other files and another order."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from tests.province.wire import MARKER, cells
from tests.province.wire_files import BOM, files_of, packed, unpacked

_ONE_STOP, _NATIONAL = "one_stop_dossiers", "national_dossiers"
# what only the one-stop system says
_ITS_OWN = {
    "MaHoSoKhac", "NgayCapNhat", "TrangThaiDongBoDVC", "TrangThaiHangDoi", "PhanHoiDongBo",
    "NgayGuiThuXinLoi", "DaXoa",
}  # fmt: skip
_OTHER_SIDE = {"MC": "DVCQG", "DVCQG": "MC"}
_FILES = 3
Message = dict[str, Any]


def swapped(raw: Path, out: Path) -> None:
    """Write the province below `raw` so that each side holds the dossiers and steps of the other."""
    shutil.copytree(raw, out)
    for source, other in ((_ONE_STOP, _NATIONAL), (_NATIONAL, _ONE_STOP)):
        shutil.rmtree(out / source)
        shutil.copytree(raw / other, out / source)
    for path in files_of(out, _NATIONAL):
        _rewrite(path, _without_its_own)
    for path in files_of(out, "processing_steps"):
        _rewrite(path, lambda message: message | {"NguonDuLieu": _OTHER_SIDE[message["NguonDuLieu"]]})


def _without_its_own(message: Message) -> Message:
    rows = [{name: v for name, v in row.items() if name not in _ITS_OWN} for row in message["data"]]
    return message | {"data": rows}


def _rewrite(path: Path, change: Callable[[Message], Message]) -> None:
    message = orjson.loads(unpacked(path, path.read_bytes()))
    path.write_bytes(packed(path, orjson.dumps(change(message))))


def shuffled(raw: Path, out: Path, seed: int) -> None:
    """Write the province below `raw` with the rows of each delivery shuffled, and split into other files.

    Workbooks, pages and replies of the portal stay as they are: their rows have a place.
    """
    shutil.copytree(raw, out)
    mixed = random.Random(f"shuffled {seed}")
    for folder in sorted(out.glob("*/*")):
        if folder.parent.name != "portal_scores":
            for kind in (".json", ".csv"):
                _mix(folder, kind, mixed)


def _mix(folder: Path, kind: str, mixed: random.Random) -> None:
    """Mix the rows of the files of one kind; those of messages stay under a head like their own."""
    paths = sorted(p for p in folder.iterdir() if p.name != MARKER and kind in p.suffixes)
    packing = ".gz" if any(p.suffix == ".gz" for p in paths) else ""
    rows_of: dict[str, list[Any]] = {}
    for path in paths:
        content = unpacked(path, path.read_bytes())
        head, rows = _read_message(content) if kind == ".json" else _read_table(content)
        rows_of.setdefault(head, []).extend(rows)
        path.unlink()
    for place, (head, rows) in enumerate(sorted(rows_of.items())):
        mixed.shuffle(rows)
        for number in range(min(_FILES, len(rows))):
            part = rows[number::_FILES]
            content = _message(head, part) if kind == ".json" else _table(head, part)
            path = folder / f"mixed-{place}-{number}{kind}{packing}"
            path.write_bytes(packed(path, content))


def _read_message(content: bytes) -> tuple[str, list[Any]]:
    message = orjson.loads(content)
    rows: list[Any] = message.pop("data")
    return orjson.dumps(message).decode(), rows


def _message(head: str, rows: list[Any]) -> bytes:
    return orjson.dumps(orjson.loads(head) | {"data": rows})


def _read_table(content: bytes) -> tuple[str, list[Any]]:
    header, *lines = csv.reader(io.StringIO(content.removeprefix(BOM).decode()))
    return cells(header), lines


def _table(head: str, rows: list[Any]) -> bytes:
    return BOM + "".join(f"{line}\n" for line in (head, *map(cells, rows))).encode()
