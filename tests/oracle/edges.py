"""Rows that stand on the edge of a rule, added to the newest delivery of a made-up province (2026-09-30).

The made-up province has most shapes of a dossier, but seldom at the very second that decides. Every dossier here
is written on both sides, with the same steps, and has an agency of its own unless it names one: no error can hide
behind another. Monday 02/03/2026 is the usual day of
reception; 31/08, 01/09 and 02/09/2026 are days off, Saturday 22/08/2026 is worked.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]

OLD, NEW = "2026-08-31", "2026-09-30"
MONDAY = "20260302080000"

SHORT_LIMIT, LONG_LIMIT, DROPPED, UNKNOWN = "1.999901", "1.999902", "1.999903", "1.999999"


@dataclass(frozen=True)
class Edge:
    """One dossier: its message fields, its requests for papers (asked, answered, new due), its steps (time, state)."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    requests: tuple[tuple[str, str, str], ...] = ()
    steps: tuple[tuple[str, str], ...] = ()


def due(name: str, due_at: str, ended: str = "", **more: Any) -> Edge:
    """A dossier received on Monday 02/03/2026 with a due date."""
    requests, steps = more.pop("requests", ()), more.pop("steps", ())
    return Edge(name, {"NgayHenTra": due_at, "NgayKetThucXuLy": ended, **more}, requests, steps)


def no_due(name: str, procedure: str, ended: str = "", **more: Any) -> Edge:
    """A dossier of a procedure, without a due date."""
    return due(name, "", ended, MaTTHC=procedure, **more)


def paper(reused: str, deleted: str = "False") -> Row:
    """One TaiLieuNop."""
    return {"MaThanhPhanHoSo": "TP1", "IsDeleted": deleted, "DuongDanTaiTepTin": "https://tep.example/1.pdf",
            "DuocSoHoa": "1", "DuocTaiSuDung": reused, "DuocLayTuKhoDMQG": "0", "MaKetQuaThayThe": ""}  # fmt: skip


def fee(amount: str) -> Row:
    """One DanhSachLePhi."""
    return {"MaPhiLePhi": "1", "HinhThucThu": "1", "Gia": amount, "LoaiPhiLePhi": "1"}


def result(path: str) -> Row:
    """One DanhSachGiayToKetQua."""
    return {"MaThanhPhanHoSo": "KQ1", "DuongDanTepTinKetQua": path, "MaGiayToKetQua": "KQ.1"}


# Three hours asked and answered on one morning: 08:00 to 11:00.
THREE_HOURS = (("20260303080000", "20260303110000", ""),)

DUE_DATES = [
    due("ended at the due second", "20260310170000", "20260310170000"),
    due("ended a second after", "20260310170000", "20260310170001"),
    due("three hours from closing time: 10:00 next day", "20260310170000", "20260311100000", requests=THREE_HOURS),
    due("and a second more", "20260310170000", "20260311100001", requests=THREE_HOURS),
    due("three hours from Friday evening: Monday 10:00", "20260306170000", "20260309100000", requests=THREE_HOURS),
    due("and a second more on Monday", "20260306170000", "20260309100001", requests=THREE_HOURS),
    due("due on Saturday: Monday 10:00", "20260307100000", "20260309100000", requests=THREE_HOURS),
    due("due on Saturday, a second more", "20260307100000", "20260309100001", requests=THREE_HOURS),
    due("due at noon: 16:30", "20260310120000", "20260310163000", requests=THREE_HOURS),
    due("due before the morning: 10:00", "20260310060000", "20260310100001", requests=THREE_HOURS),
    due("moved to exactly 11:30, ended at noon", "20260310083000", "20260310120000", requests=THREE_HOURS),
    due("moved to exactly 17:00, ended in the evening", "20260310140000", "20260310180000", requests=THREE_HOURS),
    due("across the national day", "20260828170000", "20260903100000", requests=THREE_HOURS),
    due("across the national day, late", "20260828170000", "20260903100001", requests=THREE_HOURS),
    due("to the Saturday that is worked", "20260821170000", "20260822100000", requests=THREE_HOURS),
    due("to the Saturday that is worked, late", "20260821170000", "20260822100001", requests=THREE_HOURS),
    due("asked over lunch: nothing to add", "20260310170000", "20260310170001",
        requests=(("20260303113000", "20260303133000", ""),)),
    due("asked over the weekend: nothing to add, due on Sunday stays", "20260308100000", "20260308100001",
        requests=(("20260307080000", "20260308160000", ""),)),
    due("asked over the weekend, ended on Sunday in time", "20260308100000", "20260308100000",
        requests=(("20260307080000", "20260308160000", ""),)),
    due("one second of waiting", "20260310170000", "20260311070001",
        requests=(("20260303112959", "20260303133000", ""),)),
    due("one second of waiting, late", "20260310170000", "20260311070002",
        requests=(("20260303112959", "20260303133000", ""),)),
    due("waited over weekend and nights", "20260310170000", "20260313104500",
        requests=(("20260304103000", "20260309092500", ""),)),
    due("answered before it was asked", "20260310170000", "20260310170001",
        requests=(("20260303110000", "20260303080000", ""),)),
    due("answered, but nobody knows when it was asked", "20260310170000", "20260310170001",
        requests=(("", "20260303110000", ""),)),
    due("new due date later", "20260310170000", "20260312170000",
        requests=(("20260303080000", "20260305080000", "20260312170000"),)),
    due("new due date, nothing added to it", "20260310170000", "20260312170001",
        requests=(("20260303080000", "20260305080000", "20260312170000"),)),
    due("new due date earlier", "20260312170000", "20260310170001",
        requests=(("20260303080000", "20260303090000", "20260310170000"),)),
    due("new due date, request not answered", "20260310170000", "20260312170000",
        requests=(("20260303080000", "", "20260312170000"),)),
    due("two requests, ended at once", "20260310170000", "20260303080000",
        requests=(("20260302090000", "20260302091000", ""), ("20260302100000", "20260302101000", ""))),
    due("two requests, the second empty but for its new date", "20261110170000",
        requests=(("20260302090000", "20260302091000", ""), ("", "", "20261210170000"))),
]  # fmt: skip

ENDS = [
    due("end by step 9, the first of two", "20260310170000",
        steps=(("20260310165959", "9"), ("20260311080000", "9"))),
    due("end by step 9, a second late", "20260310170000",
        steps=(("20260310170001", "9"), ("20260311080000", "10"))),
    due("step 9 after step 10: 9 it is", "20260310170000",
        steps=(("20260309080000", "10"), ("20260311080000", "9"))),
    due("step 10 before 8", "20260310170000", steps=(("20260309080000", "8"), ("20260311080000", "10"))),
    due("refused by a step", "20260310170000", steps=(("20260309080000", "3"), ("20260311080000", "7"))),
    due("withdrawn late", "20260310170000", steps=(("20260311080000", "7"),), TrangThaiHoSo="7"),
    due("its own end before the steps", "20260310170000", "20260310080000", steps=(("20260311080000", "9"),)),
    due("its own end late, the step in time", "20260310170000", "20260311080000", steps=(("20260309080000", "9"),)),
    due("end after D, due today", "20260930170000", "20261001080000"),
    due("end after D, due tomorrow", "20261001000000", "20261001080000"),
    due("end after D, though a step says otherwise", "20260310170000", "20261001080000",
        steps=(("20260309080000", "9"),)),
    due("step 9 after D", "20260310170000", steps=(("20261001080000", "9"),)),
    due("end at the last second of D, due later", "20261005170000", "20260930235959"),
    due("open, due at the end of March", "20260331170000", steps=((MONDAY, "2"),)),
    due("open, due on the first of April", "20260401000000", steps=((MONDAY, "2"),)),
    due("open, moved from March into April", "20260331170000", requests=THREE_HOURS),
    due("received on the last second of the year", "20260110170000", NgayTiepNhan="20251231235959"),
    due("received on the first second of the year", "20260110170000", NgayTiepNhan="20260101000000"),
    due("received on the last second of June", "20260710170000", NgayTiepNhan="20260630235959"),
]  # fmt: skip

OPEN_REQUESTS = [
    due("open request is the end", "20260310170000", requests=(("20260309080000", "", ""),),
        steps=((MONDAY, "2"), ("20260309080000", "5"))),
    due("open request after the due date", "20260310170000", requests=(("20260311080000", "", ""),)),
    due("only 5 after it", "20260310170000", requests=(("20260309080000", "", ""),),
        steps=(("20260309080100", "5"), ("20260320080000", "5"))),
    due("work went on after it", "20260310170000", requests=(("20260309080000", "", ""),),
        steps=(("20260309080100", "5"), ("20260309080101", "4"))),
    due("a step in the same second", "20260310170000", requests=(("20260309080000", "", ""),),
        steps=(("20260309080000", "4"),)),
    due("ended after it", "20260310170000", "20260310170001", requests=(("20260309080000", "", ""),)),
    due("step 9 before it: that is the end", "20260310170000", requests=(("20260311080000", "", ""),),
        steps=(("20260309080000", "9"),)),
    due("step 9 before it, late", "20260310170000", requests=(("20260312080000", "", ""),),
        steps=(("20260311080000", "9"),)),
    due("new due date and never answered", "20260301170000", requests=(("20260309080000", "", "20260312170000"),)),
    due("new due date and work went on", "20260301170000", requests=(("20260309080000", "", "20260312170000"),),
        steps=(("20260310080000", "4"),)),
    no_due("open request, no due date, in time", SHORT_LIMIT, requests=(("20260302120000", "", ""),)),
    no_due("open request, no due date, late", SHORT_LIMIT, requests=(("20260302140001", "", ""),)),
]  # fmt: skip

# From Monday 02/03/2026 08:00, half a day (SHORT_LIMIT) lasts until 14:00, 20 days (LONG_LIMIT) until 30/03 08:00.
TIME_LIMITS = [
    no_due("half a day used up", SHORT_LIMIT, "20260302140000"),
    no_due("half a day and a second", SHORT_LIMIT, "20260302140001"),
    no_due("twenty days used up", LONG_LIMIT, "20260330080000"),
    no_due("twenty days and a second", LONG_LIMIT, "20260330080001"),
    no_due("twenty days end at closing time of March", LONG_LIMIT, NgayTiepNhan="20260303170000"),
    no_due("twenty days end a second before closing time of March", LONG_LIMIT, NgayTiepNhan="20260303165959"),
    no_due("twenty days end at the opening of April", LONG_LIMIT, NgayTiepNhan="20260304070000"),
    no_due("twenty days, received on Sunday", LONG_LIMIT, "20260327170000", NgayTiepNhan="20260301100000"),
    no_due("twenty days, received on Sunday, late", LONG_LIMIT, "20260330070001", NgayTiepNhan="20260301100000"),
    no_due("half a day and three hours waited", SHORT_LIMIT, "20260302170000",
           requests=(("20260302083000", "20260302113000", ""),)),
    no_due("half a day, three hours waited, late", SHORT_LIMIT, "20260303070001",
           requests=(("20260302083000", "20260302113000", ""),)),
    no_due("no due date but a new one", SHORT_LIMIT, "20260310170000",
           requests=(("20260303080000", "20260305080000", "20260310170000"),)),
    no_due("no due date but a new one, late", LONG_LIMIT, "20260310170001",
           requests=(("20260303080000", "20260305080000", "20260310170000"),)),
    no_due("a procedure nobody knows", UNKNOWN, "20260929080000"),
    no_due("a procedure nobody knows, open", UNKNOWN),
    no_due("a procedure the newest list has not", DROPPED),
    no_due("two requests and no limit", UNKNOWN, requests=(("", "", ""), ("", "", ""))),
    no_due("ended before reception", SHORT_LIMIT, "20260227080000"),
    no_due("open in September, exceeded tomorrow", LONG_LIMIT, NgayTiepNhan="20260904070000"),
    no_due("open in September, limit is up at closing time today", LONG_LIMIT, NgayTiepNhan="20260903070000"),
    no_due("open in September, exceeded today", LONG_LIMIT, NgayTiepNhan="20260828165959"),
]  # fmt: skip

RECEPTION = [
    due("just registered", "20260310170000", TrangThaiHoSo="1"),
    due("not received", "20260310170000", TrangThaiHoSo="3", NgayKetThucXuLy="20260303080000"),
    due("status 0 of the transport system", "20260310170000", "20260303080000", TrangThaiHoSo="0"),
    due("status 11 of the notices", "20260310170000", "20260303080000", TrangThaiHoSo="11"),
    due("no status", "20260310170000", "20260303080000", TrangThaiHoSo=""),
    due("no reception date", "20260310170000", "20260303080000", NgayTiepNhan=""),
    due("old agency code", "20260310170000", "20260303080000", MaHoSo="000.00.02.H01-260302-9001"),
    due("agency nobody knows", "20260310170000", "20260303080000", MaHoSo="H99.01-260302-9001"),
    due("the province itself", "20260310170000", "20260303080000", MaHoSo="H01-260302-9001"),
    due("the province itself by its old code", "20260310170000", "", MaHoSo="000.00.00.H01-260302-9001"),
    due("small letters and blanks", "20260310170000", "20260303080000", MaHoSo=" h01.02-260302-9801 "),
    due("department that ended in May", "20260310170000", "20260303080000", MaHoSo="H01.90-260302-9001"),
    due("the same, received after it", "20260710170000", MaHoSo="H01.90-260630-9001", NgayTiepNhan="20260630080000"),
    due("department that began in August", "20260910170000", MaHoSo="H01.91-260803-9001",
        NgayTiepNhan="20260803080000"),
    due("the same, received before it", "20260710170000", MaHoSo="H01.91-260630-9001",
        NgayTiepNhan="20260630080000"),
    due("department the newest list has not", "20260310170000", MaHoSo="H01.92-260302-9001"),
    due("a code without hyphen", "20260310170000", "20260303080000", MaHoSo="H01.02"),
]  # fmt: skip

CONTENTS = [
    due("no fee items", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="1"),
    due("fee of 0", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="1", DanhSachLePhi=[fee("0")]),
    due("fee of nothing", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="2", DanhSachLePhi=[fee("")]),
    due("0 and half a dong", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="2", DanhSachLePhi=[fee("0"), fee("0.5")]),
    due("paid in cash", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="3", DanhSachLePhi=[fee("5000")]),
    due("not said how it was paid", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="", DanhSachLePhi=[fee("5000")]),
    due("no channel", "", MaTTHC=UNKNOWN, KenhThucHien=""),
    due("channel 0", "", MaTTHC=UNKNOWN, KenhThucHien="0"),
    due("reused but deleted", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("1", "True"), paper("0")]),
    due("reused result", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("0"), paper("2", "false")]),
    due("reuse code 3", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("3")]),
    due("result without a file", "", MaTTHC=UNKNOWN, DanhSachGiayToKetQua=[result(""), result("  ")]),
    due("second result has a file", "", MaTTHC=UNKNOWN, DanhSachGiayToKetQua=[result(""), result("a.pdf")]),
    due("a petition names it", "20260310170000", "20260303080000", MaHoSo="H01.691-260302-9001"),
    due("a petition names it in small letters", "20260310170000", "20260303080000", MaHoSo="H01.692-260302-9001"),
    due("late, and a petition names it", "20260310170000", "20260323080000", MaHoSo="H01.693-260302-9001"),
]  # fmt: skip

EDGES = DUE_DATES + ENDS + OPEN_REQUESTS + TIME_LIMITS + RECEPTION + CONTENTS

PETITION_TIMES = ("Ngày gửi", "Ngày tiếp nhận", "Ngày chuyển", "Ngày xử lý", "Ngày công khai")

# agency (none: one of its own), dossier, sent, received, transferred, handled, published, status
PETITIONS = [
    # Resolved within 15 working days of Monday 02/03/2026: up to Monday 23/03/2026.
    ("", "", "02/03/2026 08:00:00", "02/03/2026 09:00:00", "", "23/03/2026 23:00:00", "25/03/2026", "đã công khai"),
    ("", "", "02/03/2026 08:00:00", "02/03/2026 09:00:00", "", "24/03/2026 07:00", "24/03/2026", "ĐÃ CÔNG KHAI"),
    ("", "", "02/03/2026 08:00:00", "02/03/2026 09:00:00", "", "20/03/2026", "25/03/2026", " Đã công khai "),
    ("", "", "02/03/2026 08:00:00", "02/03/2026 09:00:00", "", "20/03/2026", "24/03/2026", "đã công khai"),
    # The last transfer starts the clock again; sending comes before reception.
    ("", "", "02/03/2026 08:00:00", "02/03/2026 09:00:00", "05/03/2026", "09/03/2026", "", "gửi trả VPCP"),
    ("", "", "02/03/2026 08:00:00", "02/03/2026 09:00:00", "05/03/2026", "10/03/2026", "", "gửi trả VPCP"),
    ("", "", "", "06/03/2026", "", "10/03/2026", "", "Từ chối tiếp nhận"),
    ("", "", "04/03/2026", "06/03/2026", "", "10/03/2026", "", "Từ chối tiếp nhận"),
    # Days off: sent on Saturday, on the Saturday that is worked, before the national day.
    ("", "", "07/03/2026", "07/03/2026", "", "10/03/2026", "", "Trả lại VPCP"),
    ("", "", "07/03/2026", "07/03/2026", "", "11/03/2026", "", "Trả lại VPCP"),
    ("", "", "20/08/2026", "20/08/2026", "", "22/08/2026", "", "Trả lại VPCP"),
    ("", "", "20/08/2026", "20/08/2026", "", "23/08/2026", "", "Trả lại VPCP"),
    ("", "", "28/08/2026", "28/08/2026", "", "04/09/2026", "", "Trả lại VPCP"),
    ("", "", "28/08/2026", "28/08/2026", "", "05/09/2026", "", "Trả lại VPCP"),
    ("", "", "02/03/2026", "02/03/2026", "", "09/03/2026", "", "chờ bổ sung"),
    ("", "", "02/03/2026", "02/03/2026", "", "10/03/2026", "", "chờ bổ sung"),
    # Not handled: still in time at the end of March, or not; by an outcome without a date; after D.
    ("", "", "10/03/2026", "10/03/2026", "", "", "", "Đã gửi email"),
    ("", "", "09/03/2026", "09/03/2026", "", "", "", "Phản ánh đã bổ sung"),
    ("", "", "30/03/2026", "30/03/2026", "", "", "", "Từ chối tiếp nhận"),
    ("", "", "26/03/2026", "26/03/2026", "", "", "", "Từ chối tiếp nhận"),
    ("", "", "26/03/2026", "26/03/2026", "", "27/03/2026", "", "chuyện lạ"),
    ("", "", "09/09/2026", "09/09/2026", "", "", "", "chuyện lạ"),
    ("", "", "08/09/2026", "08/09/2026", "", "", "", ""),
    ("", "", "25/09/2026", "25/09/2026", "", "01/10/2026", "", "chờ công khai"),
    ("", "", "28/09/2026", "28/09/2026", "", "01/10/2026", "", "gửi trả VPCP"),
    # Handled, to be published: by D, after D, not at all.
    ("", "", "21/09/2026", "21/09/2026", "", "28/09/2026", "", "chờ công khai"),
    ("", "", "21/09/2026", "21/09/2026", "", "25/09/2026", "", "chờ công khai"),
    ("", "", "21/09/2026", "21/09/2026", "", "25/09/2026", "29/09/2026", "chờ công khai"),
    ("", "", "21/09/2026", "21/09/2026", "", "29/09/2026", "05/10/2026", "đã công khai"),
    ("", "", "21/09/2026", "21/09/2026", "", "25/09/2026", "01/10/2026", "đã công khai"),
    ("", "", "25/03/2026", "25/03/2026", "", "30/03/2026", "", "chờ công khai"),
    # Where it counts.
    ("000.00.02.H01", "", "05/05/2026", "05/05/2026", "", "06/05/2026", "", "gửi trả VPCP"),
    ("H99.01", "", "05/05/2026", "05/05/2026", "", "06/05/2026", "", "gửi trả VPCP"),
    ("H01.90", "", "15/06/2026", "15/06/2026", "", "16/06/2026", "", "gửi trả VPCP"),
    ("H01", "", "31/12/2025 10:00:00", "01/01/2026 00:00:00", "", "", "", "xử lý ở địa phương"),
    ("H01", "", "31/12/2025 10:00:00", "31/12/2025 23:59:59", "", "", "", "xử lý ở địa phương"),
    ("H01", "", "05/05/2026", "", "", "", "", "xử lý ở địa phương"),
    # Dossiers of 5.4.
    ("H01.03", "H01.691-260302-9001", "05/05/2026", "05/05/2026", "", "06/05/2026", "", "gửi trả VPCP"),
    ("H01.03", " h01.692-260302-9001", "05/05/2026", "05/05/2026", "", "06/05/2026", "", "gửi trả VPCP"),
    ("H01.03", "H01.693-260302-9001", "05/05/2026", "05/05/2026", "", "06/05/2026", "", "gửi trả VPCP"),
    ("H01.03", "H01.693-260302-9001", "06/05/2026", "06/05/2026", "", "", "", "xử lý ở địa phương"),
]  # fmt: skip

DEPARTMENTS = {
    NEW: [("H01.90", "01/07/2020", "15/05/2026"), ("H01.91", "01/08/2026", "")],
    OLD: [("H01.90", "", ""), ("H01.92", "", "")],
}
OWN_AGENCIES = [(f"H01.{500 + number}", "", "") for number in range(len(EDGES))] + [
    (f"H01.{number}", "", "") for number in (671, 672, 673, *range(681, 687), 691, 692, 693)] + [
    (f"H01.{700 + number}", "", "") for number in range(len(PETITIONS))
]
PROCEDURES = {NEW: [(SHORT_LIMIT, "0.5"), (LONG_LIMIT, "20")], OLD: [(SHORT_LIMIT, "9"), (DROPPED, "1")]}


def add_edges(raw: Path) -> None:
    """Add all of them to the extracts below `raw`."""
    for source in ("one_stop_dossiers", "national_dossiers"):
        add_dossiers(raw / source)
        add_versions(raw / source)
    add_steps(raw / "processing_steps")
    add_pairs(raw)
    add_petitions(raw / "petitions")
    for day in (OLD, NEW):
        add_agencies(raw / "agencies" / day, DEPARTMENTS[day] + OWN_AGENCIES)
        add_procedures(raw / "procedures" / day, PROCEDURES[day])


def code_of(number: int, edge: Edge) -> str:
    """The code the edge asks for, else one of an agency of its own: its figures are then its own too."""
    return str(edge.fields.get("MaHoSo", f"H01.{500 + number}-260302-9001"))


def first_message(folder: Path) -> Row:
    """The first message of the newest delivery, as an example of the form."""
    message: Row = json.loads(min(folder.glob("*.json")).read_text(encoding="utf-8"))
    return message


def write_message(example: Row, rows: list[Row], file: Path, **envelope: str) -> None:
    """A message like the example, with other rows."""
    text = json.dumps({**example, **envelope, "data": rows}, ensure_ascii=False)
    file.write_text(text, encoding="utf-8")


def empty_row(example: Row) -> Row:
    """A row of the form of the example, with nothing in it but what every dossier has."""
    empty: Row = {key: [] if isinstance(value, list) else "" for key, value in example.items()}
    filled = {
        "MaTTHC": UNKNOWN, "TrangThaiHoSo": "4", "KenhThucHien": "1", "NgayTiepNhan": MONDAY, "HinhThuc": "0",
        "LoaiDoiTuong": "1", "DuocThanhToanTrucTuyen": "0", "HoSoCoThanhPhanSoHoa": "0",
        "TaiKhoanDuocXacThucVoiVNeID": "0",
    }  # fmt: skip
    return empty | filled


def as_request(number: int, asked: str, answered: str, new_due: str) -> Row:
    """One DanhSachHoSoBoSung."""
    return {"HoSoBoSungId": str(number), "NgayBoSung": asked, "NgayTiepNhanBoSung": answered,
            "TrangThaiBoSung": "1" if answered else "0", "NgayHenTraTruoc": "", "NgayHenTraMoi": new_due}  # fmt: skip


def add_dossiers(source: Path) -> None:
    """All edges as dossiers of one side."""
    example = first_message(source / NEW)
    rows = []
    for number, edge in enumerate(EDGES):
        row = empty_row(example["data"][0]) | edge.fields | {"MaHoSo": code_of(number, edge)}
        row["DanhSachHoSoBoSung"] = [as_request(n, *times) for n, times in enumerate(edge.requests)]
        rows.append(row)
    write_message(example, rows, source / NEW / "zz-edges.json")


def add_steps(source: Path) -> None:
    """The steps of the edges, on both sides."""
    example = first_message(source / NEW)
    rows = []
    for number, edge in enumerate(EDGES):
        for time, state in edge.steps:
            empty = dict.fromkeys(example["data"][0], "")
            rows.append(
                empty | {"MaHoSo": code_of(number, edge), "ThoiDiemXuLy": time, "TrangThai": state}
            )
    for side in ("MC", "DVCQG"):
        write_message(example, rows, source / NEW / f"zz-edges-{side.lower()}.json", NguonDuLieu=side)


def add_versions(source: Path) -> None:
    """Two dossiers in several versions: the newest folder wins, in it the last file, in that the last row."""
    example = first_message(source / NEW)
    online, direct = ({"KenhThucHien": channel} for channel in ("2", "1"))
    by_file = empty_row(example["data"][0]) | {"MaHoSo": "H01.671-260302-9001"}
    by_row = empty_row(example["data"][0]) | {"MaHoSo": "H01.672-260302-9001"}
    by_folder = empty_row(example["data"][0]) | {"MaHoSo": "H01.673-260302-9001"}
    write_message(example, [by_folder | direct, by_file | direct], source / OLD / "zz-versions-9.json")
    write_message(example, [by_file | direct, by_row | direct, by_row | online, by_folder | online],
                  source / NEW / "zz-versions-1.json")  # fmt: skip
    write_message(example, [by_file | online], source / NEW / "zz-versions-2.json")


def add_pairs(raw: Path) -> None:
    """Dossiers that have another code on the national side, or none."""
    sides = {name: raw / name / NEW for name in ("one_stop_dossiers", "national_dossiers")}
    example = first_message(sides["one_stop_dossiers"])
    row = empty_row(example["data"][0])
    ours = [
        row | {"MaHoSo": "H01.681-260302-9001", "MaHoSoKhac": "H01.680-260302-12345"},
        row | {"MaHoSo": "H01.682-260302-9001", "MaHoSoKhac": " h01.680-260302-12346"},
        row | {"MaHoSo": "H01.683-260302-9001", "MaHoSoKhac": "H01.680-260302-12347"},
        row | {"MaHoSo": "H01.684-260302-9001", "MaHoSoKhac": "H01.684-260302-9001"},
        row | {"MaHoSo": "H01.685-260302-9001", "MaHoSoKhac": ""},
        row | {"MaHoSo": "H01.686-260302-9001", "MaHoSoKhac": "H01.680-260302-12348"},
    ]
    write_message(example, ours, sides["one_stop_dossiers"] / "zz-pairs.json")
    example = first_message(sides["national_dossiers"])
    row = empty_row(example["data"][0])
    theirs = [
        row | {"MaHoSo": "H01.680-260302-12345"},
        row | {"MaHoSo": "H01.680-260302-12346", "TrangThaiHoSo": "1"},
        row | {"MaHoSo": "H01.684-260302-9001"},
        row | {"MaHoSo": "H01.686-260302-9001", "NgayTiepNhan": ""},
        row | {"MaHoSo": "H01.680-260302-12348"},
    ]
    write_message(example, theirs, sides["national_dossiers"] / "zz-pairs.json")


def write_table(folder: Path, rows: list[Row]) -> None:
    """A CSV file in the form of the first one of the folder."""
    with min(folder.glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        columns = csv.DictReader(file).fieldnames
    assert columns is not None
    with (folder / "zz-edges.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


def add_petitions(source: Path) -> None:
    """All petitions."""
    rows = [
        {"Mã PAKN": f"PAKN.2026.9{number:05}", "Mã cơ quan": agency or f"H01.{700 + number}", "Mã hồ sơ": dossier, "Phân loại": "TTHC",
         "Trạng thái": status, "Không hài lòng": "", **dict(zip(PETITION_TIMES, times, strict=True))}
        for number, (agency, dossier, *times, status) in enumerate(PETITIONS)
    ]  # fmt: skip
    write_table(source / NEW, rows)


def add_agencies(folder: Path, departments: list[tuple[str, str, str]]) -> None:
    """Departments that begin or end within the year, or are gone from the newest list."""
    rows = [
        {"Mã cơ quan": code, "Mã cũ": "", "Tên cơ quan": f"Sở {code}", "Loại cơ quan": "2",
         "Mã cơ quan cấp trên": "H01", "Hiệu lực từ": begins, "Hiệu lực đến": ends}
        for code, begins, ends in departments
    ]  # fmt: skip
    write_table(folder, rows)


def add_procedures(folder: Path, procedures: list[tuple[str, str]]) -> None:
    """Procedures with short and long limits."""
    rows = [
        {"Mã TTHC": code, "Tên TTHC": f"Thủ tục {code}", "Mã lĩnh vực": "G15-HT01", "Tên lĩnh vực": "Hộ tịch",
         "Cấp thực hiện": "TỈNH", "Mức độ DVC": "4", "Thời hạn giải quyết (ngày làm việc)": days,
         "Có phí lệ phí": "1", "Có kết quả giấy tờ": "1", "Cho công dân": "1", "Cho doanh nghiệp": "0"}
        for code, days in procedures
    ]  # fmt: skip
    write_table(folder, rows)
