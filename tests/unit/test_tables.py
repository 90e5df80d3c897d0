"""Finding the table in a grid, and telling its rows from what stands around them: the forms in use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.landing.tables import (
    Table,
    Wanted,
    find_table,
    is_doubtful,
    lines_set_aside,
    no_table,
    too_wide,
    wanted_of,
)
from tests.unit.helpers import contract


def wanted(*names: str, personal: tuple[str, ...] = (), key: str | None = None) -> Wanted:
    """A contract's names; the first is the key unless told."""
    columns = [
        {"name": f"c{n}", "wire": name, "type": "code", "required": n == 0} for n, name in enumerate(names)
    ]
    return wanted_of(
        contract(
            key=[f"c{names.index(key)}" if key else "c0"],
            columns=columns,
            personal=[{"wire": w, "class": "name"} for w in personal],
        )
    )


def grid(text: str) -> list[list[str]]:
    """Lines of cells from text: cells apart by |, "." for an empty one."""
    return [
        ["" if cell.strip() == "." else cell.strip() for cell in line.split("|")]
        for line in text.strip().splitlines()
    ]


def found(text: str, names: Wanted) -> Table:
    table = find_table(grid(text), names)
    assert table is not None
    return table


def aside(text: str, names: Wanted) -> list[str | None]:
    """What each line below the header is; None for a row."""
    table = found(text, names)
    lines = list(enumerate(grid(text)[table.first_line :], start=1))
    kinds = lines_set_aside([(n, c) for n, c in lines if is_doubtful(c, table)], table, len(lines))
    return [kinds.get(n) for n, _ in lines]


def test_the_followed_dossiers_have_their_header_below_titles() -> None:
    text = """
    DANH SÁCH THEO DÕI HỒ SƠ | . | . | . | . | . | . | . | . | . | . | .
    Từ ngày 01/03/2026 đến ngày 31/03/2026 | . | . | . | . | . | . | . | . | . | . | .
    STT | Đơn vị tiếp nhận | Tên thủ tục hành chính | Mã hồ sơ | Trạng thái | Địa chỉ | Người nộp | Chủ hồ sơ | Ngày nộp hồ sơ | Ngày nhận | Ngày hẹn trả | Ngày kết thúc xử lý
    1 | Sở Tư pháp | Khai sinh | H38-1 | Đã trả | x | y | z | 01/03/2026 | 02/03/2026 | . | .
    """  # noqa: E501
    names = wanted("Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả", personal=("Chủ hồ sơ", "Người nộp"))
    table = found(text, names)
    assert table.columns == {"Mã hồ sơ": 3, "Ngày nhận": 9, "Ngày hẹn trả": 10}
    assert table.first_line == 3
    assert {"STT", "Chủ hồ sơ", "Địa chỉ"} <= table.wires
    assert table.guards == (3,)
    assert table.set_aside == {"title": 2, "header": 1}


REGISTER = """
SỔ THEO DÕI HỒ SƠ
. | .
TT | Mã hồ sơ | Tên TTHC | Tên cá nhân/tổ chức | Ngày tháng năm | . | . | Ghi chú
. | . | . | . | Nhận hồ sơ | Hẹn trả kết quả | Trả kết quả | .
1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
1 | H38-1 | Khai sinh | x | 01/03/2026 | 02/03/2026 | . | .
Tổng cộng | . | 1 | . | . | . | . | .
. | Người lập | . | . | . | Thủ trưởng | . | .
"""


@pytest.mark.parametrize("name", ["Nhận hồ sơ", "Ngày tháng năm Nhận hồ sơ", "NGÀY THÁNG NĂM"])
def test_the_statutory_book_has_a_header_of_two_lines(name: str) -> None:
    names = wanted("Mã hồ sơ", name, "Hẹn trả kết quả", personal=("Tên cá nhân/tổ chức",))
    table = found(REGISTER, names)
    assert table.columns == {"Mã hồ sơ": 1, name: 4, "Hẹn trả kết quả": 5}
    assert table.first_line == 5
    assert table.set_aside == {"title": 1, "blank": 1, "header": 2, "column numbers": 1}


def test_a_caption_is_no_row_when_none_of_its_columns_is_wanted() -> None:
    table = found(REGISTER, wanted("Mã hồ sơ", "Tên TTHC"))
    assert (table.first_line, table.set_aside["header"]) == (5, 2)
    # signatures below the total may stand where the key does
    assert aside(REGISTER, wanted("Mã hồ sơ", "Tên TTHC")) == [None, "total", "footer"]


def test_template_keys_are_matched_as_they_are() -> None:
    text = """
    STT | MaHoSo | TrichYeuHoSo | SoBoHoSo | ChuHoSo | NgayTiepNhan | NgayHenTra | NgayTra | TenDiaBan
    1 | H38-1 | . | 1 | x | 20260301073000 | . | . | Xã Mẫu
    """
    table = found(text, wanted("MaHoSo", "NgayTiepNhan", "NgayHenTra", personal=("ChuHoSo", "TrichYeuHoSo")))
    assert table.columns == {"MaHoSo": 1, "NgayTiepNhan": 5, "NgayHenTra": 6}
    assert aside(text, wanted("MaHoSo")) == [None]


FORM_06A = """
Biểu số 06a/VPCP/KSTT | . | . | . | . | . | . | . | .
STT | Đơn vị/Lĩnh vực | Số hồ sơ nhận giải quyết | . | . | . | Số hồ sơ đã giải quyết | . | .
. | . | Tổng số | Trong kỳ | . | Từ kỳ trước | Tổng số | Trước hạn | Quá hạn
. | . | . | Trực tuyến | Trực tiếp, dịch vụ bưu chính | . | . | . | .
(1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9) | (8) | (9)
1 | Sở Tư pháp | 10 | 5 | 4 | 1 | 8 | 7 | 1
. | Tổng số | 10 | 5 | 4 | 1 | 8 | 7 | 1
"""


def test_form_06a_has_captions_over_captions() -> None:
    names = wanted(
        "Đơn vị/Lĩnh vực",
        "Số hồ sơ nhận giải quyết Tổng số",
        "Số hồ sơ nhận giải quyết Trong kỳ Trực tuyến",
        "Trực tiếp, dịch vụ bưu chính",
        "Từ kỳ trước",
        "Số hồ sơ đã giải quyết Tổng số",
        "Số hồ sơ đã giải quyết Quá hạn",
    )
    table = found(FORM_06A, names)
    assert list(table.columns.values()) == [1, 2, 3, 4, 5, 6, 8]
    assert table.first_line == 5
    assert table.set_aside == {"title": 1, "header": 3, "column numbers": 1}
    assert aside(FORM_06A, names) == [None, "total"]


def test_the_report_on_fees_ends_with_a_total() -> None:
    text = """
    STT | Mã hồ sơ | Loại tiếp nhận | Tên người nộp | Số biên lai | Ngày thu phí lệ phí | Phí (VNĐ) | Lệ phí (VNĐ) | Tổng số (VNĐ)
    1 | H38-1 | Trực tiếp | x | 12 | 01/03/2026 | 1.000 | 2.000 | 3.000
    2 | . | Trực tiếp | y | 13 | 01/03/2026 | 1.000 | 2.000 | 3.000
    Tổng cộng: | . | . | . | . | . | 2.000 | 4.000 | 6.000
    """  # noqa: E501
    names = wanted("Mã hồ sơ", "Phí (VNĐ)", "Tổng số (VNĐ)", personal=("Tên người nộp",))
    assert aside(text, names) == [None, None, "total"]


def test_only_lines_at_the_end_are_notes() -> None:
    text = """
    STT | Mã | Tên | Loại | Số
    . | . | một dòng thiếu mã | . | .
    1 | A1 | a | b | 5
    . | . | . | . | 7
    . | . | Người lập biểu | . | .
    . | . | . | . | .
    . | Ghi chú: số liệu thử | . | . | .
    """
    # the last has something where the key stands, so it is a row
    assert aside(text, wanted("Mã", "Tên")) == [None, None, None, None, "blank", None]
    ended = text.replace("| Ghi chú: số liệu thử | .", "| . | Ghi chú: số liệu thử")
    assert aside(ended, wanted("Mã", "Tên")) == [None, None, None, "footer", "blank", "footer"]


def test_a_name_that_begins_as_a_total_is_no_total() -> None:
    text = "Mã | Tên | Số\n. | . | .\n. | Tổng công ty Điện lực | 5\nTổng công ty | x | 6\nCộng | . | 11"
    assert aside(text, wanted("Mã", "Tên")) == ["blank", None, None, "total"]


def test_the_header_once_more_is_no_row() -> None:
    text = "Mã | Tên\nA | b\nMã | TÊN | .\nMã | Bình\n"
    assert aside(text, wanted("Mã", "Tên")) == [None, "repeated header", None]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("1 | 2 | 3 | 4", True),
        ("(1) | (2) | (3)=(1)+(2) | (4)", True),
        ("A | B | 1 | 2", True),
        ("1 | 2 | 3 | 5", False),
        ("2 | 3 | 4 | 5", False),
        ("1 | . | 2 | 3", False),
        ("1 | H1 | 3 | 4", False),
    ],
)
def test_a_line_of_column_numbers_is_told_from_a_row(line: str, numbers: bool) -> None:
    table = found(f"STT | Mã | Tên | Số\n{line}", wanted("Mã", "Tên"))
    assert table.first_line == 1 + numbers
    assert table.set_aside["column numbers"] == int(numbers)


def test_of_two_columns_alike_the_first_counts() -> None:
    assert found("Mã | Số | số\n", wanted("Mã", "Số")).columns == {"Mã": 0, "Số": 1}


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("M· hå s¬ | Ngµy nhËn", "tcvn3"),
        ("Maõ hoà sô | Ngaøy nhaän", "vni"),
        ("Mã hồ sơ | Ngày nhận", "unicode"),
    ],
)
def test_a_header_in_an_old_encoding_is_matched(header: str, encoding: str) -> None:
    table = found(f"STT | {header}", wanted("Mã hồ sơ", "Ngày nhận"))
    assert (table.columns, table.encoding) == ({"Mã hồ sơ": 1, "Ngày nhận": 2}, encoding)


def test_without_any_column_there_is_no_table() -> None:
    names = wanted("Mã hồ sơ", personal=("Chủ hồ sơ",))
    assert find_table(grid("STT | Chủ hồ sơ\n1 | x"), names) is None
    assert find_table([], names) is None
    assert no_table(names) == (
        "no line among the first 40 holds the columns of this source (first missing: Mã hồ sơ): "
        "deliver the table with its header"
    )
    assert too_wide(1000) is None
    assert too_wide(1001) is not None


@given(st.lists(st.lists(st.sampled_from(["", "Mã", "Tên", "Tổng cộng", "1", "x"]), max_size=6), max_size=12))
def test_no_line_with_a_key_is_ever_set_aside(body: list[list[str]]) -> None:
    names = wanted("Mã", "Tên")
    lines = [["STT", "Mã", "Tên", "Số", "Loại"], *body]
    table = find_table(lines, names)
    assert table is not None
    rows = list(enumerate(lines[table.first_line :], start=1))
    kinds = lines_set_aside([(n, c) for n, c in rows if is_doubtful(c, table)], table, len(rows))
    (guard,) = table.guards
    for number, cells in rows:
        if len(cells) > guard and cells[guard] in ("1", "x") and kinds.get(number) != "repeated header":
            assert number not in kinds
