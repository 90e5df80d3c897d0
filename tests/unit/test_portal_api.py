"""The portal's figures: replies of its reporting API, and rows of the one before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from orchestration.landing.contracts import load_contract
from orchestration.landing.readers.files import Part, PartReading
from orchestration.landing.readers.portal_api import read_portal_api
from tests.unit.helpers import ROOT, SOURCES

CONTRACT = load_contract(SOURCES / "portal_scores.yml")
PUBLISHED = ROOT / "tests" / "data" / "portal_old_rows_an_giang_2025-10.json"
CAPTURE = {
    "endpoint": "transparency",
    "provinceCode": "H38",
    "periodLabel": "2026",
    "capturedOn": "2026-03-30",
    "source": "portal",
}
OLD = {"TEN_COQUAN": "Sở A", "MA_COQUAN": "H38.01", "LOAI_COQUAN": "2", "CAPDONVIID": "1"}
SCORE = '"departmentName", "metricCode", field, value'


class Read:
    """Parts as the reader left them: what it says of each, and the raw rows."""

    def __init__(self, *parts: Part) -> None:
        self.con = duckdb.connect()
        columns = "".join(f', "{wire}" {kind}' for wire, kind in CONTRACT.raw_schema.items())
        self.con.execute(f"CREATE TEMP TABLE raw_rows (part_no BIGINT, row_number BIGINT{columns})")
        self.parts: dict[int, PartReading] = read_portal_api(self.con, list(parts), CONTRACT)

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        return self.con.execute(f"SELECT {columns} FROM raw_rows ORDER BY part_no, row_number").fetchall()


def part(tmp_path: Path, content: object, number: int = 0, name: str = "a.json", form: str = "json") -> Part:
    path = tmp_path / f"{number}.{form}"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Part(number, path, name, form)


def reply(data: object) -> dict[str, object]:
    return {"capture": CAPTURE, "code": "OK", "data": data}


def test_published_rows_of_the_older_portal_keep_every_group_and_total() -> None:
    read = Read(Part(0, PUBLISHED, PUBLISHED.name, "json"))
    given = json.loads(PUBLISHED.read_text(encoding="utf-8"))["rows"]
    assert read.parts[0].unreadable is None
    landed = {(name, metric): Decimal(value) for name, metric, _, value in read.rows(SCORE)}
    assert len(landed) == len(given) * 7
    for row in given:
        groups = [landed[row["TEN_COQUAN"], g] for g in ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH")]
        assert sum(groups) == landed[row["TEN_COQUAN"], "TONG_SCORE"] == Decimal(row["TONG_SCORE"])
    where = '"provinceCode", "periodLabel", endpoint, field, source'
    assert set(read.rows(where)) == {
        ("H01", "2025-10", "rest.jsp", "score", "An Giang, October 2025, published 766 rows")
    }
    assert {code for (code,) in read.rows('"departmentCode"')} == {row["MA_COQUAN"] for row in given}


def test_null_and_empty_are_no_zero_and_the_portals_own_numbers_are_dropped(tmp_path: Path) -> None:
    row = OLD | {"ID": "11358", "ID_COQUAN": "398126", "ROW_STT": "1", "TDGQ": "", "CKMB": None, "MDSH": "0"}
    read = Read(part(tmp_path, {"capture": CAPTURE, "rows": [row | {"HS_TOTAL": "15", "GHI_CHU": "chờ"}]}))
    assert read.rows(SCORE) == [
        ("Sở A", "TDGQ", "score", None),
        ("Sở A", "CKMB", "score", None),
        ("Sở A", "MDSH", "score", "0"),
        ("Sở A", "_unit", "HS_TOTAL", "15"),
    ]


@pytest.mark.parametrize(
    ("code", "province"),
    [("H05", "H05"), ("000.00.00.H37", "H37"), ("H01.187", "H01"), ("000.00.09.h01", "H01"), ("", "H38")],
)
def test_the_province_is_read_from_either_form_of_a_code(tmp_path: Path, code: str, province: str) -> None:
    rows = [{"TEN": "Đơn vị", "MA_COQUAN": code, "TDGQ": "19.05"}]
    read = Read(part(tmp_path, {"capture": CAPTURE, "rows": rows}))
    assert read.rows('"provinceCode", "departmentName"') == [(province, "Đơn vị")]


def test_a_bare_list_says_its_period_by_the_name_of_the_file(tmp_path: Path) -> None:
    read = Read(part(tmp_path, [OLD | {"TDGQ": "19.05"}], name="moi.zip!an-giang_2025-10.json"))
    assert read.rows('"provinceCode", "periodLabel", "capturedOn"') == [("H38", "an-giang_2025-10", None)]


def test_older_rows_as_csv_with_the_capture_in_columns(tmp_path: Path) -> None:
    text = "TEN_COQUAN,MA_COQUAN,TDGQ,MDHL,periodLabel\nSở A,H38.01,19.05,,2025-09\n"
    read = Read(part(tmp_path, text, name="a.csv", form="delimited"))
    assert read.rows(SCORE + ', "periodLabel"') == [
        ("Sở A", "TDGQ", "score", "19.05", "2025-09"),
        ("Sở A", "MDHL", "score", None, "2025-09"),
    ]


def test_shapes_a_and_b_stay_as_they_are(tmp_path: Path) -> None:
    metric = {"code": "1.1", "numerator": 3, "denominator": None, "ratio": 0.30, "note": "x"}
    unit = {"departmentName": "Sở A", "departmentCode": "H38.1", "metrics": [metric]}
    tree = {"parent": {"departmentName": "Tỉnh", "totalReceived": 0}, "children": None}
    read = Read(part(tmp_path, reply({"evaluation": [unit]})), part(tmp_path, reply(tree), 1))
    assert read.rows(SCORE) == [
        ("Sở A", "1.1", "numerator", "3"),
        ("Sở A", "1.1", "denominator", None),
        ("Sở A", "1.1", "ratio", "0.3"),
        ("Tỉnh", "_unit", "totalReceived", "0"),
    ]
    assert read.rows("part_no, row_number")[2:] == [(0, 3), (1, 1)]
    assert {"metricCode", "field", "value", "departmentCode"} <= read.parts[0].wires


@pytest.mark.parametrize(
    "content",
    [
        '{"capture": {',
        "[]",
        "[1]",
        "7",
        {"capture": {}, "rows": []},
        [{"MA_COQUAN": "H01", "TDGQ": "1"}],
        reply([]),
    ],
)
def test_what_is_no_reply_is_unreadable_and_takes_nothing_with_it(tmp_path: Path, content: object) -> None:
    good = reply({"parent": {"departmentName": "Tỉnh", "totalReceived": 1}})
    read = Read(part(tmp_path, content), part(tmp_path, good, 1))
    assert "not a reply of the reporting API" in str(read.parts[0].unreadable)
    assert [n for n, _ in read.parts[0].broken_rows] == [1]
    assert read.parts[1].unreadable is None
    assert read.rows("part_no, value") == [(1, "1")]


# --- rows of the older API as tables ---

HEADER = ["ID", "TEN", "TEN_COQUAN", "MA_COQUAN", "LOAI_COQUAN", "TDGQ", "TONG_SCORE", "HS_TOTAL", "ROW_STT"]
UNITS = [
    ["398126", "An Giang", "UBND tỉnh An Giang", "H01", "1", "19.05", "92.05", "1200", "1"],
    ["398133", "Lạng Sơn", "UBND tỉnh Lạng Sơn", "000.00.00.H37", "1", "10", "", "", "2"],
]
LONG = [
    ("H01", "UBND tỉnh An Giang", "TDGQ", "score", "19.05"),
    ("H01", "UBND tỉnh An Giang", "TONG_SCORE", "score", "92.05"),
    ("H01", "UBND tỉnh An Giang", "_unit", "HS_TOTAL", "1200"),
    ("H37", "UBND tỉnh Lạng Sơn", "TDGQ", "score", "10"),
    ("H37", "UBND tỉnh Lạng Sơn", "TONG_SCORE", "score", None),
    ("H37", "UBND tỉnh Lạng Sơn", "_unit", "HS_TOTAL", None),
]


def _as_text(path: Path, above: str, encoding: str) -> str:
    lines = [above, *(";".join(cells) for cells in [HEADER, *UNITS])]
    path.write_bytes("\n".join(lines).encode(encoding))
    return "delimited"


def _as_workbook(path: Path) -> str:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Bộ chỉ số 766, tháng 10 năm 2025")
        for row, cells in enumerate([HEADER, *UNITS], start=2):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return "workbook"


def _as_html(path: Path) -> str:
    rows = "".join(f"<tr><td>{'</td><td>'.join(cells)}</td></tr>" for cells in [HEADER, *UNITS])
    path.write_text(f"<html><body><table>{rows}</table></body></html>", encoding="utf-8")
    return "html"


def _as_parquet(path: Path) -> str:
    columns = {name: [unit[n] for unit in UNITS] for n, name in enumerate(HEADER)}
    pq.write_table(pa.table(columns), path)
    return "parquet"


TABLES: dict[str, Callable[[Path], str]] = {
    "an-giang.xlsx": _as_workbook,
    "an-giang.xls": _as_html,
    "an-giang.parquet": _as_parquet,
    "an-giang.csv": lambda path: _as_text(path, "", "utf-8-sig"),
    "an-giang.txt": lambda path: _as_text(path, "Bộ chỉ số 766;", "utf-16"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_older_rows_is_taken_in_the_form_it_has(tmp_path: Path, name: str) -> None:
    form = TABLES[name](tmp_path / name)
    read = Read(Part(0, tmp_path / name, name, form))
    assert read.parts[0].unreadable is None
    assert read.rows('"provinceCode", "departmentName", "metricCode", field, value') == LONG
    assert set(read.rows('"periodLabel", endpoint')) == {("an-giang", "rest.jsp")}


def test_a_line_that_is_no_row_is_counted_beside_the_others(tmp_path: Path) -> None:
    text = "TEN_COQUAN,MA_COQUAN,TDGQ\nSở A,H38.01,19.05\nSở B,H38.02\nSở C,H38.03,18\n"
    read = Read(part(tmp_path, text, name="a.csv", form="delimited"))
    assert [name for name, *_ in read.rows(SCORE)] == ["Sở A", "Sở C"]
    ((number, why),) = read.parts[0].broken_rows
    assert number == 3
    assert why == "unit 2 of the table: the line has more or fewer cells than the header"
    assert [(s.name, s.first_row) for s in read.parts[0].sections] == [
        ("unit 1 of the table", 1),
        ("unit 3 of the table", 2),
    ]


# The numbers are made up. A list that people keep may have such columns beside the portal's.
@pytest.mark.parametrize("form", ["json", "delimited"])
def test_a_number_that_reaches_a_person_is_no_figure(tmp_path: Path, form: str) -> None:
    more = {"Số điện thoại": "901234567", "SDT": "0901234567", "CCCD": "001099000111", "GHI_CHU": "gọi lại"}
    unit = OLD | {"TDGQ": "19.05", "HS_TOTAL": "0", "TILE": "0.5"} | more
    text = "\n".join([",".join(unit), ",".join(unit.values())])
    read = Read(part(tmp_path, text if form == "delimited" else [unit], name="a", form=form))
    figures = [("TDGQ", "score", "19.05"), ("_unit", "HS_TOTAL", "0"), ("_unit", "TILE", "0.5")]
    assert read.rows('"metricCode", field, value') == figures
    if form == "delimited":
        assert "Số điện thoại" in read.parts[0].wires  # the account of the file says that it was dropped


def test_a_table_of_something_else_is_unreadable(tmp_path: Path) -> None:
    read = Read(part(tmp_path, "a;b\n1;2\n", name="a.csv", form="delimited"))
    assert "TEN" in str(read.parts[0].unreadable)
    assert read.rows("*") == []


def test_what_is_no_workbook_is_unreadable(tmp_path: Path) -> None:
    read = Read(part(tmp_path, "PK", name="a.xlsx", form="workbook"))
    assert read.parts[0].unreadable is not None
    assert read.rows("*") == []
