"""Workbooks of every kind, read directly: real files, typed cells, and files made to harm."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings

from orchestration.landing import limits
from orchestration.landing.contracts import Contract
from orchestration.landing.readers import workbooks
from orchestration.landing.readers.files import Section
from orchestration.landing.readers.workbooks import read_workbooks
from orchestration.landing.workbook_process import DAMAGED
from tests.data.workbooks.make_xlsb import write_xlsb
from tests.peak_memory import growing, peak_of_children
from tests.unit.helpers import ROOT, at, contract, message_contract
from tests.unit.reading import Read, read
from tests.unit.test_delimited import TABLES, TEXT_COLUMNS, tidied

DATA = ROOT / "tests" / "data" / "workbooks"
CRASHED = "the workbook takes more memory than allowed or breaks the program that opens it"


def read_file(path: Path, **changes: Any) -> Read:
    return read(read_workbooks, "workbook", contract(**changes), path)


def write_xlsx(path: Path, *sheets: Sequence[Any], **options: Any) -> Path:
    """A workbook of those sheets; datetimes as dates, texts as texts."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, **options})
    date = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for number, lines in enumerate(sheets, start=1):
        sheet = book.add_worksheet(f"Tờ {number}")
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, datetime):
                    sheet.write_datetime(row, column, cell, date)
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path


# --- files as other programs write them ---


def register_contract(**changes: Any) -> Contract:
    """The statutory book of dossiers (extract_formats §8)."""
    columns = [
        {"name": "dossier_code", "wire": "Mã hồ sơ", "type": "code", "required": True},
        {"name": "procedure_name", "wire": "Tên TTHC", "type": "text"},
        {"name": "received_at", "wire": "Nhận hồ sơ", "type": "timestamp"},
        {"name": "due_at", "wire": "Hẹn trả kết quả", "type": "timestamp"},
        {"name": "returned_at", "wire": "Ngày tháng năm Trả kết quả", "type": "timestamp"},
        {"name": "fee", "wire": "Lệ phí", "type": "decimal"},
    ]
    personal = [
        {"wire": "Tên cá nhân/tổ chức", "class": "name"},
        {"wire": "Địa chỉ, số điện thoại", "class": "address"},
    ]
    changes = {
        "key": ["dossier_code"],
        "columns": columns,
        "personal": personal,
        "number_locale": "vi",
    } | changes
    return contract(**changes)


REGISTER = ("Mã hồ sơ", "Tên TTHC", "Nhận hồ sơ", "Hẹn trả kết quả", "Ngày tháng năm Trả kết quả", "Lệ phí")
REGISTER_ROWS: list[tuple[Any, ...]] = [
    (
        1,
        "H38.1-260301-0001",
        "Đăng ký khai sinh",
        "01/03/2026 07:30:00",
        "03/03/2026 17:00:00",
        "02/03/2026 09:15:30",
        "0",
    ),
    (
        2,
        "H38.1-260301-0002",
        "Cấp giấy phép xây dựng",
        "01/03/2026 08:00:00",
        "16/03/2026 00:00:00",
        None,
        "75000,5",
    ),
    (
        3,
        "H38.1-260302-0003",
        "Chứng thực bản sao",
        "02/03/2026 10:45:10",
        "02/03/2026 17:00:00",
        "02/03/2026 11:00:00",
        "2000",
    ),
]
REGISTER_SET_ASIDE = {"title": 2, "header": 2, "column numbers": 1, "total": 1, "blank": 1, "footer": 1}


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods", "xlsb"])
def test_the_register_as_programs_save_it(ending: str) -> None:
    found = read(read_workbooks, "workbook", register_contract(), DATA / f"register.{ending}")
    assert found.part.unreadable is None
    assert found.rows(*REGISTER) == REGISTER_ROWS
    assert found.part.sections == [Section("Sổ theo dõi", 1, 6)]
    other = {} if ending == "xlsb" else {"sheet without table": 1}
    assert found.part.set_aside == other | REGISTER_SET_ASIDE
    assert {"Tên cá nhân/tổ chức", "Địa chỉ, số điện thoại", "TT", "Ký nhận"} <= found.part.wires


def test_old_xls_of_another_writer(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Tờ")
    style = xlwt.easyxf(num_format_str="DD/MM/YYYY HH:MM:SS")
    for column, name in enumerate(["Mã giấy", "Số tiền", "Ngày lập"]):
        sheet.write(0, column, name)
    sheet.write(1, 0, "G1")
    sheet.write(1, 1, 1500.5)
    sheet.write(1, 2, at("2026-03-01T07:30:00"), style)
    book.save(str(tmp_path / "a.xls"))
    found = read_file(tmp_path / "a.xls")
    assert found.rows("Mã giấy", "Số tiền", "Ngày lập") == [(1, "G1", "1500.5", "01/03/2026 07:30:00")]


def test_xlsm_and_another_writer_of_xlsx(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["Mã giấy", "Số tiền", "Đã nộp"], ["G1", 5, True], ["G2", None, False]):
        sheet.append(line)
    book.save(tmp_path / "a.xlsm")
    found = read_file(tmp_path / "a.xlsm")
    assert found.rows("Mã giấy", "Số tiền", "Đã nộp") == [(1, "G1", "5", "true"), (2, "G2", None, "false")]


# --- cells ---


def cells(folder: Path, wire: str, *values: Any, **changes: Any) -> list[str | None]:
    """What those cells of a column become."""
    lines = [["Mã giấy", wire], *([f"G{n}", value] for n, value in enumerate(values, start=1))]
    found = read_file(write_xlsx(folder / "a.xlsx", lines), **changes)
    assert found.part.unreadable is None
    return [row[1] for row in found.rows(wire)]


def test_numbers_have_no_needless_digits(tmp_path: Path) -> None:
    assert cells(
        tmp_path, "Ghi chú", 1.0, 123456789012, 1000.5, 0.1234567890123, -3, 1e20, 1.5e-7, True, "1.0"
    ) == [
        "1",
        "123456789012",
        "1000.5",
        "0.123456789",
        "-3",
        "100000000000000000000",
        "0.00000015",
        "true",
        "1.0",
    ]


def test_numbers_of_a_decimal_column_have_the_sign_of_the_contract(tmp_path: Path) -> None:
    values = (1.5, 1234, 1.234, "1.234", "1.234,56", "1.234.567", 1234567.25, 0.1, "x.y", None)
    assert cells(tmp_path, "Số tiền", *values, number_locale="vi") == [
        "1,5",
        "1234",
        "1,234",
        "1.234",
        "1.234,56",
        "1.234.567",
        "1234567,25",
        "0,1",
        "x.y",
        None,
    ]
    assert cells(tmp_path, "Số tiền", 1.5, "1.234", "1,234.56", number_locale="en") == [
        "1.5",
        "1.234",
        "1,234.56",
    ]


def test_dates_come_in_a_form_of_the_contract(tmp_path: Path) -> None:
    moment, midnight = at("2026-01-02T03:04:05"), at("2026-01-02T00:00:00")

    def dated(*forms: str) -> list[str | None]:
        return cells(tmp_path, "Ngày lập", moment, midnight, date_formats=list(forms))

    assert dated("%d/%m/%Y %H:%M:%S", "%d/%m/%Y") == ["02/01/2026 03:04:05", "02/01/2026 00:00:00"]
    assert dated("%Y%m%d%H%M%S") == ["20260102030405", "20260102000000"]
    assert dated("%d/%m/%Y", "%Y-%m-%d %H:%M:%S") == ["2026-01-02 03:04:05", "02/01/2026"]
    assert dated("%d/%m/%Y") == ["2026-01-02 03:04:05", "02/01/2026"]
    assert dated("%d/%m/%Y %H:%M") == ["2026-01-02 03:04:05", "02/01/2026 00:00"]
    assert dated("iso", "iso_zone") == ["2026-01-02T03:04:05", "2026-01-02T00:00:00"]
    assert dated("iso_zone") == ["2026-01-02T03:04:05+07:00", "2026-01-02T00:00:00+07:00"]


def test_days_as_bare_numbers_are_dates_and_texts_stay(tmp_path: Path) -> None:
    found = cells(
        tmp_path, "Ngày lập", 46024, 46024.5, 46024 + 11045.6 / 86400, "46024", "2026", "01/02/2026", "x"
    )
    assert found == [
        "02/01/2026 00:00:00",
        "02/01/2026 12:00:00",
        "02/01/2026 03:04:06",
        "46024",
        "2026",
        "01/02/2026",
        "x",
    ]
    digits = (20260102, 20260102030405, "20260102030405")
    assert cells(tmp_path, "Ngày lập", *digits) == ["20260102", "20260102030405", "20260102030405"]
    assert cells(tmp_path, "Ghi chú", at("2026-01-02T03:04:05"), 46024) == [
        "2026-01-02 03:04:05",
        "46024",
    ]


def test_the_calendar_from_1904(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", [["Mã giấy", "Ngày lập"], ["G1", at("2026-01-02T00:00:00")]], date_1904=True
    )
    assert read_file(path).rows("Ngày lập") == [(1, "02/01/2026 00:00:00")]


def test_text_with_time_is_not_taken_for_a_date_with_a_zone(tmp_path: Path) -> None:
    # landing marks it as a time whose zone is unknown
    forms = ["%d/%m/%Y", "iso"]
    assert cells(tmp_path, "Ngày lập", "2026-06-08T07:47:28", date_formats=forms) == ["2026-06-08T07:47:28"]


def test_formulas_are_never_run(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã giấy", "Số tiền", "Ghi chú"])
        sheet.write_formula(1, 0, '="G"&1', None, "G1")
        sheet.write_formula(1, 1, "=1+1", None, 7)
        sheet.write_string(1, 2, "=cmd|' /C calc'!A0")
        sheet.write_string(2, 0, "+G2")
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
        sheet.write_string(2, 2, "@SUM(A1)")
    found = read_file(path)
    assert found.rows("Mã giấy", "Số tiền", "Ghi chú") == [
        (1, "G1", "7", "=cmd|' /C calc'!A0"),
        (2, "+G2", None, "@SUM(A1)"),
    ]
    assert found.part.set_aside["error cell"] == 1


def test_of_merged_cells_the_first_has_the_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["Mã giấy", "G1", "G2"])
        sheet.write_string(0, 1, "Ghi chú")
        sheet.merge_range(1, 1, 2, 1, "chung")
    assert read_file(tmp_path / "a.xlsx").rows("Mã giấy", "Ghi chú") == [(1, "G1", "chung"), (2, "G2", None)]


def test_a_list_is_read_from_json_text(tmp_path: Path) -> None:
    lines = [["Mã giấy", "Phi"], ["G1", '[{"MaPhi": "p1", "Gia": 7}]'], ["G2", "p1"], ["G3", None]]
    found = read(read_workbooks, "workbook", message_contract(), write_xlsx(tmp_path / "a.xlsx", lines))
    fee = {"MaPhi": "p1", "MaPhiCu": None, "Gia": "7", "BienLai": None}
    assert found.rows("Mã giấy", "Phi") == [(1, "G1", [fee]), (3, "G3", None)]
    assert found.part.broken_rows == [(2, "a list in it is not a list")]


# --- sheets ---


def test_every_sheet_with_a_table_counts(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [["Bìa"]],
        [["Tháng 1"], ["Mã giấy", "Số tiền"], ["G1", 1], [None, None], ["G2", 2]],
        [],
        [["Ghi chú", "Mã giấy"], ["x", "G3"]],
    )
    found = read_file(path)
    assert found.rows("Mã giấy", "Số tiền", "Ghi chú") == [
        (1, "G1", "1", None),
        (2, "G2", "2", None),
        (3, "G3", None, "x"),
    ]
    assert found.part.sections == [Section("Tờ 2", 1, 3), Section("Tờ 4", 3, 2)]
    assert found.part.set_aside == {"title": 1, "header": 2, "blank": 1, "sheet without table": 2}


def test_a_workbook_without_table_is_unreadable(tmp_path: Path) -> None:
    found = read_file(write_xlsx(tmp_path / "a.xlsx", [["Bìa"]], []))
    assert found.part.unreadable == (
        "no line among the first 40 holds the columns of this source (first missing: Mã giấy): "
        "deliver the table with its header"
    )


def test_a_table_of_a_header_only_has_no_rows(tmp_path: Path) -> None:
    found = read_file(write_xlsx(tmp_path / "a.xlsx", [["Mã giấy", "Số tiền"]]))
    assert (found.part.unreadable, found.rows()) == (None, [])


def test_a_chart_sheet_is_no_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["Mã giấy", "G1"])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Sheet1!$A$2:$A$2"})
        book.add_chartsheet().set_chart(chart)
    found = read_file(tmp_path / "a.xlsx")
    assert (found.part.unreadable, found.rows("Mã giấy")) == (None, [(1, "G1")])


# --- files made to harm, and damaged ones ---

GOOD: list[list[Any]] = [["Mã giấy", "Số tiền"], ["G1", 1]]


def refused(folder: Path, path: Path, seconds: float = 30) -> str:
    """Why a workbook is unreadable; another one beside it is read nevertheless, soon and in little memory."""
    good = write_xlsx(folder / "good.xlsx", GOOD)
    start = time.monotonic()
    with growing() as grown:
        found = read(read_workbooks, "workbook", contract(), path, good)
        assert grown() < 300 * limits.MEBIBYTE
    assert time.monotonic() - start < seconds
    assert peak_of_children("workbook_process") < 1.5 * limits.WORKBOOK_MEMORY
    assert found.rows("Mã giấy", part=2) == [(1, "G1")]
    assert found.rows("Mã giấy", part=1) == []
    why = found.parts[1].unreadable
    assert why is not None
    return why


def with_part(folder: Path, name: str, content: bytes) -> Path:
    """A good workbook, one part of which is exchanged."""
    out = folder / "changed.xlsx"
    with (
        zipfile.ZipFile(write_xlsx(folder / "whole.xlsx", GOOD)) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for member in whole.namelist():
            changed.writestr(member, content if member == name else whole.read(member))
    return out


SHEET = "xl/worksheets/sheet1.xml"
OPENING = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
        out.open(SHEET, "w", force_zip64=True) as sheet,
    ):
        for _ in range(2048):
            sheet.write(bytes(limits.MEBIBYTE))
    assert refused(tmp_path, path) == (
        "the workbook unpacks to more than 200 times its size: save it anew in Excel"
    )


def test_a_cell_in_the_last_corner_costs_its_workbook_only(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", GOOD)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["Mã giấy", "G1"])
        sheet.write_string(1_048_575, 16_383, "x")
    assert refused(tmp_path, path).startswith(CRASHED)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["Mã giấy", *["x"] * 16_383], ["G1"]])
    assert refused(tmp_path, path).startswith("the table has more than 1,000 columns")


def test_a_million_empty_rows_are_no_rows(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_000_001))
    head = b'<row r="1"><c r="A1" t="inlineStr"><is><t>MaGiay</t></is></c></row>'
    first = b'<row r="2"><c r="A2" t="inlineStr"><is><t>G1</t></is></c></row>'
    last = b'<row r="1000001"><c r="A1000001" t="inlineStr"><is><t>G2</t></is></c></row>'
    for end, expected in ((b"", [(1, "G1")]), (last, [(1, "G1"), (2, "G2")])):
        sheet = OPENING + head + first + rows + end + b"</sheetData></worksheet>"
        columns = [{"name": "paper_code", "wire": "MaGiay", "type": "code"}]
        start = time.monotonic()
        found = read_file(with_part(tmp_path, SHEET, sheet), columns=columns)
        assert time.monotonic() - start < 20
        assert found.rows("MaGiay") == expected


def test_entities_of_xml_do_not_grow(tmp_path: Path) -> None:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    strings = (
        b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "aaaaaaaaaa">' + entities + b"]>"
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><t>&l11;</t></si><si><t>&l11;</t></si><si><t>&l11;</t></si></sst>"
    )
    refused(tmp_path, with_part(tmp_path, "xl/sharedStrings.xml", strings))


@pytest.mark.parametrize(
    "changes",
    [{0: b"XXXX"}, {6: b"\x63\x00"}, {8: b"\x00\x08", 46: b"\xff\xff"}],
    ids=["no table of contents", "a version nobody knows", "a name that is not the UTF-8 it claims to be"],
)
def test_a_damaged_table_of_contents_is_damage(tmp_path: Path, changes: dict[int, bytes]) -> None:
    """Python's zipfile raises another exception at each of them."""
    path = write_xlsx(tmp_path / "a.xlsx", GOOD)
    whole = bytearray(path.read_bytes())
    contents = whole.index(b"PK\x01\x02")
    for place, new in changes.items():
        whole[contents + place : contents + place + len(new)] = new
    path.write_bytes(whole)
    assert read_file(path).part.unreadable == DAMAGED


def test_a_process_that_was_lost_meanwhile_is_replaced(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", GOOD)
    assert read_file(path).rows("Mã giấy") == [(1, "G1")]
    kept = workbooks._idle[-1]._process
    assert kept is not None
    kept.kill()
    assert read_file(path).rows("Mã giấy") == [(1, "G1")]


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_workbook_is_damaged(tmp_path: Path, keep: float) -> None:
    for ending in ("xlsx", "xls", "ods", "xlsb"):
        whole = (DATA / f"register.{ending}").read_bytes()
        path = tmp_path / f"a.{ending}"
        path.write_bytes(whole[: int(len(whole) * keep)])
        assert "deliver" in refused(tmp_path, path)


def test_damaged_xml_is_damage(tmp_path: Path) -> None:
    sheet = OPENING + b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></ro'
    assert refused(tmp_path, with_part(tmp_path, SHEET, sheet))


def test_a_zip_that_is_no_workbook_is_damage(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as out:
        out.writestr("a.txt", "x")
    assert "save it anew in Excel" in refused(tmp_path, tmp_path / "a.xlsx")


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = subprocess.Popen, []

    def popen(command: list[str], **options: Any) -> subprocess.Popen[str]:
        started.append(command)
        if len(started) == 1:
            command = [sys.executable, "-c", "import time; time.sleep(600)"]
        return real(command, **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(workbooks, "_idle", [])
    monkeypatch.setattr(limits, "WORKBOOK_SECONDS", 5)
    why = refused(tmp_path, write_xlsx(tmp_path / "a.xlsx", GOOD))
    assert why == "the workbook was not read within 300 seconds: deliver it as CSV"
    assert len(started) == 2


def test_the_process_is_lean_and_knows_nothing_of_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_SECRET", "x")
    process = workbooks._Process._start()
    assert process.stdin is not None
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    process.stdin.close()
    assert process.wait(20) == 0
    assert b"CHISO" not in environment
    heavy = "import sys, orchestration.landing.workbook_process as w; print([m for m in ('duckdb', 'pydantic', 'pandas') if m in sys.modules])"  # noqa: E501
    assert subprocess.check_output([sys.executable, "-c", heavy], cwd=ROOT, text=True).strip() == "[]"


# --- any table comes back ---


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES)
def test_any_table_comes_back(tmp_path: Path, table: list[list[str]]) -> None:
    lines = [["Mã giấy", "Ghi chú", "Màu"], *table]
    of = contract(columns=TEXT_COLUMNS)
    write_xlsx(tmp_path / "a.xlsx", lines)
    write_xlsb(tmp_path / "a.xlsb", lines)
    found = read(read_workbooks, "workbook", of, tmp_path / "a.xlsx", tmp_path / "a.xlsb")
    for part in (1, 2):
        got = found.rows("Mã giấy", "Ghi chú", "Màu", part=part)
        assert [row[0] for row in got] == list(range(1, len(table) + 1))
        # a byte order mark before a text is no part of it: the reader of XLSB drops it, that of XLSX does not
        assert [_unmarked(row[1:]) for row in got] == [_unmarked(row) for row in table]


def _unmarked(row: Sequence[str | None]) -> list[str]:
    return [cell.removeprefix("\ufeff").strip() for cell in tidied(list(row))]
