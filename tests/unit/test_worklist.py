"""The worklist: what an agency is asked, and that its answers come back through the contract."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.cli import main
from orchestration.documents.worklist import WorklistError, read_worklist, write_worklist
from orchestration.landing.contracts import load_contract
from orchestration.landing.tables import find_table, wanted_of
from tests.unit.helpers import ROOT, SOURCES, Landed, land, put

CONTRACT = load_contract(SOURCES / "explanations.yml")
WIRES = {c.name: c.wire for c in CONTRACT.columns}
with (ROOT / "dbt_project/seeds/code_lists/finding_causes.csv").open(encoding="utf-8", newline="") as stream:
    CAUSES = list(csv.DictReader(stream))
HEADER = 4
INJECTION = '=HYPERLINK("http://example.com","a")'

# agency, dossier, rule, severity, field, portal's value, status, provisional, refined by, age
FINDINGS = [
    ("H01.09", "H01.09-260301-0001", "due_differs", "warning", "due_at", "05/03", "open", False, None, 9),
    ("H01.09", "H01.09-260301-0002", "due_differs", "warning", "due_at", INJECTION, "new", False, None, 30),
    ("H01.09", "H01.09-260301-0003", "status", "error", "status_code", None, "explained", False, None, 1),
    ("H01.09", None, "constant_flag", "error", "is_online", "@SUM(1)", "reopened", False, None, 2),
    ("H01.09", "H01.09-260301-0004", "status", "error", "status_code", None, "fixed", False, None, 1),
    ("H01.09", "H01.09-260301-0005", "status", "error", "status_code", None, "open", True, None, 1),
    ("H01.09", "H01.09-260301-0006", "status", "error", "status_code", None, "open", False, "frozen", 1),
    ("H01.10", "H01.10-260301-0001", "status", "error", "status_code", None, "open", False, None, 1),
    (None, "H99.01-260301-0001", "status", "error", "status_code", None, "open", False, None, 1),
]
OVERDUE = """SELECT * FROM (VALUES
    ('H01.09-260201-0001', 'H01.09', false, 'data_sync', TIMESTAMP '2026-03-02 17:00:00', 'vendor'),
    ('H01.09-260201-0002', 'H01.09', true, 'actual', TIMESTAMP '2026-03-03 17:00:00', 'agency'),
    ('H01.09-260201-0003', 'H01.09', NULL, 'unexplained', NULL, 'agency'),
    ('H01.10-260201-0001', 'H01.10', true, 'actual', NULL, 'agency')) AS t
    (dossier_code, agency_code, is_late_really, cause_code, one_stop_due_at, must_act)"""


@pytest.fixture
def make_release(tmp_path: Path) -> Callable[..., Path]:
    """Makes a current release that holds what a worklist is made from; returns DATA."""

    def _make(*, overdue: bool = False, without: str = "") -> Path:
        folder = tmp_path / "data" / "releases" / "2026-03-31" / "2"
        folder.mkdir(parents=True)
        (folder.parent.parent / "current").symlink_to("2026-03-31/2")
        with duckdb.connect(str(folder / "chiso.duckdb")) as con:
            con.execute("CREATE SCHEMA marts; USE marts")
            con.execute(
                """CREATE TABLE sync_findings (agency_code VARCHAR, dossier_code VARCHAR,
                       rule_code VARCHAR, severity VARCHAR, field VARCHAR, national_value VARCHAR,
                       status VARCHAR, provisional BOOLEAN, refined_by VARCHAR, age_days INTEGER)"""
            )
            con.executemany("INSERT INTO sync_findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", FINDINGS)
            con.execute(
                """CREATE OR REPLACE TABLE sync_findings AS
                   SELECT *, md5(concat(rule_code, dossier_code)) AS finding_id, 'ở tỉnh' AS one_stop_value,
                          DATE '2026-03-31' - age_days AS first_seen_on,
                          CASE WHEN age_days = 9 THEN 0.25::DECIMAL(9, 2) END AS points_at_stake
                   FROM sync_findings"""
            )
            con.execute(
                """CREATE TABLE dim_sync_rule AS
                   SELECT unnest(['due_differs', 'status', 'constant_flag']) AS rule_code,
                          'Khác nhau' AS title_vi, 'Hai bên khác nhau' AS explanation_vi,
                          'Gửi lại' AS remedy_vi, 'vendor' AS must_act"""
            )
            con.execute(
                """CREATE TABLE dim_agency AS
                   SELECT unnest(['H01', 'H01.09', 'H01.10', 'H01.11']) AS agency_code,
                          'Sở Ví dụ' AS agency_name,
                          unnest(['province', 'department', 'department', 'department']) AS agency_level"""
            )
            con.execute(
                """CREATE TABLE dim_finding_cause (cause_code VARCHAR, cause_number INTEGER,
                       title_vi VARCHAR, explanation_vi VARCHAR)"""
            )
            causes = [[*cause.values()] for cause in CAUSES]
            con.executemany("INSERT INTO dim_finding_cause VALUES (?, ?, ?, ?)", causes)
            con.execute(
                """CREATE TABLE finding_explanations AS SELECT 'X' AS finding_id, 'overdue' AS rule_code,
                   'H01.09-260201-0002' AS dossier_code, true AS is_current"""
            )
            if overdue:
                con.execute(
                    f"""CREATE TABLE overdue_explanations AS
                        SELECT *, NULL::TIMESTAMP AS one_stop_ended_at, 'Gửi lại' AS remedy_vi,
                               NULL::TIMESTAMP AS national_due_at, NULL::TIMESTAMP AS national_ended_at
                        FROM ({OVERDUE})"""
                )
            if without:
                con.execute(f"DROP TABLE {without}")
        return tmp_path / "data"

    return _make


def written(data: Path, agency: str = "H01.09", name: str = "out.xlsx") -> Path:
    out = data / name
    write_worklist(read_worklist(data / "releases", agency), CONTRACT, out)
    return out


def sheet_of(path: Path, number: int = 0) -> Worksheet:
    sheet = openpyxl.load_workbook(path).worksheets[number]
    assert isinstance(sheet, Worksheet)
    return sheet


def headers(sheet: Worksheet) -> dict[str, int]:
    """Header → number of its column."""
    return {str(cell.value): cell.column or 0 for cell in sheet[HEADER] if cell.value}


def column(sheet: Worksheet, header: str) -> list[Any]:
    return [cell.value for cell in list(sheet.columns)[headers(sheet)[header] - 1][HEADER:]]


def fill_in(path: Path, sheet_number: int, line: int, **answers: str) -> None:
    """Fill in a line of a sheet, by columns of the contract."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[sheet_number]
    places = headers(sheet)
    for name, answer in answers.items():
        sheet.cell(HEADER + line, places[WIRES[name]], answer)
    book.save(path)


def landed_answers(folder: Path, workbook: Path) -> Landed:
    put(folder / "raw", "H01.09.xlsx", workbook.read_bytes(), source="explanations")
    return land(folder, CONTRACT)


# --- what is asked ---


def test_what_is_fixed_provisional_or_said_more_precisely_is_not_asked(
    make_release: Callable[..., Path],
) -> None:
    sheet = sheet_of(written(make_release()))
    # the gravest first, then the oldest; a finding about all dossiers of the agency bears its code
    assert column(sheet, "Mã hồ sơ") == [
        "H01.09",
        "H01.09-260301-0003",
        "H01.09-260301-0002",
        "H01.09-260301-0001",
    ]
    assert column(sheet, "Mức độ") == ["Lỗi", "Lỗi", "Cảnh báo", "Cảnh báo"]
    assert column(sheet, "Tình trạng") == [
        "Tái diễn, cần giải trình lại",
        "Đã giải trình",
        "Mới",
        "Chưa giải trình",
    ]
    assert column(sheet, "Số ngày") == [2, 1, 30, 9]
    assert column(sheet, "Phát hiện từ")[0] == "29/03/2026"
    assert column(sheet, "Điểm bị ảnh hưởng")[-1] == 0.25
    assert column(sheet, "Bên phải xử lý")[0] == "Đơn vị cung cấp phần mềm"


def test_what_names_no_known_agency_is_asked_of_the_province(make_release: Callable[..., Path]) -> None:
    sheet = sheet_of(written(make_release(), "H01"))
    assert column(sheet, WIRES["dossier_code"]) == ["H99.01-260301-0001"]
    assert column(sheet, WIRES["agency_code"]) == ["H01"]


def test_answers_stand_under_the_headers_of_the_contract(make_release: Callable[..., Path]) -> None:
    sheet = sheet_of(written(make_release()))
    there = list(headers(sheet))
    assert set(WIRES.values()) <= set(there)
    # what is for people reads as none of the contract's columns
    lines = [[str(c.value or "") for c in row] for row in sheet.iter_rows(max_row=HEADER + 1)]
    table = find_table(lines, wanted_of(CONTRACT))
    assert table is not None and table.first_line == HEADER
    assert set(table.columns) == set(WIRES.values()) & set(CONTRACT.raw_schema)


def test_the_workbook_helps_to_fill_it_in(make_release: Callable[..., Path]) -> None:
    path = written(make_release())
    sheet = sheet_of(path)
    assert sheet["A1"].value == "PHÁT HIỆN CẦN GIẢI TRÌNH: Sở Ví dụ (H01.09)"
    assert sheet["A2"].value == "Số liệu ngày 31/03/2026, bản phát hành 2026-03-31/2"
    assert sheet.freeze_panes == f"B{HEADER + 1}"
    assert sheet.auto_filter.ref is not None and sheet.auto_filter.ref.startswith(f"A{HEADER}:")
    assert not sheet.protection.sheet
    (causes,) = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    place = get_column_letter(headers(sheet)["Nguyên nhân"])
    assert str(causes.sqref) == f"{place}{HEADER + 1}:{place}{HEADER + 4}"
    listed = openpyxl.load_workbook(path)["Danh mục nguyên nhân"]
    assert causes.formula1 == f"'Danh mục nguyên nhân'!$A$2:$A${len(CAUSES) + 1}"
    assert [cell.value for cell in listed["A"][1:]] == [c["title_vi"] for c in CAUSES]


def test_no_value_becomes_a_formula_or_a_link(make_release: Callable[..., Path]) -> None:
    path = written(make_release())
    sheet = sheet_of(path)
    assert INJECTION in column(sheet, "Dữ liệu trên Cổng")
    assert "@SUM(1)" in column(sheet, "Dữ liệu trên Cổng")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert not [name for name in archive.namelist() if "rels" in name and "sheet" in name]


def test_the_same_release_gives_the_same_bytes(make_release: Callable[..., Path]) -> None:
    data = make_release(overdue=True)
    assert written(data, name="a.xlsx").read_bytes() == written(data, name="b.xlsx").read_bytes()


def test_overdue_dossiers_have_a_sheet_of_their_own_where_the_release_knows_them(
    make_release: Callable[..., Path],
) -> None:
    path = written(make_release(overdue=True))
    assert openpyxl.load_workbook(path).sheetnames == ["Phát hiện", "Hồ sơ quá hạn", "Danh mục nguyên nhân"]
    sheet = sheet_of(path, 1)
    assert column(sheet, "Mã hồ sơ") == [f"H01.09-260201-000{n}" for n in (2, 1, 3)]
    assert column(sheet, "Vấn đề") == ["Quá hạn thật", "Không quá hạn thật", "Chưa rõ"]
    assert column(sheet, "Nguyên nhân theo dữ liệu") == [
        "Quá hạn thực tế",
        "Do đồng bộ dữ liệu",
        "Chưa rõ nguyên nhân",
    ]
    assert column(sheet, "Tình trạng") == ["Đã giải trình", "Chưa giải trình", "Chưa giải trình"]
    assert column(sheet, "Mã quy tắc") == ["overdue"] * 3
    assert set(WIRES.values()) <= set(headers(sheet))


# --- what comes back ---


def test_filled_in_it_is_a_delivery(make_release: Callable[..., Path], tmp_path: Path) -> None:
    path = written(make_release(overdue=True))
    fill_in(path, 0, 1, cause_code="Khác", explained_on="12/10/2026")
    fill_in(
        path,
        0,
        3,
        cause_code="Do thao tác",
        explanation_length="Cán bộ cập nhật chậm hai ngày",
        remedy_length="Đã nhắc",
        responsible_agency_code="H01",
        explained_on="01/04/2026",
        remedied_on="02/04/2026",
    )
    fill_in(path, 1, 1, cause_code="Quá hạn thực tế", explained_on="01/04/2026")
    landed = landed_answers(tmp_path, path)
    assert landed.rows(
        "dossier_code, rule_code, length(finding_id), agency_code, cause_code, explanation_length, "
        "remedy_length, responsible_agency_code, explained_on, remedied_on",
        "explanations",
    ) == [
        ("H01.09", "constant_flag", 32, "H01.09", "other", None, None, None, date(2026, 10, 12), None),
        (
            *("H01.09-260301-0002", "due_differs", 32, "H01.09", "operation", "brief", "brief", "H01"),
            *(date(2026, 4, 1), date(2026, 4, 2)),
        ),
        ("H01.09-260201-0002", "overdue", None, "H01.09", "actual", None, None, None, date(2026, 4, 1), None),
    ]
    account = landed.accounts[0]
    # what nobody answered is no row: neither landed nor in quarantine
    assert (account.rows_in, account.rows_landed, account.set_aside["unanswered"]) == (3, 3, 4)


def test_each_cause_of_the_list_comes_back_as_its_code(
    make_release: Callable[..., Path], tmp_path: Path
) -> None:
    data = make_release()
    for number, cause in enumerate(CAUSES):
        path = written(data, name=f"{number}.xlsx")
        fill_in(path, 0, 1, cause_code=cause["title_vi"], explained_on="01/04/2026")
        put(tmp_path / "raw", path.name, path.read_bytes(), source="explanations")
    rows = land(tmp_path, CONTRACT).rows("file_sha, cause_code", "explanations")
    assert sorted(code for _, code in rows) == sorted(c["cause_code"] for c in CAUSES)


def test_the_list_of_causes_is_the_contracts() -> None:
    (cause,) = [c for c in CONTRACT.columns if c.name == "cause_code"]
    assert {c["cause_code"] for c in CAUSES} == set(cause.codes.values())
    assert {c["title_vi"].upper(): c["cause_code"] for c in CAUSES}.items() <= cause.codes.items()


# --- nothing to ask, nobody to ask ---


def test_an_agency_without_findings_is_told_so(make_release: Callable[..., Path], tmp_path: Path) -> None:
    data = make_release(overdue=True)
    done = CliRunner().invoke(main, ["worklist", "--agency", "h01.11", "--data", str(data)])
    path = data / "worklists" / "2026-03-31" / "H01.11.xlsx"
    assert done.exit_code == 0
    assert done.output == f"H01.11 Sở Ví dụ, release 2026-03-31/2: nothing to explain.\n{path}\n"
    assert sheet_of(path)["A3"].value == "Không có nội dung nào cần giải trình."
    # and so it comes back
    landed = landed_answers(tmp_path, path)
    assert (landed.accounts[0].rows_in, landed.accounts[0].problems) == (0, [])


def test_the_command_says_what_it_wrote(make_release: Callable[..., Path]) -> None:
    data = make_release(overdue=True)
    out = data / "a.xlsx"
    done = CliRunner().invoke(
        main, ["worklist", "--agency", "H01.09", "--data", str(data), "--out", str(out)]
    )
    assert done.exit_code == 0
    assert done.output == (
        f"H01.09 Sở Ví dụ, release 2026-03-31/2: 4 findings to explain, 3 overdue dossiers.\n{out}\n"
    )
    assert out.exists()


@pytest.mark.parametrize(
    ("agency", "without", "out", "words"),
    [
        (
            "H01.99",
            "",
            "a.xlsx",
            "There is no agency H01.99 in release 2026-03-31/2. It has 4 agencies: H01, ",
        ),
        ("H01.09", "dim_sync_rule", "a.xlsx", "was made by an older version and holds no lives of findings."),
        ("H01.09", "", "a.csv", "the file must end in .xlsx"),
        ("H01.09", "", "no/a.xlsx", "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_said(
    make_release: Callable[..., Path], agency: str, without: str, out: str, words: str
) -> None:
    data = make_release(without=without)
    arguments = ["worklist", "--agency", agency, "--data", str(data), "--out", str(data / out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert not list(data.glob("*.xlsx*"))


def test_without_a_release_there_is_no_worklist(tmp_path: Path) -> None:
    with pytest.raises(WorklistError, match=r"no release in .* yet; `chiso nightly` makes one"):
        read_worklist(tmp_path, "H01.09")
