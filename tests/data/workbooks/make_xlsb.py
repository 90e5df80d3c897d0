"""A writer of .xlsb files, as small as can be: no free program writes them.

Records and parts after the specification [MS-XLSB]: one sheet of texts, numbers, booleans, dates.
Run as a program it makes `register.xlsb` from `register.csv`.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

Cell = str | float | bool | datetime | None

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>
<Override PartName="/xl/styles.bin" ContentType="application/vnd.ms-excel.styles"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
_RELATION = (
    '<Relationship Id="{}" Target="{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>'
)
_DATE_STYLE = 1


def _record(kind: int, data: bytes = b"") -> bytes:
    """A record: its kind and size in groups of seven bits, its data."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    while True:
        head += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if size == 0:
            return head + data


def _text(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def _cell(column: int, cell: Cell) -> bytes:
    style = _DATE_STYLE if isinstance(cell, datetime) else 0
    place = struct.pack("<II", column, style)
    match cell:
        case None:
            return b""
        case bool():
            return _record(4, place + bytes([cell]))
        case datetime():
            days = (cell - datetime.fromisoformat("1899-12-30")).total_seconds() / 86400
            return _record(5, place + struct.pack("<d", days))
        case str():
            return _record(6, place + _text(cell))
    return _record(5, place + struct.pack("<d", cell))


def write_xlsb(path: Path, lines: Sequence[Sequence[Cell]], name: str = "Sheet1") -> None:
    """Write one sheet."""
    width = max(len(line) for line in lines)
    sheet = _record(129) + _record(148, struct.pack("<IIII", 0, len(lines) - 1, 0, width - 1)) + _record(145)
    for number, line in enumerate(lines):
        sheet += _record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        sheet += b"".join(_cell(column, cell) for column, cell in enumerate(line))
    sheet += _record(146) + _record(130)
    book = _record(131) + _record(143)
    book += _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text(name))
    book += _record(144) + _record(132)
    formats = [struct.pack("<HHHHHBBI", 0, number, 0, 0, 0, 0, 0, 0) for number in (0, 22)]
    styles = _record(278) + _record(617, struct.pack("<I", len(formats)))
    styles += b"".join(_record(47, form) for form in formats) + _record(618) + _record(279)
    inner = _RELATION.format("rId1", "worksheets/sheet1.bin", "worksheet")
    inner += _RELATION.format("rId2", "styles.bin", "styles")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", _TYPES)
        out.writestr(
            "_rels/.rels", _RELATIONS.format(_RELATION.format("rId1", "xl/workbook.bin", "officeDocument"))
        )
        out.writestr("xl/workbook.bin", book)
        out.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format(inner))
        out.writestr("xl/worksheets/sheet1.bin", sheet)
        out.writestr("xl/styles.bin", styles)


def main() -> None:
    """Make `register.xlsb`."""
    import csv

    here = Path(__file__).parent
    with (here / "register.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    grouped = range(6, 11)
    lines: list[list[Cell]] = [
        ["SỔ THEO DÕI HỒ SƠ"],
        ["Tháng 3 năm 2026"],
        ["Ngày tháng năm" if c == 6 else None if c in grouped else name for c, name in enumerate(header)],
        [name if c in grouped else None for c, name in enumerate(header)],
        [c + 1.0 for c in range(len(header))],
    ]
    for row in rows:
        dates = [datetime.fromisoformat(cell) if cell else None for cell in row[6:9]]
        lines.append([float(row[0]), *row[1:6], *dates, *row[9:11], float(row[11])])
    lines += [
        ["Tổng cộng", *[None] * 10, sum(float(row[11]) for row in rows)],
        [],
        [None, "Người lập sổ", *[None] * 5, "Thủ trưởng đơn vị"],
    ]
    write_xlsb(here / "register.xlsb", lines, "Sổ theo dõi")


if __name__ == "__main__":
    main()
