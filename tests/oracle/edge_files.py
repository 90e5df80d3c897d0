"""Writing the edge cases into the extracts of a made-up province, in the form of the files that are there."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.oracle.edge import (
    COMMUNAL,
    DROPPED,
    HUGE_LIMIT,
    LONG_LIMIT,
    MONDAY,
    NO_PAPER,
    NOT_FOR_CITIZENS,
    NOT_ONLINE,
    PRESENT,
    SHORT_LIMIT,
    UNKNOWN,
    ZERO_LIMIT,
    Edge,
    Row,
)
from tests.oracle.edges import EdgeCases
from tests.oracle.publication import PARTS

OLD, NEW = "2026-08-31", "2026-09-30"
PETITION_TIMES = ("Ngày gửi", "Ngày tiếp nhận", "Ngày chuyển", "Ngày xử lý", "Ngày công khai")

# Each edge has an agency of its own: up to H01.699 dossiers (from 671 those that name their code), from
# H01.700 petitions and decisions.
FIRST_OWN, FIRST_NAMED = 480, 671
OWN_AGENCIES = [(f"H01.{number}", "", "") for number in range(FIRST_OWN, 800)]
# Departments that end and begin within the year, that are to come, and that are gone from the newest list.
DEPARTMENTS = {
    NEW: [("H01.90", "01/07/2020", "15/05/2026"), ("H01.91", "01/08/2026", ""), ("H01.93", "15/10/2026", "")],
    OLD: [("H01.90", "", ""), ("H01.92", "", "")],
}
LEVEL, ONLINE_LEVEL, PAPER, CITIZENS = "Cấp thực hiện", "Mức độ DVC", "Có kết quả giấy tờ", "Cho công dân"
# code, time limit, and what is not as in the others: provincial, online, with a fee and a paper, for citizens
PROCEDURES: dict[str, list[tuple[str, str, Row]]] = {
    NEW: [
        (SHORT_LIMIT, "0.5", {}),
        (LONG_LIMIT, "20", {}),
        (HUGE_LIMIT, "2000", {}),
        (ZERO_LIMIT, "0", {}),
        (PRESENT, "20", {ONLINE_LEVEL: "3"}),
        (NO_PAPER, "20", {PAPER: "0"}),
        (NOT_ONLINE, "20", {ONLINE_LEVEL: "2"}),
        (COMMUNAL, "20", {LEVEL: "XÃ"}),
        (NOT_FOR_CITIZENS, "20", {CITIZENS: "0"}),
    ],
    OLD: [(SHORT_LIMIT, "9", {ONLINE_LEVEL: "2"}), (DROPPED, "1", {})],
}


def add_edges(raw: Path, cases: EdgeCases) -> None:
    """Add edge cases to the extracts below `raw`."""
    assert FIRST_OWN + len(cases.dossiers) <= FIRST_NAMED, "two edges would share an agency"
    one_stop, national = raw / "one_stop_dossiers", raw / "national_dossiers"
    for source in (one_stop, national):
        add_dossiers(source, cases.dossiers)
        add_versions(source)
    add_steps(raw / "processing_steps", cases.dossiers)
    add_rows(one_stop, [{"MaHoSo": code, "MaHoSoKhac": other} for code, other in cases.pairs])
    add_rows(one_stop, cases.on_one_stop_side, "last-year")
    add_rows(national, cases.on_national_side)
    petitions = [as_petition(*numbered) for numbered in enumerate(cases.petitions)]
    write_table(raw / "petitions" / NEW, petitions + [as_opinion(*opinion) for opinion in cases.opinions])
    write_table(raw / "publication_decisions" / NEW, [as_decision(*line) for line in cases.publication])
    documents = raw / "digitized_documents"
    write_table(documents / OLD, [as_document(*line) for line in cases.old_documents])
    write_table(documents / NEW, [as_document(*line) for line in cases.documents])
    for day in (OLD, NEW):
        add_agencies(raw / "agencies" / day, DEPARTMENTS[day] + OWN_AGENCIES)
        add_procedures(raw / "procedures" / day, PROCEDURES[day])


def code_of(number: int, edge: Edge) -> str:
    """The code the edge asks for, else one of an agency of its own: its figures are then its own too."""
    return str(edge.fields.get("MaHoSo", f"H01.{FIRST_OWN + number}-260302-9001"))


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
    return {
        "HoSoBoSungId": str(number),
        "NgayBoSung": asked,
        "NgayTiepNhanBoSung": answered,
        "TrangThaiBoSung": "1" if answered else "0",
        "NgayHenTraTruoc": "",
        "NgayHenTraMoi": new_due,
    }


def add_dossiers(source: Path, edges: list[Edge]) -> None:
    """Edges as dossiers of one side."""
    example = first_message(source / NEW)
    rows = []
    for number, edge in enumerate(edges):
        row = empty_row(example["data"][0]) | edge.fields | {"MaHoSo": code_of(number, edge)}
        row["DanhSachHoSoBoSung"] = [as_request(n, *times) for n, times in enumerate(edge.requests)]
        rows.append(row)
    write_message(example, rows, source / NEW / "zz-edges.json")


def add_steps(source: Path, edges: list[Edge]) -> None:
    """The steps of the edges, on both sides."""
    example = first_message(source / NEW)
    rows = []
    for number, edge in enumerate(edges):
        for time, state in edge.steps:
            empty = dict.fromkeys(example["data"][0], "")
            rows.append(empty | {"MaHoSo": code_of(number, edge), "ThoiDiemXuLy": time, "TrangThai": state})
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


def add_rows(source: Path, rows: list[Row], name: str = "pairs") -> None:
    """Dossiers of one side only, with nothing in them but what is given."""
    example = first_message(source / NEW)
    empty = empty_row(example["data"][0])
    write_message(example, [empty | row for row in rows], source / NEW / f"zz-{name}.json")


def write_table(folder: Path, rows: list[Row]) -> None:
    """A CSV file in the form of the first one of the folder."""
    with min(folder.glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        columns = csv.DictReader(file).fieldnames
    assert columns is not None
    with (folder / "zz-edges.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


def as_petition(number: int, cells: tuple[str, ...]) -> Row:
    """A petition, about an agency of its own unless it names one."""
    agency, dossier, *times, status = cells
    return {
        "Mã PAKN": f"PAKN.2026.9{number:05}", "Mã cơ quan": agency or f"H01.{700 + number}",
        "Mã hồ sơ": dossier, "Phân loại": "TTHC", "Trạng thái": status, "Không hài lòng": "",
        **dict(zip(PETITION_TIMES, times, strict=True)),
    }  # fmt: skip


def as_opinion(
    code: str, agency: str, dossier: str, received: str, handled: str, kind: str, disliked: str
) -> Row:
    """A petition that was sent elsewhere."""
    return {
        "Mã PAKN": f"PAKN.2026.{code}", "Mã cơ quan": agency, "Mã hồ sơ": dossier, "Phân loại": kind,
        "Ngày tiếp nhận": received, "Ngày xử lý": handled, "Trạng thái": "gửi trả VPCP",
        "Không hài lòng": disliked,
    }  # fmt: skip


def as_decision(
    agency: str, number: str, procedure: str, issued: str, basis: str, kind: str, public: str, empty_part: str
) -> Row:
    """One procedure of a decision; all its parts are filled in but at most one."""
    return {
        "Số quyết định": number, "Mã TTHC": procedure, "Mã cơ quan tham mưu": agency, "Ngày ban hành": issued,
        "Ngày hiệu lực của văn bản quy phạm pháp luật": basis, "Loại công bố": kind,
        "Ngày công khai trên CSDLQG": public,
        **{part: "  " if part == empty_part else "Có" for part in PARTS},
    }  # fmt: skip


def as_document(code: str, dossier: str, kind: str, path: str, pushed: str) -> Row:
    """One paper of the digitisation store."""
    return {
        "Mã giấy tờ": f"GT-{code}", "Mã hồ sơ": dossier, "Loại giấy tờ": kind, "Mã thành phần": "TP1",
        "Ngày số hóa": "03/03/2026 08:00:00", "Đường dẫn": path, "Đã đồng bộ DVCQG": pushed,
    }  # fmt: skip


def add_agencies(folder: Path, departments: list[tuple[str, str, str]]) -> None:
    """Departments that begin or end within the year, or are gone from the newest list."""
    rows = [
        {"Mã cơ quan": code, "Mã cũ": "", "Tên cơ quan": f"Sở {code}", "Loại cơ quan": "2",
         "Mã cơ quan cấp trên": "H01", "Hiệu lực từ": begins, "Hiệu lực đến": ends}
        for code, begins, ends in departments
    ]  # fmt: skip
    write_table(folder, rows)


def add_procedures(folder: Path, procedures: list[tuple[str, str, Row]]) -> None:
    """Procedures with short and long limits, and of all kinds."""
    rows = [
        {"Mã TTHC": code, "Tên TTHC": f"Thủ tục {code}", "Mã lĩnh vực": "G15-HT01", "Tên lĩnh vực": "Hộ tịch",
         LEVEL: "TỈNH", ONLINE_LEVEL: "4", "Thời hạn giải quyết (ngày làm việc)": days,
         "Có phí lệ phí": "1", PAPER: "1", CITIZENS: "1", "Cho doanh nghiệp": "0", **others}
        for code, days, others in procedures
    ]  # fmt: skip
    write_table(folder, rows)
