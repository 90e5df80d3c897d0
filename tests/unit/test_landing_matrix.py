"""Every form of file × every real fault × plain, .gz and .zip: the exact account and rows of each.

All files of a form are landed together, as in a night: what is wrong with one must not touch another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.judgement import describe_row
from tests.unit.helpers import ROOT, Landed, at, codes, contract, land, put
from tests.unit.writing import (
    BOOK_FORMS,
    GRID_FORMS,
    RECORD_FORMS,
    TEXT_FORMS,
    WRITERS,
    packed,
)

Row = tuple[str, Decimal | None, datetime | None, str | None]
Lines = list[list[str]]

COLUMNS = [
    {"name": "paper_code", "wire": "MaGiay", "type": "code", "required": True},
    {"name": "amount", "wire": "Số tiền", "type": "decimal"},
    {"name": "made_at", "wire": "Ngày lập", "type": "timestamp"},
    {"name": "note_text", "wire": "GhiChu", "type": "text"},
]
HEADER = ["MaGiay", "Số tiền", "Ngày lập", "GhiChu"]
LINES = [
    ["G1", "1", "31/03/2026 08:09:10", "Sở Tư pháp"],
    ["G2", "2.5", "01/04/2026", "xã Hòa Bình, tổ 2"],
    ["G3", "-3", "", "ba"],
]
ROWS: list[Row] = [
    ("G1", Decimal(1), at("2026-03-31 08:09:10"), "Sở Tư pháp"),
    ("G2", Decimal("2.5"), at("2026-04-01"), "xã Hòa Bình, tổ 2"),
    ("G3", Decimal(-3), None, "ba"),
]
WRAPPERS = ("plain", "gz", "zip")


@dataclass
class Expected:
    """What landing makes of one file: rows in, quarantined, landed; problems and columns named."""

    rows_in: int
    rows: list[Row]
    problems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)
    conversions: list[str] = field(default_factory=list)

    def account(self) -> dict[str, Any]:
        return {
            "in": self.rows_in,
            "landed": len(self.rows),
            "quarantined": self.rows_in - len(self.rows),
            "rows": self.rows,
            "problems": self.problems,
            "unknown": self.unknown,
            "personal": self.personal,
            "conversions": self.conversions,
        }


ALL = Expected(3, ROWS)
NOTHING = Expected(0, [], ["unreadable"])


def with_column(name: str, place: int, cells: list[str]) -> Lines:
    lines = zip([name, *cells], [HEADER, *LINES], strict=True)
    return [[*line[:place], cell, *line[place:]] for cell, line in lines]


# tables that any form can hold
CASES: dict[str, tuple[Lines, Expected]] = {
    "good": ([HEADER, *LINES], ALL),
    "columns in another order": ([line[::-1] for line in [HEADER, *LINES]], ALL),
    "blanks around": ([HEADER, *([f"  {cell} " for cell in line] for line in LINES)], ALL),
    "unknown column": (with_column("Màu", 2, ["đỏ", "", "x"]), Expected(3, ROWS, unknown=["Màu"])),
    "serial numbers": (with_column("STT", 0, ["1", "2", "3"]), Expected(3, ROWS, unknown=["STT"])),
    "personal column": (
        with_column("Chủ sở hữu", 1, ["Nguyễn Văn Mẫu", "", ""]),
        Expected(3, ROWS, personal=["Chủ sở hữu"]),
    ),
    "bad value": ([HEADER, LINES[0], ["G2", "hai", "", "x"], LINES[2]], Expected(3, [ROWS[0], ROWS[2]])),
    "bad date": (
        [HEADER, LINES[0], ["G2", "2", "30/02/2026", "x"], LINES[2]],
        Expected(3, [ROWS[0], ROWS[2]]),
    ),
    "empty key": (
        [HEADER, LINES[0], ["", "5", "01/04/2026", "x"], LINES[2]],
        Expected(3, [ROWS[0], ROWS[2]]),
    ),
    "the same row twice": ([HEADER, LINES[0], LINES[0]], Expected(2, [ROWS[0], ROWS[0]])),
    "missing required column": (
        [["Ma so", *HEADER[1:]], *LINES],
        Expected(3, [], ["missing_column"], unknown=["Ma so"]),
    ),
    "missing other column": (
        [line[:1] + line[2:] for line in [HEADER, *LINES]],
        Expected(3, [(row[0], None, *row[2:]) for row in ROWS]),
    ),
    "of another source": ([["Ten", "Tuoi"], ["a", "5"], ["b", "6"]], NOTHING),
}
# what only a sheet, a page or a text of lines has
GRID_CASES: dict[str, tuple[Lines, Expected]] = {
    "header only": ([HEADER], Expected(0, [])),
    "title rows": ([["DANH SÁCH GIẤY TỜ"], ["Tháng 3", "năm 2026"], [], HEADER, *LINES], ALL),
    "two-row merged header": (
        [["MaGiay", "Số tiền", "Thời gian", ""], ["", "", "Ngày lập", "GhiChu"], *LINES],
        ALL,
    ),
    "number row": ([HEADER, ["1", "2", "3", "4"], *LINES], ALL),
    "number row in brackets": ([HEADER, ["(1)", "(2)", "(3)", "(4)"], *LINES], ALL),
    "totals row": ([HEADER, *LINES, ["Tổng cộng", "0.5", "", ""]], ALL),
    "totals row under the amounts": ([HEADER, *LINES, ["", "0.5", "", ""]], Expected(4, ROWS)),
    "blank rows": ([HEADER, LINES[0], ["", "", "", ""], *LINES[1:], ["", "", "", ""]], ALL),
    "header repeated": ([HEADER, LINES[0], HEADER, *LINES[1:]], ALL),
    "everything": (
        [
            *(
                ["SỔ THEO DÕI"],
                [],
                ["STT", "MaGiay", "Số tiền", "Ngày lập", "GhiChu"],
                ["1", "2", "3", "4", "5"],
            ),
            *([str(n), *line] for n, line in enumerate(LINES, start=1)),
            *(["Tổng cộng", "", "0.5", "", ""], ["", "Người lập", "", "Thủ trưởng", ""]),
        ],
        Expected(3, ROWS, unknown=["STT"]),
    ),
}


def legacy_lines() -> tuple[list[list[str]], list[str]]:
    """Texts in TCVN3, one character a byte, and the same in Unicode."""
    folder = ROOT / "tests" / "data" / "legacy"
    old = (folder / "sentences.tcvn3.csv").read_bytes().decode("latin-1").split("\n")
    new = (folder / "sentences.utf-8.csv").read_text(encoding="utf-8").split("\n")
    pairs = [
        (o.removeprefix("procedure,"), n.removeprefix("procedure,"))
        for o, n in zip(old, new, strict=True)
        if n.startswith("procedure,") and '"' not in n
    ]
    lines = [["MaGiay", "GhiChu"], *([f"G{n}", text] for n, (text, _) in enumerate(pairs))]
    return lines, [text for _, text in pairs]


def files_of(form: str) -> dict[str, tuple[str, bytes, Expected]]:
    """Case → name, bytes and what is expected of each file of a form."""
    ending, write = WRITERS[form]
    cases = CASES | (GRID_CASES if form in GRID_FORMS else {})
    contents = {case: (write(lines), expected) for case, (lines, expected) in cases.items()}
    good = write([HEADER, *LINES])
    old, new = legacy_lines()
    converted: list[Row] = [(f"G{n}", None, None, text) for n, text in enumerate(new)]
    contents["old letters"] = (write(old), Expected(len(new), converted, conversions=["tcvn3"]))
    if form in ("CSV", "TSV", "HTML"):
        as_bytes = write(old).decode().encode("latin-1")
        if form == "HTML":
            as_bytes = as_bytes.replace(b"utf-8", b"x-user-defined")
        contents["old bytes"] = (as_bytes, contents["old letters"][1])
    if form in ("JSON", "NDJSON", "CSV", "TSV", "HTML"):
        contents["BOM"] = (b"\xef\xbb\xbf" + good, ALL)
    if form in BOOK_FORMS:
        more = [HEADER, ["G4", "4", "", ""], ["G5", "x", "", ""]]
        both = Expected(5, [*ROWS, ("G4", Decimal(4), None, None)])
        contents["several tables"] = (write([HEADER, *LINES], [["Ghi chú thêm"]], more), both)
    of_another, _ = contents["of another source"]
    if form == "Parquet":
        expected = Expected(0, [], ["unreadable", "missing_column"], unknown=["Ten", "Tuoi"])
        contents["of another source"] = (of_another, expected)
    if form in ("JSON", "NDJSON"):
        contents["of another source"] = (of_another, Expected(1, [], ["unreadable"]))
    contents["empty"] = (b"", NOTHING)
    contents["blank"] = (b" \r\n \r\n", NOTHING)
    contents["truncated"] = truncated(form, good)
    contents["a page of an error"] = (b"<html><body>504 Gateway Time-out</body></html>", NOTHING)
    contents["a picture"] = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", NOTHING)
    files = {}
    for number, (case, (content, expected)) in enumerate(contents.items()):
        for wrapper in WRAPPERS:
            name, data = packed(wrapper, ending, content, f"{number}")
            files[f"{case}, {wrapper}"] = (name, data, expected)
    # the wrong ending, the packing itself cut, the same bytes once more
    wrong = ".csv" if form not in TEXT_FORMS else ".json"
    for wrapper in WRAPPERS:
        files[f"wrong ending, {wrapper}"] = (*packed(wrapper, wrong, good + b" ", "wrong"), NOTHING)
        name, data = packed(wrapper, ending, good, "twice")
        files[f"the same again, {wrapper}"] = (name, data, ALL)
        if wrapper != "plain":
            files[f"packing cut, {wrapper}"] = (f"cut-{name}", data[: len(data) // 2], NOTHING)
    if form in ("JSON", "NDJSON"):  # what stands before the cut is kept
        del files["packing cut, gz"]
    return files


def truncated(form: str, good: bytes) -> tuple[bytes, Expected]:
    """A file that ends in the middle of its last row."""
    if form in ("JSON", "NDJSON"):
        return good[: good.rindex(b"-3")], Expected(3, ROWS[:2], ["unreadable"])
    if form == "UTF-16":
        return good[: good.rindex("-3".encode("utf-16-le"))], Expected(3, ROWS[:2])
    if form in TEXT_FORMS:
        return good[: good.rindex(b"-3")], Expected(3, ROWS[:2])
    if form == "HTML":
        return good[: good.rindex(b"-3")], Expected(3, ROWS[:2], ["unreadable"])
    return good[: len(good) * 6 // 10], NOTHING


def made_of(landed: Landed, name: str) -> dict[str, Any]:
    account = landed.account(name)
    rows = landed.rows("paper_code, amount, made_at, note_text, row_number, file_sha")
    own = [row for row in rows if row[5] == account.file_sha]
    numbers = [row[4] for row in own] + [q.row_number for q in account.quarantined]
    assert sorted(numbers) == list(range(1, account.rows_in + 1)), f"{name}: rows numbered {numbers}"
    return {
        "in": account.rows_in,
        "landed": account.rows_landed,
        "quarantined": account.rows_quarantined,
        "rows": [row[:4] for row in own],
        "problems": codes(account),
        "unknown": account.unknown_columns_dropped,
        "personal": account.personal_columns_dropped,
        "conversions": [c.encoding for c in account.conversions],
    }


@pytest.mark.parametrize("form", WRITERS)
def test_every_fault_of_every_form_is_accounted_for(tmp_path: Path, form: str) -> None:
    files = files_of(form)
    for name, content, _ in files.values():
        put(tmp_path / "raw", name, content)
    of = contract(columns=COLUMNS, personal=[{"wire": "Chủ sở hữu", "class": "name"}])
    landed = land(tmp_path, of)
    found = {case: made_of(landed, name) for case, (name, _, _) in files.items()}
    expected = {case: e.account() for case, (_, _, e) in files.items()}
    assert {c: f for c, f in found.items() if f != expected[c]} == {
        c: e for c, e in expected.items() if found[c] != e
    }
    for name, _, _ in files.values():
        account = landed.account(name)
        # the same bytes under two names are one account: it may speak of the other name
        same = [f"papers/2026-03-31/{n}" for n, c, _ in files.values() if landed.account(n) is account]
        for problem in account.problems:
            assert problem.message.startswith(tuple(same)), problem.message
            assert "Mẫu" not in problem.message
        for row in account.quarantined:
            assert describe_row(name, account, row).startswith(name)


def test_the_matrix_is_whole() -> None:
    assert {*GRID_FORMS, *RECORD_FORMS} == set(WRITERS)
    assert sum(len(files_of(form)) for form in WRITERS) > 600
