"""The list "Danh sách theo dõi hồ sơ" of a one-stop system: a page saved under the name of a workbook.

Who uses it watches due dates: it holds what is open and has one, and what ended after it since the last list.
Nothing is drawn here, and the persons are those of the dossiers.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np

from tests.province.clock import NEVER, Ints
from tests.province.dossiers import Dossiers
from tests.province.known import known_at
from tests.province.people import People
from tests.province.plan import windows
from tests.province.small import slashed
from tests.province.texts import digit_texts
from tests.province.wire import MARKER, Folder
from tests.province.world import World

# by status code; the message has the code, the screen and its export the words
STATUS_LABELS = (
    "", "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý", "Yêu cầu bổ sung giấy tờ",
    "Yêu cầu thực hiện nghĩa vụ tài chính", "Công dân yêu cầu rút hồ sơ", "Dừng xử lý", "Đã xử lý xong",
    "Đã trả kết quả",
)  # fmt: skip
TRACKED_HEADER = (
    "STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp",
    "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
)  # fmt: skip
_OPEN = (2, 4, 5, 6)
# every so many-th dossier was brought by somebody else
_BROUGHT_BY_ANOTHER = 6


def write_tracked_dossiers(
    world: World, dossiers: Dossiers, codes: list[str], people: People, out: Path
) -> None:
    """Write the dossiers of one chunk that were on the list at each business date; no page without any."""
    units, procedures = world.agencies.units, world.procedures
    for day, after, now in windows(world.arguments):
        known = known_at(dossiers, now)
        is_open = np.isin(known.status, _OPEN)
        ended_late = (known.ended_at != NEVER) & (known.ended_at > known.due_at) & (known.ended_at > after)
        rows = np.flatnonzero((is_open | ended_late) & (known.due_at != NEVER) & ~dossiers.is_ghost)
        times = (dossiers.filed_at, known.received_at, known.due_at, known.ended_at)
        moments = zip(*(_written(world, column[rows]) for column in times), strict=True)
        lines = [
            (
                str(number), units[dossiers.unit[row]].name, procedures[dossiers.procedure[row]].name,
                codes[row], STATUS_LABELS[known.status[row]], people.address[row],
                people.name[(row + 1) % len(people) if row % _BROUGHT_BY_ANOTHER == 0 else row],
                people.name[row], *when,
            )
            for number, (row, when) in enumerate(zip(rows.tolist(), moments, strict=True), start=1)
        ]  # fmt: skip
        if lines:
            # as little packed as a workbook is
            folder = Folder(out, "tracked_dossiers", day, False)
            folder.write(f"tracked-{dossiers.chunk:03d}.xls", _page(lines, day).encode())


def mark_tracked_complete(out: Path) -> None:
    """Set the markers where there is a page: a delivery without rows would stop the night."""
    for folder in (out / "raw" / "tracked_dossiers").glob("*"):
        (folder / MARKER).write_bytes(b"")


def _written(world: World, times: Ints) -> list[str]:
    """dd/mm/yyyy HH:MM:SS, without seconds where there are none; empty for NEVER."""
    return [
        f"{d[6:8]}/{d[4:6]}/{d[:4]} {d[8:10]}:{d[10:12]}" + ("" if d.endswith("00") else f":{d[12:]}")
        if d
        else ""
        for d in digit_texts(world.clock.digits(times))
    ]


def _page(lines: list[tuple[str, ...]], day: date) -> str:
    width = len(TRACKED_HEADER)
    rows = [
        f'<tr><th colspan="{width}">DANH SÁCH THEO DÕI HỒ SƠ</th></tr>',
        f'<tr><td colspan="{width}">(Đến ngày {slashed(day)})</td></tr>',
        _row("th", TRACKED_HEADER),
        *(_row("td", line) for line in lines),
        _row("td", ("Tổng số", f"{len(lines)} hồ sơ", *[""] * (width - 2))),
    ]
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>'
        '<table border="1">\n' + "\n".join(rows) + "\n</table></body></html>\n"
    )


def _row(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
