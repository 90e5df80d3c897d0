"""Delimited text, read directly: every dialect in, rows with their numbers out, every fault named."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.landing import limits
from orchestration.landing.legacy_text import decode_bytewise
from orchestration.landing.readers.delimited import read_delimited
from orchestration.landing.readers.encodings import BYTEWISE
from orchestration.landing.readers.files import Section
from tests.peak_memory import growing
from tests.unit.helpers import contract, message_contract
from tests.unit.reading import Read, read

TABLE = "Mã giấy,Số tiền,Ghi chú\nG1,1,một\nG2,2,hai\n"
CELLS = "the line has more or fewer cells than the header"


def read_text(folder: Path, content: str | bytes, **changes: object) -> Read:
    path = folder / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(read_delimited, "delimited", contract(**changes), path)


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace(",", "|").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace("\n", "\r\n", 1).encode(),
        TABLE.rstrip("\n").encode(),
        b"\n\n" + TABLE.encode(),
        TABLE.replace("Mã giấy", " mÃ   GIẤY ").replace("Ghi chú", "GHI CHÚ").encode(),
        TABLE.replace("Mã giấy,Số tiền,Ghi chú", '"Mã giấy","Số tiền","Ghi chú"').encode(),
        TABLE.replace("Mã giấy,Số tiền", '"Mã\ngiấy","Số\r\ntiền"').encode(),
        unicodedata.normalize("NFD", TABLE).replace("một", "một").encode(),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
    ],
    ids=[
        "plain",
        "BOM",
        "semicolon",
        "tab",
        "bar",
        "CRLF",
        "CR",
        "mixed line ends",
        "no last line end",
        "blank lines before",
        "case and blanks of headers",
        "quoted headers",
        "headers over two lines",
        "decomposed letters",
        "UTF-16",
        "UTF-16 BE",
        "UTF-16 without BOM",
        "UTF-16 BE without BOM",
    ],
)
def test_tables_in_every_dialect(tmp_path: Path, content: bytes) -> None:
    found = read_text(tmp_path, content)
    rows = [
        (n, *(unicodedata.normalize("NFC", x) for x in r))
        for n, *r in found.rows("Mã giấy", "Số tiền", "Ghi chú")
    ]
    assert rows == [(1, "G1", "1", "một"), (2, "G2", "2", "hai")]
    assert found.part.unreadable is None
    assert found.part.broken_rows == []
    assert found.part.wires == {"Mã giấy", "Số tiền", "Ghi chú"}


def test_quoted_cells_hold_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    text = 'Ghi chú,Mã giấy\n"một, hai",G1\n"ba\nbốn",G2\n"""năm"" sáu",G3\n"",G4\n  bảy  ,G5\n'
    assert read_text(tmp_path, text).rows("Mã giấy", "Ghi chú") == [
        (1, "G1", "một, hai"),
        (2, "G2", "ba\nbốn"),
        (3, "G3", '"năm" sáu'),
        (4, "G4", None),
        (5, "G5", "  bảy  "),
    ]


def test_the_delimiter_is_the_one_that_shows_the_columns(tmp_path: Path) -> None:
    text = 'Mã giấy;"Phí, lệ phí, thuế, khác";Số tiền\nG1;x;1\n'
    found = read_text(tmp_path, text)
    assert found.rows("Mã giấy", "Số tiền") == [(1, "G1", "1")]
    assert found.part.wires == {"Mã giấy", "Phí, lệ phí, thuế, khác", "Số tiền"}
    text = "Danh sách, theo dõi, hồ sơ, giấy tờ, năm\nMã giấy\tSố tiền\nG1\t1,5\n"
    assert read_text(tmp_path, text).rows("Mã giấy", "Số tiền") == [(1, "G1", "1,5")]


@pytest.mark.parametrize(
    ("lines", "good", "bad"),
    [
        ("G1,1,a,x|G2,2,b", [2], [1]),
        ("G1,1|G2,2,b", [2], [1]),
        ("G1,1,a|G2,2|G3,3,c", [1, 3], [2]),
        ("G1,1,a|G2,2|G3,3,c,x|G4,4,d", [1, 4], [2, 3]),
        ('G1,1,"a\nb"|G2,2|G3,3,c|G4,4,d,x|G5,5,e', [1, 3, 5], [2, 4]),
        ("G1,1,a|G2,2,b|G3", [1, 2], [3]),
        ("G1,1|G2,2|G3,3", [], [1, 2, 3]),
        ("G1,1,a,x|G2,2,b,x", [], [1, 2]),
        ("|G1,1,a||G2,2||G3,3,c|", [1, 3], [2]),
        ("G1,1,a|,,|G3,3,c,x|G4,4,d", [1, 4], [3]),
    ],
)
def test_a_line_with_too_many_or_few_cells_is_one_broken_row(
    tmp_path: Path, lines: str, good: list[int], bad: list[int]
) -> None:
    found = read_text(tmp_path, "Mã giấy,Số tiền,Ghi chú\n" + lines.replace("|", "\n") + "\n")
    blank = ",," in lines
    number = {n: n - (blank and n > 2) for n in (*good, *bad)}
    assert found.rows("Mã giấy") == [(number[n], f"G{n}") for n in good]
    assert found.part.broken_rows == [(number[n], CELLS) for n in bad]
    assert found.part.set_aside["blank"] == int(blank)
    assert found.part.unreadable is None


def test_empty_cells_beyond_the_header_are_no_cells(tmp_path: Path) -> None:
    text = "Mã giấy,Số tiền\nG1,1\nG2,2,\nG3,3,, \nG4,4,,x\n"
    found = read_text(tmp_path, text)
    assert found.rows("Mã giấy", "Số tiền") == [(1, "G1", "1"), (2, "G2", "2"), (3, "G3", "3")]
    assert found.part.broken_rows == [(4, CELLS)]
    found = read_text(tmp_path, "Mã giấy,Số tiền,\nG1,1,\n")
    assert found.rows("Mã giấy", "Số tiền") == [(1, "G1", "1")]
    assert found.part.wires == {"Mã giấy", "Số tiền"}


def test_a_line_of_another_encoding_is_one_broken_row(tmp_path: Path) -> None:
    text = "Mã giấy,Ghi chú\nG1,a\n".encode() + "G2,né\n".encode("cp1258") + b"G3,c\n"
    found = read_text(tmp_path, text)
    assert found.rows("Mã giấy", "Ghi chú") == [(1, "G1", "a"), (3, "G3", "c")]
    assert found.part.broken_rows == [(2, "the line is not UTF-8")]
    assert found.part.encoding == "utf-8"


@pytest.mark.parametrize("before", [0, 100_000], ids=["at the beginning", "beyond what is looked at"])
def test_a_file_that_is_not_utf8_is_text_of_one_byte_a_character(tmp_path: Path, before: int) -> None:
    # TCVN3, a byte each: §¨ng ký, ViÖt Nam
    note = bytes([0xA7, 0xA8]) + b"ng k" + bytes([0xFD])
    text = b"MaHoSo,GhiChu\n" + b"G,aaaaaaaaaaaa\n" * before + b"G1," + note + b"\nG2,c\n"
    columns = [
        {"name": "paper_code", "wire": "MaHoSo", "type": "code", "required": True},
        {"name": "note_text", "wire": "GhiChu", "type": "text"},
    ]
    found = read_text(tmp_path, text, columns=columns)
    assert found.rows("MaHoSo", "GhiChu")[before:] == [
        (before + 1, "G1", decode_bytewise(note)),
        (before + 2, "G2", "c"),
    ]
    assert found.part.encoding == BYTEWISE
    assert found.part.broken_rows == []


def test_a_header_in_an_old_encoding_is_found(tmp_path: Path) -> None:
    # "Mã giấy;Số tiền" in TCVN3
    header = (
        b"M" + bytes([0xB7]) + b" gi" + bytes([0xCA]) + b"y;S" + bytes([0xE8]) + b" ti" + bytes([0xD2]) + b"n"
    )
    found = read_text(tmp_path, header + b"\nG1;1\n")
    assert found.rows("Mã giấy", "Số tiền") == [(1, "G1", "1")]
    assert found.part.wires == {"Mã giấy", "Số tiền"}


def test_a_quote_that_is_not_closed_makes_the_rest_unreadable(tmp_path: Path) -> None:
    # it would swallow the rest of the file as one row
    text = "Mã giấy,Ghi chú\nG1,a\n" + 'G2,"b\n' + "".join(f"G{n},c\n" for n in range(3, 500))
    found = read_text(tmp_path, text)
    assert found.rows("Mã giấy") == [(1, "G1")]
    assert found.part.broken_rows == [(2, "a quoted cell does not end where its quote ends")]
    assert found.part.unreadable == (
        "row 2: a quoted cell does not end where its quote ends: ask for the file to be delivered again"
    )


def test_a_quote_that_ends_inside_its_cell_breaks_its_line_only(tmp_path: Path) -> None:
    found = read_text(tmp_path, 'Mã giấy,Ghi chú\nG1,"Công ty "ABC" Việt"\nG2,b\n')
    assert found.rows("Mã giấy") == [(2, "G2")]
    assert found.part.broken_rows == [(1, "a quoted cell does not end where its quote ends")]
    assert found.part.unreadable is None


@pytest.mark.parametrize("text", ["Mã giấy,Số tiền\n", "Mã giấy,Số tiền"])
def test_a_table_of_a_header_only_has_no_rows(tmp_path: Path, text: str) -> None:
    found = read_text(tmp_path, text)
    assert found.rows() == []
    assert found.part.unreadable is None
    assert found.part.wires == {"Mã giấy", "Số tiền"}


def test_of_two_columns_alike_the_first_counts(tmp_path: Path) -> None:
    found = read_text(tmp_path, "Mã giấy,Số tiền,số tiền\nG1,1,5\n")
    assert found.rows("Mã giấy", "Số tiền") == [(1, "G1", "1")]


def test_personal_and_unknown_columns_are_named_and_not_kept(tmp_path: Path) -> None:
    found = read_text(tmp_path, "Mã giấy,CHỦ SỞ HỮU, Màu  sắc \nG1,Nguyễn Văn Mẫu,đỏ\n")
    assert found.rows("Mã giấy") == [(1, "G1")]
    assert found.part.wires == {"Mã giấy", "Chủ sở hữu", "Màu sắc"}


def test_a_table_without_any_column_of_the_source_is_unreadable(tmp_path: Path) -> None:
    found = read_text(tmp_path, "Màu\nđỏ\n")
    assert found.rows() == []
    assert found.part.unreadable == (
        "no line among the first 40 holds the columns of this source (first missing: Mã giấy): "
        "deliver the table with its header"
    )


@pytest.mark.parametrize(
    "title", ["DANH SÁCH", "DANH SÁCH,,", '"Sở ""Tư pháp""",,', 'Sở "Tư pháp"', '"Sở" x']
)
def test_titles_totals_and_signatures_are_no_rows(tmp_path: Path, title: str) -> None:
    text = f"""{title}

Mã giấy,Số tiền,Ghi chú
G1,1,a
,,
,7,một dòng thiếu mã
G2,2,b
Mã giấy,Số tiền,Ghi chú
G3,3,c
Tổng cộng,6,
,,Người lập biểu
"""
    found = read_text(tmp_path, text)
    assert found.rows("Mã giấy", "Số tiền") == [
        (1, "G1", "1"),
        (2, None, "7"),
        (3, "G2", "2"),
        (4, "G3", "3"),
    ]
    assert found.part.set_aside == {
        "title": 1,
        "header": 1,
        "blank": 1,
        "repeated header": 1,
        "total": 1,
        "footer": 1,
    }
    assert found.part.sections == [Section("", 1, 4)]


def test_a_list_is_read_from_json_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'Mã giấy,Phi\nG1,"[{""MaPhi"": ""p1"", ""Gia"": 7}]"\nG2,\nG3,[]\n'
        'G4,p1\nG5,"{""MaPhi"": 1}"\nG6,null\n'
    )
    found = read(read_delimited, "delimited", message_contract(), path)
    fee = {"MaPhi": "p1", "MaPhiCu": None, "Gia": "7", "BienLai": None}
    assert found.rows("Mã giấy", "Phi") == [(1, "G1", [fee]), (2, "G2", None), (3, "G3", []), (6, "G6", None)]
    assert found.part.broken_rows == [(4, "a list in it is not a list"), (5, "a list in it is not a list")]


def test_one_bad_file_takes_nothing_with_it(tmp_path: Path) -> None:
    for name, text in (("a.csv", TABLE), ("b.csv", "Màu\n"), ("c.csv", TABLE + "G3\n")):
        (tmp_path / name).write_text(text)
    found = read(read_delimited, "delimited", contract(), *(tmp_path / f"{n}.csv" for n in "abc"))
    assert found.rows("Mã giấy", part=1) == found.rows("Mã giấy", part=3) == [(1, "G1"), (2, "G2")]
    assert [r.unreadable is None for r in found.parts.values()] == [True, False, True]
    assert found.parts[3].broken_rows == [(3, CELLS)]


# --- beyond limits ---


@pytest.mark.parametrize("where", ["first", "later"])
def test_a_line_beyond_the_limit_is_one_message_and_little_memory(tmp_path: Path, where: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as out:
        if where == "later":
            out.write(TABLE.encode())
        for _ in range(100):
            out.write(b"x" * limits.MEBIBYTE)
    with growing() as grown:
        found = read(read_delimited, "delimited", contract(), path)
        assert grown() < 600 * limits.MEBIBYTE
    assert found.part.unreadable is not None
    assert "a line is longer than 16 MiB" in found.part.unreadable
    assert len(found.part.unreadable) < 200
    assert found.rows("Mã giấy") == ([(1, "G1"), (2, "G2")] if where == "later" else [])


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    found = read_text(tmp_path, "Mã giấy" + "," * 20_000 + "\nG1" + "," * 20_000 + "\n")
    assert found.part.unreadable == (
        "the table has more than 1,000 columns: deliver the columns of this source only"
    )


# --- any table comes back ---

_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=12)
TEXT_COLUMNS = [
    {"name": "paper_code", "wire": "Mã giấy", "type": "text", "required": True},
    {"name": "note_text", "wire": "Ghi chú", "type": "text"},
    {"name": "colour", "wire": "Màu", "type": "text"},
]
# a row has a key with a digit: lines without a key may be totals and notes
TABLES = st.lists(
    st.tuples(st.integers(0, 10**12).map(lambda n: f"H{n}"), _TEXT, _TEXT).map(list), min_size=1, max_size=20
)


def tidied(cells: list[str | None]) -> list[str]:
    """Cells as landing types them: trimmed, NFC."""
    return [unicodedata.normalize("NFC", cell or "").strip() for cell in cells]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    TABLES,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_comes_back(
    tmp_path: Path, table: list[list[str]], delimiter: str, encoding: str, end: str, quoting: int
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["Mã giấy", "Ghi chú", "Màu"], *table])
    found = read_text(tmp_path, out.getvalue().encode(encoding), columns=TEXT_COLUMNS)
    assert found.part.broken_rows == []
    assert found.part.unreadable is None
    got = found.rows("Mã giấy", "Ghi chú", "Màu")
    assert [tidied(list(row[1:])) for row in got] == [tidied(list(row)) for row in table]
    assert [row[0] for row in got] == list(range(1, len(table) + 1))
