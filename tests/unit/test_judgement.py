"""What blocks a night: the structural faults, one by one, in words that name file, row and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import HashCache, take_in
from orchestration.landing.judgement import describe_row, structural_problems
from orchestration.landing.land import land_source
from orchestration.landing.store import FileAccount, LandedStore, Place, Problem, QuarantinedRow
from tests.unit.helpers import LAST, contract, message, message_contract, put


def problems(folder: Path, of: Contract, until: date = LAST) -> list[Problem]:
    intake = take_in(folder / "raw", of.source, until, HashCache(folder / "h.json"))
    accounts = land_source(of, intake.deliveries, LandedStore(folder / "landed"))
    return structural_problems(of, intake, until, accounts)


def table(good: int, bad: int) -> str:
    return "Mã giấy,Số tiền\n" + "".join(f"G{n},{n}\n" for n in range(good)) + "G0,x\n" * bad


def test_nothing_wrong(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", table(3, 0))
    assert problems(tmp_path, contract()) == []


@pytest.mark.parametrize(
    ("good", "bad", "blocks"),
    [(99, 1, False), (98, 1, True), (198, 2, False), (197, 2, True), (0, 1, True), (1000, 0, False)],
)
def test_more_than_one_percent_in_quarantine_blocks(
    tmp_path: Path, good: int, bad: int, blocks: bool
) -> None:
    put(tmp_path / "raw", "a.csv", table(good, bad))
    found = problems(tmp_path, contract())
    assert [p.code for p in found] == (["too_many_quarantined"] if blocks else [])


def test_the_share_is_that_of_the_whole_date(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", table(0, 1))
    put(tmp_path / "raw", "b.csv", table(99, 0))
    assert problems(tmp_path, contract()) == []
    put(tmp_path / "raw", "c.csv", "Mã giấy,Số tiền\nG7,tám\n")
    (found,) = problems(tmp_path, contract())
    assert found.message == (
        "papers/2026-03-31: 2 of 101 rows are in quarantine (more than 1 %). First: "
        "papers/2026-03-31/a.csv, row 1, column Số tiền: 'x' is not a decimal; "
        "papers/2026-03-31/c.csv, row 1, column Số tiền: 'xxx' is not a decimal."
    )


def test_a_bad_date_is_not_made_good_by_others(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", table(0, 1), day="2026-03-30")
    put(tmp_path / "raw", "b.csv", table(1000, 0), day="2026-03-31")
    assert [p.code for p in problems(tmp_path, contract())] == ["too_many_quarantined"]


def test_a_form_that_came_back_empty_is_no_fault(tmp_path: Path) -> None:
    form = contract(answers=["amount", "kind"])
    put(tmp_path / "raw", "a.csv", "Mã giấy,Loại,Số tiền\nG1,,\nG2, ,\n")
    assert problems(tmp_path, form) == []
    # where lines are no form, they are rows
    assert problems(tmp_path, contract()) == []
    put(tmp_path / "raw", "a.csv", "Mã giấy,Loại,Số tiền\n")
    assert [p.code for p in problems(tmp_path, form)] == ["no_rows"]


def test_at_most_three_examples_are_told(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", table(0, 9))
    (found,) = problems(tmp_path, contract())
    assert [f"row {n}," in found.message for n in (1, 2, 3, 4)] == [True, True, True, False]


def test_unreadable(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.json", b"")
    put(tmp_path / "raw", "b.json", message({"Mã giấy": "G1"}))
    (found,) = problems(tmp_path, message_contract())
    assert found.code == "unreadable"
    assert found.message == (
        "papers/2026-03-31/a.json: the file is empty (0 bytes): ask for it to be delivered again."
    )


def test_unreadable_names_the_row_of_the_break(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.json", message(*({"Mã giấy": f"G{n}"} for n in range(200)))[:-5])
    (found,) = problems(tmp_path, message_contract())
    assert found.code == "unreadable"
    assert "papers/2026-03-31/a.json: " in found.message
    assert "after row 199" in found.message


def test_a_broken_file_gives_one_message_and_hides_no_other_fault(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.json", message({"Mã giấy": "G1"}, {"Mã giấy": "G2"})[:-5])
    assert [p.code for p in problems(tmp_path, message_contract())] == ["unreadable"]
    put(tmp_path / "raw", "b.json", message(*[{"Mã giấy": "G1"}] * 40, {"Mã giấy": ""}))
    found = problems(tmp_path, message_contract())
    assert [p.code for p in found] == ["unreadable", "too_many_quarantined"]
    assert "1 of 41 rows" in found[1].message


def test_missing_column(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", table(3, 0))
    put(tmp_path / "raw", "b.csv", "Số tiền\n1\n")
    (found,) = problems(tmp_path, contract())
    assert found.code == "missing_column"
    assert found.message.startswith("papers/2026-03-31/b.csv: column Mã giấy (paper_code) is missing")


@pytest.mark.parametrize("content", ["Mã giấy\n", "Mã giấy"])
def test_no_rows_in_the_only_file(tmp_path: Path, content: str) -> None:
    put(tmp_path / "raw", "a.csv", content)
    (found,) = problems(tmp_path, contract())
    assert found == Problem(
        "no_rows", "papers/2026-03-31/a.csv: holds no rows. Ask Sở Thử nghiệm to deliver it again."
    )


def test_no_rows_in_any_file_or_no_file_at_all(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", "Mã giấy\n")
    put(tmp_path / "raw", "b.csv", "Mã giấy,Loại\n")
    put(tmp_path / "raw", "_COMPLETE", "", day="2026-04-01")
    found = problems(tmp_path, contract())
    assert [(p.code, p.message.split(":")[0]) for p in found] == [
        ("no_rows", "papers/2026-03-31"),
        ("no_rows", "papers/2026-04-01"),
    ]


def test_one_file_without_rows_among_others_is_fine(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.csv", "Mã giấy\n")
    put(tmp_path / "raw", "b.csv", "Mã giấy\nG1\n")
    assert problems(tmp_path, contract()) == []


def test_source_missing(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    put(tmp_path / "raw", "a.csv", table(1, 0), day="2026-04-01")
    (found,) = problems(tmp_path, contract(), date(2026, 3, 31))
    assert found == Problem(
        "source_missing",
        "papers: no delivery dated up to 2026-03-31. Put the extract of Sở Thử nghiệm into "
        "papers/<YYYY-MM-DD>/ of the drop zone.",
    )
    assert problems(tmp_path, contract(required=False), date(2026, 3, 31)) == []
    assert problems(tmp_path, contract(), date(2026, 4, 1)) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (QuarantinedRow("t", "s", 3, None, None, None, "is cut"), "f.csv, row 3: is cut"),
        (
            QuarantinedRow("t", "s", 3, None, "Gia", "xx", "is not a decimal"),
            "f.csv, row 3, column Gia: 'xx' is not a decimal",
        ),
        (QuarantinedRow("t", "s", 3, None, "Mã", None, "is empty"), "f.csv, row 3, column Mã: is empty"),
        (
            QuarantinedRow("t__fees", "s", 3, 2, "Gia", "xx", "is bad"),
            "f.csv, row 3, item 2, column Gia: 'xx' is bad",
        ),
    ],
)
def test_words_on_a_row(row: QuarantinedRow, words: str) -> None:
    assert describe_row("f.csv", FileAccount("s", 1), row) == words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (1, "f.zip, a.csv, row 1: is cut"),
        (9, "f.zip, a.csv, row 9: is cut"),
        (10, "f.zip, sub/b.xlsx, Quý 1, row 1 (the table begins on line 6): is cut"),
        (12, "f.zip, sub/b.xlsx, Quý 2, row 1 (the table begins on line 3): is cut"),
        (20, "f.zip, c.json, row 1: is cut"),
    ],
)
def test_words_on_a_row_of_an_archive_name_member_sheet_and_line(row: int, words: str) -> None:
    places = [
        Place(1, "a.csv", 2),
        Place(10, "sub/b.xlsx, Quý 1", 6),
        Place(12, "sub/b.xlsx, Quý 2", 3),
        Place(20, "c.json", 0),
    ]
    account = FileAccount("s", 1, places=places)
    assert describe_row("f.zip", account, QuarantinedRow("t", "s", row, None, None, None, "is cut")) == words


def test_a_row_of_a_plain_table_is_told_with_the_line_its_table_begins_on() -> None:
    account = FileAccount("s", 1, places=[Place(1, None, 4)])
    found = describe_row("f.csv", account, QuarantinedRow("t", "s", 3, None, None, None, "is cut"))
    assert found == "f.csv, row 3 (the table begins on line 4): is cut"
