"""From wire text to typed values, and what of a value may be shown."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.contracts import Column, load_contracts
from orchestration.landing.values import file_literal, identifier, literal, shown, typed, wire_text
from tests.unit.helpers import SOURCES, at

quickly = settings(deadline=None, derandomize=True, max_examples=200)
in_sql = settings(deadline=None, derandomize=True, max_examples=60)

CON = duckdb.connect(":memory:")
FORMATS = sorted({f for c in load_contracts(SOURCES).values() for f in c.timestamp_formats})


def value(
    column_type: str, text: str | None, formats: tuple[str, ...] = ("%Y%m%d%H%M%S",), **more: Any
) -> Any:
    """What a text becomes as a column of that type."""
    name = {"timestamp": "made_at", "date": "made_on"}.get(column_type, "thing")
    column = Column.model_validate({"name": name, "wire": "v", "type": column_type} | more)
    sql = typed(column, wire_text(column, {"v"}, "t."), formats)
    row = CON.execute(f"SELECT {sql} FROM (SELECT $1::VARCHAR AS v) AS t", [text]).fetchone()
    assert row is not None
    return row[0]


# --- what may be shown ---


@pytest.mark.parametrize(
    "text",
    [
        *("0", "12", "-3.5", "1.234,5", "12 %", "50%", "012345678901"),
        *("2026-03-31", "31/03/2026 08:09", "20260331080910", "2026-03-31T08:09:10Z", "08:09"),
        *("H38.01.02", "000.17.22.H38-260331-0012", "G15-HT05", "1.001193", "KQ.G01/2026", "A1"),
    ],
)
def test_numbers_dates_and_codes_stay(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Nguyễn Văn Mẫu", "xxxxxx xxx xxx"),
        ("NGUYEN VAN A", "xxxxxx xxx x"),
        ("NGUYEN", "xxxxxx"),
        ("đường Trần Phú, số 12", "xxxxx xxxx xxx, xx 99"),
        ("mau.12@example.vn", "xxx.99@xxxxxxx.xx"),
        ("h38.01", "x99.99"),
        ("12 TRAN PHU", "99 xxxx xxx"),
        ("A1\n", "x9\n"),
        ("A1\nNGUYEN", "x9\nxxxxxx"),
        ("٣ Ngô ½", "9 xxx 9"),
        ("", ""),
    ],
)
def test_names_mails_and_texts_become_shapes(text: str, shape: str) -> None:
    assert shown(text) == shape


def test_nothing_of_a_decomposed_letter_stays() -> None:
    assert set(shown(unicodedata.normalize("NFD", "Nguyễn Thị Hồng")) or "") == {"x", " "}


def test_no_value_stays_no_value() -> None:
    assert shown(None) is None


def test_a_long_value_is_cut() -> None:
    assert shown("a" * 40) == "x" * 40
    assert shown("a" * 41) == "x" * 40 + "…"
    assert shown("1" * 41) == "9" * 40 + "…"


@quickly
@given(st.text(max_size=60))
def test_a_text_with_letters_never_comes_back_unless_it_is_a_code(text: str) -> None:
    letters = {c for c in text if unicodedata.category(c)[0] == "L"}
    capitals = letters <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    answer = shown(text) or ""
    if letters and not (capitals and any(c.isdigit() for c in text)):
        assert {c for c in answer if unicodedata.category(c)[0] == "L"} == {"x"}
        assert answer != text or letters == {"x"}
    assert len(answer) <= 41


@quickly
@given(st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÀĐỄ", min_size=1, max_size=8), min_size=1, max_size=4))
def test_words_in_capitals_never_come_back(words: list[str]) -> None:
    name = " ".join(words)
    assert shown(name) == "".join(" " if c == " " else "x" for c in name)[:40]


@quickly
@given(st.from_regex(r"\A[A-Z]{1,3}[0-9]{1,6}([.-][0-9]{1,4}){0,3}\Z"))
def test_codes_always_stay(code: str) -> None:
    assert shown(code) == code


# --- literals ---


@in_sql
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_any_text_survives_as_literal_and_as_name(text: str) -> None:
    assert CON.execute(f"SELECT {literal(text)}").fetchone() == (text,)
    if text:
        relation = CON.execute(f"SELECT 1 AS {identifier(text)}")
        assert [d[0] for d in relation.description or []] == [text]


@pytest.mark.parametrize("name", ["a[1].csv", "a*.csv", "a?.csv", "it's.csv"])
def test_a_file_is_itself_and_not_a_pattern(tmp_path: Path, name: str) -> None:
    (tmp_path / "a1.csv").write_text("n\n2\n")
    (tmp_path / name).write_text("n\n1\n")
    assert CON.execute(f"SELECT n FROM read_csv({file_literal(tmp_path / name)})").fetchall() == [(1,)]


# --- wire text ---


@pytest.mark.parametrize(
    ("main", "alias", "text"),
    [
        ("a", "b", "a"),
        ("", "b", "b"),
        (None, "b", "b"),
        ("  ", " b ", "b"),
        (None, None, None),
        ("a", "", "a"),
    ],
)
def test_of_several_wire_names_the_first_with_a_value_counts(
    main: str | None, alias: str | None, text: str | None
) -> None:
    column = Column.model_validate({"name": "n", "wire": "w", "aliases": ["x"], "type": "text"})
    sql = f"SELECT {wire_text(column, {'w', 'x'})} FROM (SELECT $1::VARCHAR AS w, $2::VARCHAR AS x)"
    assert CON.execute(sql, [main, alias]).fetchone() == (text,)


def test_a_wire_name_that_is_not_there_is_not_asked_for() -> None:
    column = Column.model_validate({"name": "n", "wire": "w", "aliases": ["x"], "type": "text"})
    assert CON.execute(f"SELECT {wire_text(column, {'x'})} FROM (SELECT 'b' AS x)").fetchone() == ("b",)
    assert CON.execute(f"SELECT {wire_text(column, set())}").fetchone() == (None,)


def test_a_part_of_a_text_can_be_a_column() -> None:
    assert value("code", "h38.2-260101-0001", extract="^[^-]+") == "H38.2"
    assert value("code", "-260101", extract="^[^-]+") is None


# --- types ---


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5000", "5000.00"),
        (" 7 ", "7.00"),
        ("-0.5", "-0.50"),
        ("1.005", "1.01"),
        ("1.234,5", None),
        ("năm", None),
        ("", None),
        (None, None),
        ("1e400", None),
        ("99999999999999999999", None),
    ],
)
def test_decimals(text: str | None, number: str | None) -> None:
    assert value("decimal", text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("texts", "is_true"),
    [
        (["1", "true", "True", "TRUE", "có", "CÓ", "Có", "x", "X", unicodedata.normalize("NFD", "có")], True),
        (["0", "false", "False", "không", "KHÔNG", unicodedata.normalize("NFD", "Không")], False),
        (["2", "yes", "co", "", "  ", None, "đúng"], None),
    ],
)
def test_booleans(texts: list[str | None], is_true: bool | None) -> None:
    assert [value("boolean", t) for t in texts] == [is_true] * len(texts)


def test_codes_are_capitals_and_composed() -> None:
    assert value("code", " h38.đ1 ") == "H38.Đ1"
    assert value("code", unicodedata.normalize("NFD", "tỉnh")) == "TỈNH"
    assert value("code", "") is None


def test_code_lists_translate_and_know_no_others() -> None:
    codes = {"TỈNH": "provincial", "XÃ": "communal"}
    for text in ("Tỉnh", "TỈNH", unicodedata.normalize("NFD", "tỉnh")):
        assert value("code", text, codes=codes) == "provincial"
    assert value("code", "huyện", codes=codes) is None
    assert value("code", "", codes=codes) is None


def test_every_code_list_of_the_contracts_can_be_met() -> None:
    for contract in load_contracts(SOURCES).values():
        for columns in contract.tables.values():
            for column in columns:
                for wire, meaning in column.codes.items():
                    assert value("code", wire, codes=dict(column.codes)) == meaning


def test_presence_says_only_whether_something_was_there() -> None:
    assert [value("presence", t) for t in ("http://x", "0", "", "  ", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_texts_are_composed_and_trimmed_only() -> None:
    assert value("text", unicodedata.normalize("NFD", " Sở  Tư pháp ")) == "Sở  Tư pháp"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("20260331080910", at("2026-03-31 08:09:10")),
        (" 20260331080910 ", at("2026-03-31 08:09:10")),
        ("20240229000000", at("2024-02-29")),
        ("20260229000000", None),
        ("20260331240000", None),
        ("2026-03-31", None),
        ("20260331", None),
        ("", None),
        (None, None),
    ],
)
def test_timestamps_of_the_message_format(text: str | None, when: datetime | None) -> None:
    assert value("timestamp", text) == when


def test_the_first_format_that_fits_counts() -> None:
    formats = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
    assert value("timestamp", "02/01/2026", formats) == at("2026-01-02")
    assert value("timestamp", "2/1/2026 7:05", formats) == at("2026-01-02 07:05:00")
    assert value("date", "02/01/2026 23:59:59", formats) == date(2026, 1, 2)
    assert value("date", "13/13/2026", formats) is None


@pytest.mark.parametrize("form", FORMATS)
@in_sql
@given(when=st.datetimes(at("1900-01-01"), at("2100-12-31")))
def test_timestamps_come_back_as_they_were_written(form: str, when: datetime) -> None:
    kept = when.replace(
        hour=when.hour if "%H" in form else 0,
        minute=when.minute if "%M" in form else 0,
        second=when.second if "%S" in form else 0,
        microsecond=0,
    )
    assert value("timestamp", when.strftime(form), (form,)) == kept
    assert value("date", when.strftime(form), (form,)) == when.date()


@in_sql
@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False))
def test_decimals_come_back_as_they_were_written(number: Decimal) -> None:
    assert value("decimal", f"{number:f}") == number


@in_sql
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_no_text_makes_typing_fail(text: str) -> None:
    for column_type in ("text", "code", "timestamp", "date", "decimal", "boolean", "presence"):
        value(column_type, text)
