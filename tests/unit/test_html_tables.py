"""HTML pages saved as workbooks, read directly."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from orchestration.landing import limits
from orchestration.landing.readers.encodings import BYTEWISE
from orchestration.landing.readers.files import Section
from orchestration.landing.readers.html_tables import read_html_tables
from tests.peak_memory import growing
from tests.unit.helpers import contract
from tests.unit.reading import Read, read
from tests.unit.test_delimited import TABLES, TEXT_COLUMNS, tidied
from tests.unit.test_workbooks import DATA, REGISTER, REGISTER_ROWS, REGISTER_SET_ASIDE, register_contract

NO_TABLE = (
    "no line among the first 40 holds the columns of this source (first missing: Mã giấy): "
    "deliver the table with its header"
)


def read_page(folder: Path, content: str | bytes, **changes: Any) -> Read:
    path = folder / "a.xls"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(read_html_tables, "html", contract(**changes), path)


def page(*lines: str) -> str:
    """A page of one table; cells apart by |."""
    rows = "".join(f"<tr><td>{line.replace('|', '</td><td>')}</td></tr>" for line in lines)
    return f"<html><body><table>{rows}</table></body></html>"


def test_the_followed_dossiers_saved_as_workbook(tmp_path: Path) -> None:
    text = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
    <meta http-equiv="Content-Type" content="text/html; charset=utf-8">
    <style>td { mso-number-format: "@" }</style>
    </head><body><div><h3>DANH S&Aacute;CH THEO D&Otilde;I H&#7890; S&#416;</h3></div>
    <table border=1><thead>
    <tr><th>STT<th>Đơn vị tiếp nhận<th>Tên thủ tục<br>hành chính<th>Mã&nbsp;hồ sơ<th>Trạng thái
        <th>Chủ hồ sơ<th>Ngày nhận<th>Ngày hẹn trả</tr></thead><tbody>
    <tr><td>1<td>Sở Tư ph&aacute;p<td>Khai sinh<br/>lại<td> H38-1 <td>Đã trả<td>x
        <td>01/03/2026 07:30:00<td>&nbsp;</tr>
    <tr><td>2<td>Sở &amp; Ban<td><p>Khai</p><p>tử</p><td><a href="http://a.invalid/">H38-2</a><td>Đã trả
        <td>y<td><td></tr>
    </tbody></table></body></html>"""
    columns = [
        {"name": "dossier_code", "wire": "Mã hồ sơ", "type": "code", "required": True},
        {"name": "agency_name", "wire": "Đơn vị tiếp nhận", "type": "text"},
        {"name": "procedure_name", "wire": "Tên thủ tục hành chính", "type": "text"},
        {"name": "received_at", "wire": "Ngày nhận", "type": "timestamp"},
        {"name": "due_at", "wire": "Ngày hẹn trả", "type": "timestamp"},
    ]
    found = read_page(tmp_path, text, columns=columns, key=["dossier_code"])
    assert found.part.unreadable is None
    assert found.rows(
        "Mã hồ sơ", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Ngày nhận", "Ngày hẹn trả"
    ) == [
        (1, "H38-1", "Sở Tư pháp", "Khai sinh lại", "01/03/2026 07:30:00", None),
        (2, "H38-2", "Sở & Ban", "Khai tử", None, None),
    ]
    assert found.part.sections == [Section("table 1", 1, 2)]
    assert {"STT", "Chủ hồ sơ", "Trạng thái"} <= found.part.wires


def test_the_register_as_libreoffice_saves_it() -> None:
    found = read(read_html_tables, "html", register_contract(), DATA / "register-html.xls")
    assert found.part.unreadable is None
    # a page shows numbers as the writer's language has them, here English
    shown = [(*row[:-1], {"75000,5": "75000.5"}.get(str(row[-1]), row[-1])) for row in REGISTER_ROWS]
    assert found.rows(*REGISTER) == shown
    assert found.part.set_aside == REGISTER_SET_ASIDE


def test_merged_cells_of_a_header_and_of_rows(tmp_path: Path) -> None:
    text = """<table><tr><td rowspan=2>Mã giấy<td colspan="2">Số<td rowspan=2>Ghi chú</tr>
    <tr><td>Số tiền<td>khác</tr>
    <tr><td>G1<td>1<td>2<td rowspan="2">chung</tr><tr><td>G2<td>3<td>4</tr>
    <tr><td>G3<td colspan=2>5<td>y</tr></table>"""
    found = read_page(tmp_path, text)
    assert found.rows("Mã giấy", "Số tiền", "Ghi chú") == [
        (1, "G1", "1", "chung"),
        (2, "G2", "3", None),
        (3, "G3", "5", "y"),
    ]


def test_tables_in_tables_and_one_after_another(tmp_path: Path) -> None:
    inner = page("Mã giấy|Số tiền", "G1|1", "G2|2")
    outer = f"<table><tr><td>Trang</td><td>{inner}</td></tr></table>{page('Mã giấy|Ghi chú', 'G3|x')}"
    found = read_page(tmp_path, outer)
    assert found.rows("Mã giấy", "Số tiền", "Ghi chú") == [
        (1, "G1", "1", None),
        (2, "G2", "2", None),
        (3, "G3", None, "x"),
    ]
    assert [s.first_row for s in found.part.sections] == [1, 3]


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-8", '<meta charset="utf-8">'),
        ("utf-8", "<meta charset=windows-1252>"),
        ("utf-16", ""),
        ("utf-16-le", '<meta charset="utf-16">'),
    ],
)
def test_unicode_pages(tmp_path: Path, encoding: str, meta: str) -> None:
    text = page("Mã giấy|Ghi chú", "G1|Hòa Bình")
    found = read_page(tmp_path, text.replace("<body>", meta + "<body>").encode(encoding))
    assert found.rows("Mã giấy", "Ghi chú") == [(1, "G1", "Hòa Bình")]


def test_pages_of_one_byte_a_character(tmp_path: Path) -> None:
    # M· giÊy in TCVN3; no-break blanks are letters in VISCII
    text = page("M\xb7 gi\xcay|Ghi ch\xf3", "G1|ViÖt\xa0").replace(
        "<body>", "<meta charset=iso-8859-1><body>"
    )
    found = read_page(tmp_path, text.encode("cp1252"))
    assert found.rows("Mã giấy", "Ghi chú") == [(1, "G1", "ViÖt\xa0")]
    assert found.part.encoding == BYTEWISE


def test_a_page_without_a_table_is_unreadable(tmp_path: Path) -> None:
    for text in ("<html><body>504</body></html>", "<p>", page("Bìa", "x")):
        assert read_page(tmp_path, text).part.unreadable == NO_TABLE


def test_a_page_that_breaks_off_keeps_its_whole_lines(tmp_path: Path) -> None:
    found = read_page(tmp_path, page("Mã giấy|Số tiền", "G1|1", "G2|2").split("</td><td>2<")[0])
    assert found.rows("Mã giấy")[0] == (1, "G1")


# --- pages made to harm ---


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000 + page("Mã giấy", "G1"),
        "<table><tr><td>" * 100_000 + "Mã giấy",
        "<b>" * 100_000,
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>' + page("Màu", "&c;"),
        "<table><tr><td colspan=999999999>Mã giấy<td>x</tr></table>",
        page("Mã giấy" + "|x" * 20_000),
    ],
    ids=["nested tags", "nested tables", "nested letters", "entities", "colspan", "columns"],
)
def test_pages_made_to_harm_are_one_message(tmp_path: Path, text: str) -> None:
    start = time.monotonic()
    with growing() as grown:
        found = read_page(tmp_path, text)
        assert grown() < 300 * limits.MEBIBYTE
    assert time.monotonic() - start < 20
    assert found.part.unreadable is not None


def test_entities_from_elsewhere_are_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("bí mật")
    text = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    found = read_page(tmp_path, text + page("Mã giấy|Ghi chú", "G1|&x;"))
    assert "bí mật" not in str(found.rows("Ghi chú"))


def test_a_page_beyond_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HTML_BYTES", 10)
    unreadable = read_page(tmp_path, page("Mã giấy", "G1")).part.unreadable
    assert unreadable is not None
    assert unreadable.startswith("the page is larger than")


def test_a_long_table_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    with path.open("w") as out:
        out.write("<table><tr><td>Mã giấy<td>Số tiền<td>Chủ sở hữu</tr>\n")
        out.writelines(f"<tr><td>G{n}<td>{n}<td>Nguyễn Văn Mẫu {n}</tr>\n" for n in range(1, 200_001))
        out.write("</table>")
    with growing() as grown:
        found = read(read_html_tables, "html", contract(), path)
        assert grown() < 250 * limits.MEBIBYTE
    assert found.rows("Mã giấy", "Số tiền")[-1] == (200_000, "G200000", "200000")


# --- any table comes back ---


def blanks(cells: list[str]) -> list[str]:
    """As a browser shows blanks."""
    return [re.sub("[ \t\r\n\f\xa0]+", " ", cell).strip() for cell in cells]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES)
def test_any_table_comes_back(tmp_path: Path, table: list[list[str]]) -> None:
    lines = ["|".join(html.escape(cell).replace("|", "&#124;") for cell in row) for row in table]
    found = read_page(tmp_path, page("Mã giấy|Ghi chú|Màu", *lines), columns=TEXT_COLUMNS)
    got = found.rows("Mã giấy", "Ghi chú", "Màu")
    assert [row[0] for row in got] == list(range(1, len(table) + 1))
    assert [blanks(tidied(list(row[1:]))) for row in got] == [blanks(tidied(list(row))) for row in table]
