"""JSON, read directly: whole files, files with a fault and files that break off give the same rows."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orchestration.landing.contracts import Contract
from orchestration.landing.readers.json_messages import read_json_messages
from tests.unit.helpers import contract, land_files, message, message_contract, quarantined
from tests.unit.reading import Read, read

WIRES = ("Nguon", "Mã giấy", "Số tiền", "Ghi chú", "Phi")
NO_OBJECT = "the row is not an object, or a list in it is not a list"
BREAKS_OFF = "the JSON breaks off or is damaged"


def read_texts(folder: Path, of: Contract, *texts: str | bytes) -> Read:
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{number}.json")
        paths[-1].write_bytes(text.encode() if isinstance(text, str) else text)
    return read(read_json_messages, "json", of, *paths)


# --- three ways, one result ---

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | texts | numbers
anything = plain | st.lists(plain, max_size=2) | st.dictionaries(texts, plain, max_size=2)
fees = st.dictionaries(st.sampled_from(["MaPhi", "MaPhiCu", "Gia", "Lạ"]), anything, max_size=4)
fixed = {"Mã giấy": anything, "Số tiền": anything}
free = {"Ghi chú": anything, "Lạ": anything, "Email": anything, "Phi": st.none() | st.lists(fees, max_size=3)}
rows = st.lists(st.fixed_dictionaries(fixed, optional=free), min_size=1, max_size=5)
quickly = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@quickly
@example(
    [{"Mã giấy": 1e16, "Số tiền": None, "Phi": [{"MaPhi": 1e16}, {"MaPhi": 5e-324}, {"MaPhi": 2.5}]}], 1e16
)
@example([{"Mã giấy": "G1", "Số tiền": 1}], True)
@example([{"Mã giấy": "G1", "Số tiền": 1}], None)
@given(rows, plain)
def test_a_whole_file_a_file_with_a_fault_and_a_cut_file_give_the_same_rows(
    content: list[Any], around: Any
) -> None:
    of = message_contract()
    whole = message(*content, Nguon=around)
    faulty = message(*content, 7, Nguon=around)
    cut = message(*content, {"Mã giấy": "x"}, Nguon=around)[:-5]
    with tempfile.TemporaryDirectory() as folder:
        found = read_texts(Path(folder), of, whole, faulty, cut)
    strict, loose, salvaged = (found.rows(*WIRES, part=n) for n in (1, 2, 3))
    assert [r[0] for r in strict] == list(range(1, len(content) + 1))
    assert loose == strict
    assert salvaged == strict
    last = len(content) + 1
    assert [found.parts[n].broken_rows for n in (1, 2, 3)] == [[], [(last, NO_OBJECT)], [(last, BREAKS_OFF)]]


@quickly
@given(rows)
def test_a_message_bare_rows_and_a_row_a_line_give_the_same_rows(content: list[Any]) -> None:
    of = message_contract(envelope=[])
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in content)
    ways = [
        message(*content),
        json.dumps(content),
        lines,
        "\ufeff" + lines,
        json.dumps({"data": content}, indent=1),
    ]
    with tempfile.TemporaryDirectory() as folder:
        found = read_texts(Path(folder), of, *ways)
    first, *others = (found.rows(*WIRES[1:], part=n) for n in range(1, 6))
    assert len(first) == len(content)
    assert others == [first] * 4


# --- one among many ---

SPOILED: dict[str, str | bytes] = {
    "cut": message({"Mã giấy": "x"})[:-3],
    "no JSON": "Mã giấy,Số tiền\n",
    "a number for a row": message(5),
    "no list": '{"data": 5}',
    "data after data": message({"Mã giấy": "x"}) + "}",
    "of another source": '{"data": [{"khác": 1}]}',
    "not UTF-8": message({"Mã giấy": "x"}).replace("x", "\udcff").encode(errors="surrogateescape"),
}


@pytest.mark.parametrize("spoiled", SPOILED)
@pytest.mark.parametrize("place", [0, 3, 6])
def test_one_bad_file_among_many_takes_no_other_with_it(tmp_path: Path, spoiled: str, place: int) -> None:
    good = [message({"Mã giấy": f"G{n}"}, {"Mã giấy": f"H{n}"}) for n in range(6)]
    texts = [*good[:place], SPOILED[spoiled], *good[place:]]
    found = read_texts(tmp_path, message_contract(), *texts)
    for n in range(7):
        if n == place:
            assert found.parts[n + 1].broken_rows
        else:
            number = n - (n > place)
            assert found.rows("Mã giấy", part=n + 1) == [(1, f"G{number}"), (2, f"H{number}")]
            assert found.parts[n + 1].broken_rows == []
            assert found.parts[n + 1].unreadable is None
            assert found.parts[n + 1].wires == {"Nguon", "Mã giấy"}


def test_columns_of_one_file_are_not_said_to_be_in_another(tmp_path: Path) -> None:
    found = read_texts(
        tmp_path,
        message_contract(),
        message({"Mã giấy": "A", "Lạ": 1}),
        message({"Mã giấy": "B", "Loại": "TỈNH"}),
    )
    assert found.parts[1].wires == {"Nguon", "Mã giấy", "Lạ"}
    assert found.parts[2].wires == {"Nguon", "Mã giấy", "Loại"}


# --- rows and items that are none ---


def test_an_item_of_a_list_that_is_no_object_is_quarantined_and_its_row_lands(tmp_path: Path) -> None:
    items = [{"MaPhi": "p1"}, None, 5, "six", [{"MaPhi": "p7"}], {"MaPhi": "p6"}]
    for name, text in (
        ("strict", message({"Mã giấy": "G1", "Phi": [items[0], None, items[-1]]})),
        ("loose", message({"Mã giấy": "G1", "Phi": items})),
    ):
        landed = land_files(tmp_path / name, message_contract(), a_json=text)
        bad = [2] if name == "strict" else [2, 3, 4, 5]
        last = 3 if name == "strict" else 6
        assert landed.numbers("a.json") == (1, 1, 0)
        assert landed.rows("position, fee_code", "papers__fees") == [(1, "P1"), (last, "P6")]
        account = landed.accounts[0]
        assert account.items_quarantined == len(bad)
        assert [(q.table, q.row_number, q.position, q.column, q.reason) for q in account.quarantined] == [
            ("papers__fees", 1, n, "Phi", "is not an object") for n in bad
        ]


@pytest.mark.parametrize("rows", [[None, {"Mã giấy": "G2"}, None], [None, {"Mã giấy": "G2"}, 5]])
def test_null_rows_are_quarantined(tmp_path: Path, rows: list[Any]) -> None:
    landed = land_files(tmp_path, message_contract(), a_json=message(*rows))
    assert landed.rows("paper_code, row_number") == [("G2", 2)]
    assert landed.numbers("a.json") == (3, 1, 2)
    assert [n for n, _, _ in quarantined(landed.accounts[0])] == [1, 3]


@pytest.mark.parametrize("key", ["data.x", 'a"b', "a'b", "$", "*", "[0]", "a\\b", " "])
def test_names_with_odd_signs_are_only_names(tmp_path: Path, key: str) -> None:
    columns = [
        {"name": "paper_code", "wire": "Mã giấy", "type": "code"},
        {"name": "odd", "wire": key, "type": "text"},
    ]
    of = contract(columns=columns, key=["paper_code"])
    row = {"Mã giấy": "G1", key: "v"}
    found = read_texts(tmp_path, of, message(row), message(row, 5), message(row, row)[:-4])
    for part in (1, 2, 3):
        assert found.rows("Mã giấy", key, part=part) == [(1, "G1", "v")]


# --- numbers ---

VIETNAMESE = [
    ('"392.496"', "392496"),
    ("392496", "392496"),
    ("392.49", "392.49"),
    ("392.5", "392.5"),
    ("-0.25", "-0.25"),
    ("1e3", "1000"),
    ('"1.234,56"', "1234.56"),
    ('"19,05"', "19.05"),
    ('"19.05"', None),
    ("392.496", None),
]


@pytest.mark.parametrize("ending", ["]}", ", 5]}", ', {"Mã'], ids=["whole", "with a fault", "cut"])
@pytest.mark.parametrize(("written", "number"), VIETNAMESE)
def test_a_json_number_has_a_point_also_where_texts_have_a_comma(
    tmp_path: Path, written: str, number: str | None, ending: str
) -> None:
    text = '{"data": [{"Mã giấy": "G1", "Số tiền": ' + written + "}" + ending
    landed = land_files(tmp_path, contract(number_locale="vi"), a_json=text)
    assert landed.rows("amount::VARCHAR::DOUBLE") == ([] if number is None else [(float(number),)])
    wrong = [q for q in quarantined(landed.accounts[0]) if q[1] is not None]
    assert [q[1] for q in wrong] == ([] if number is not None else ["Số tiền"])


@pytest.mark.parametrize("number", ["9" * 5000, "1e400", "-1e400", "1e99999999999999999999", "1" + "0" * 400])
@pytest.mark.parametrize("ending", ["]}", ", 5]}", ', {"Mã'], ids=["whole", "with a fault", "cut"])
def test_numbers_beyond_all_measure_do_no_harm(tmp_path: Path, number: str, ending: str) -> None:
    text = '{"data": [{"Mã giấy": "G1"}, {"Mã giấy": "G2", "Số tiền": ' + number + "}" + ending
    landed = land_files(tmp_path, contract(), a_json=text)
    assert landed.rows("paper_code") == [("G1",)]
    rows_in, rows_landed, rows_quarantined = landed.numbers("a.json")
    assert rows_in == rows_landed + rows_quarantined >= 2


# --- damage ---


@pytest.mark.parametrize("depth", [90, 900])
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "cut"])
def test_nesting_without_end_does_no_harm(tmp_path: Path, depth: int, whole: bool) -> None:
    nested = "[" * depth + ("]" * depth + "}]}" if whole else "")
    landed = land_files(
        tmp_path, contract(), a_json='{"data": [{"Mã giấy": "G1"}, {"Mã giấy": "G2", "x": ' + nested
    )
    assert ("G1",) in landed.rows("paper_code")
    assert landed.numbers("a.json") == ((2, 2, 0) if whole else (2, 1, 1))


def test_a_file_that_nests_as_no_extract_does_is_refused(tmp_path: Path) -> None:
    nested = '{"a":' * 20_000 + "1" + "}" * 20_000
    landed = land_files(tmp_path, contract(), a_json='{"data":[{"Mã giấy":"G1","x":' + nested + "}]}")
    assert landed.numbers("a.json") == (0, 0, 0)
    assert "more than 1000 levels deep" in landed.accounts[0].problems[0].message


def test_a_message_with_two_lists_named_data_is_refused(tmp_path: Path) -> None:
    one = message({"Mã giấy": "G1", "Ghi chú": 'what "data" says'})
    landed = land_files(
        tmp_path,
        contract(),
        a_json='{"data": [{"Mã giấy": "G2"}], "Nguon": "MC", "data": [{"Mã giấy": "G3"}]}',
        b_json=one + one.replace("G1", "G4"),  # two messages have two lists
        c_json=message({"Mã giấy": "G5", "data": "of a row"}),
    )
    assert "two lists named data" in landed.account("a.json").problems[0].message
    assert landed.numbers("a.json") == (0, 0, 0)
    assert sorted(landed.rows("paper_code")) == [("G1",), ("G4",), ("G5",)]


@pytest.mark.parametrize("ending", ["]}", ", 5]}"], ids=["whole", "with a fault"])
def test_a_bare_number_in_a_list_has_its_own_point(tmp_path: Path, ending: str) -> None:
    """392.496 is a fraction as a JSON number, and 392 thousand as a Vietnamese text."""
    fees = '[{"MaPhi": "a", "Gia": 392.5}, {"MaPhi": "b", "Gia": "392.496"}]'
    rows = '{"data": [{"Mã giấy": "G1", "Phi": ' + fees + "}"
    landed = land_files(tmp_path, message_contract(number_locale="vi"), a_json=rows + ending)
    assert landed.rows("fee_code, price", "papers__fees") == [("A", Decimal("392.5")), ("B", Decimal(392496))]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"data":' * 10_000, '[{"a":' * 50_000, "]" * 10, '{"data": [[']
)
def test_a_file_of_brackets_is_damaged(tmp_path: Path, text: str) -> None:
    landed = land_files(tmp_path, contract(), a_json=text, b_json=message({"Mã giấy": "G1"}))
    assert landed.numbers("a.json")[1] == 0
    assert landed.account("a.json").problems[0].code == "unreadable"
    assert landed.rows("paper_code") == [("G1",)]


def test_half_a_letter_is_damage_and_nothing_else_is_lost(tmp_path: Path) -> None:
    text = '{"data": [{"Mã giấy": "G1"}, {"Mã giấy": "G2\\ud800"}, {"Mã giấy": "G3"}]}'
    landed = land_files(tmp_path, contract(), a_json=text)
    account = landed.accounts[0]
    assert "the JSON breaks off or is damaged" in account.problems[0].message
    assert {("G1",), ("G3",)} <= set(landed.rows("paper_code"))


@pytest.mark.parametrize(
    "text", ['{"data": [{"Mã giấy": "A\\u0000B"}]}', '{"data": [{"Mã giấy": "A\\u0000B"}, 5]}']
)
def test_a_null_sign_in_a_text_stays_in_its_text(tmp_path: Path, text: str) -> None:
    assert read_texts(tmp_path, contract(), text).rows("Mã giấy") == [(1, "A\0B")]


BARE = [{"Mã giấy": f"G{n}", "Phi": [{"MaPhi": "p"}]} for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        (json.dumps(BARE), None),
        ("\n".join(map(json.dumps, BARE)), None),
        (json.dumps({"Nguon": "QG", "x": [1], "data": BARE}), "QG"),
        (json.dumps([{"x": [1], "Nguon": "QG", "data": BARE[:1]}, {"Nguon": "QG", "data": BARE[1:]}]), "QG"),
    ],
    ids=["a list", "a row a line", "a message with a list before", "a list of such"],
)
def test_a_cut_file_keeps_its_rows_in_every_form(tmp_path: Path, text: str, side: str | None) -> None:
    found = read_texts(tmp_path, message_contract(), text[: text.index("G3")])
    assert found.rows("Nguon", "Mã giấy") == [(1, side, "G1"), (2, side, "G2")]
    assert found.part.broken_rows == [(3, BREAKS_OFF)]


def test_a_cut_anywhere_keeps_whole_rows_and_accounts_for_the_rest(tmp_path: Path) -> None:
    whole = message({"Mã giấy": "G1", "Phi": [{"Gia": 1.5}]}, {"Mã giấy": "G2"}, Nguon="QG").encode()
    of = message_contract()
    found = read_texts(tmp_path, of, *(whole[:length] for length in range(1, len(whole))))
    ends = [whole.index(b"}]}") + 3, whole.rindex(b"]}")]
    for length in range(1, len(whole)):
        part = found.parts[length]
        rows = found.rows("Nguon", "Mã giấy", part=length)
        assert rows == [(1, "QG", "G1"), (2, "QG", "G2")][: sum(length >= end for end in ends)], length
        assert part.unreadable is not None, length
        assert [n for n, _ in part.broken_rows] == [len(rows) + 1], length
