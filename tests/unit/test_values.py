"""From wire text to typed values, and what of a value may be shown."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.contracts import DATE_FORMATS, Column, load_contracts
from orchestration.landing.values import (
    file_literal,
    identifier,
    literal,
    shown,
    typed,
    wire_text,
    zone_unknown,
)
from tests.unit.helpers import LINK_KEY, SOURCES, at, contract

quickly = settings(deadline=None, derandomize=True, max_examples=200)
in_sql = settings(deadline=None, derandomize=True, max_examples=40)

CON = duckdb.connect(":memory:")
CON.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
CONTRACTS = load_contracts(SOURCES)
STRFTIME = sorted(f for f in DATE_FORMATS if f.startswith("%"))


def value(
    column_type: str,
    text: str | None,
    *,
    formats: tuple[str, ...] = ("%Y%m%d%H%M%S",),
    locale: str = "en",
    **more: Any,
) -> Any:
    """What a text becomes as a column of that type."""
    name = {"timestamp": "made_at", "date": "made_on"}.get(column_type, "thing")
    column = Column.model_validate({"name": name, "wire": "v", "type": column_type} | more)
    of = contract(date_formats=formats, number_locale=locale)
    sql = typed(column, wire_text(column, {"v"}, "t."), of, LINK_KEY)
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


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("a.pdf##b.pdf", 1, "a.pdf"),
        ("a.pdf##b.pdf", 2, "b.pdf"),
        ("a.pdf ## b.pdf ", 2, "b.pdf"),
        ("a.pdf##b.pdf", 3, None),
        ("a.pdf", 1, "a.pdf"),
        ("a#pdf", 1, "a#pdf"),
        ("##b.pdf", 1, None),
        ("####", 2, None),
        (None, 1, None),
    ],
)
def test_of_several_values_in_one_cell_one_can_be_meant(
    text: str | None, part: int, found: str | None
) -> None:
    assert value("text", text, part=part) == found


def test_of_a_part_an_extract_can_be_meant() -> None:
    assert value("code", "G01: Đất đai##G02: Tư pháp", part=2, extract="^[^:]+") == "G02"


# --- numbers ---


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5000", "5000"),
        (" 7 ", "7"),
        ("+5", "5"),
        ("-0.5", "-0.5"),
        ("19.05", "19.05"),
        ("1,234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("13.6 %", "13.6"),
        ("13.6%", "13.6"),
        ("1.500", "1.5"),
        ("5.", "5"),
        ("1.005", None),
        ("392.496", None),
        ("1.234,5", None),
        ("1,5", None),
        ("12,34", None),
        ("1,2345", None),
        ("1234,567", None),
        ("1,234,56", None),
        ("13,6 %", None),
    ],
)
def test_numbers_with_a_point(text: str, number: str | None) -> None:
    assert value("decimal", text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5000", "5000"),
        ("-0,5", "-0.5"),
        ("19,05", "19.05"),
        ("1.234,56", "1234.56"),
        ("392.496", "392496"),
        ("1.234.567", "1234567"),
        ("13,6 %", "13.6"),
        ("13,6%", "13.6"),
        ("1,500", "1.5"),
        ("5,", "5"),
        ("1,005", None),
        ("19.05", None),
        ("1.5", None),
        ("1,234.56", None),
        ("1.2345", None),
        ("1234.567", None),
        ("1.234.56", None),
        ("13.6 %", None),
    ],
)
def test_numbers_with_a_comma(text: str, number: str | None) -> None:
    assert value("decimal", text, locale="vi") == (None if number is None else Decimal(number))


@pytest.mark.parametrize("locale", ["en", "vi"])
@pytest.mark.parametrize(
    "text",
    [
        *("năm", "", None, "1e400", "1e3", "NaN", "inf", "99999999999999999999", "0x10", "1_000", "--1"),
        *("1 000", "%", "-", ".", ",", ".5", ",5", "5 %%", "5 % x", "1/2", "٣", "½", "5\n6", "5đ", "- 5"),
    ],
)
def test_what_is_no_number(text: str | None, locale: str) -> None:
    assert value("decimal", text, locale=locale) is None


@pytest.mark.parametrize(
    ("text", "scale", "number"),
    [
        ("5", 0, "5"),
        ("5.0", 0, "5"),
        ("5.1", 0, None),
        ("0.123456789", 9, "0.123456789"),
        ("0.1234567891", 9, None),
        ("1.1234", 4, "1.1234"),
        ("1.12345", 4, None),
        ("1.12340000", 4, "1.1234"),
    ],
)
def test_more_digits_than_a_column_keeps_are_refused_and_never_rounded(
    text: str, scale: int, number: str | None
) -> None:
    assert value("decimal", text, scale=scale) == (None if number is None else Decimal(number))


@in_sql
@given(number=st.decimals(-(10**15), 10**15, places=2, allow_nan=False), grouped=st.booleans())
def test_numbers_come_back_as_they_were_written(number: Decimal, grouped: bool) -> None:
    english = f"{number:,f}" if grouped else f"{number:f}"
    assert value("decimal", english) == number
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert value("decimal", vietnamese, locale="vi") == number


# --- words ---


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
    for of in CONTRACTS.values():
        for columns in of.tables.values():
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


# --- classes and links of personal columns ---

CLASSES = {"placeholder": "0+1?|1{9,}", "twelve_digits": r"\d{12}", "nine_digits": r"\d{9}"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("012345678901", "twelve_digits"),
        ("123456789", "nine_digits"),
        ("000000001", "placeholder"),
        ("111111111", "placeholder"),
        ("1234567890", "other"),
        ("x123456789", "other"),
        ("Nguyễn Văn Mẫu", "other"),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_of_a_personal_text_the_first_class_that_fits_is_kept(text: str | None, kind: str | None) -> None:
    assert value("class", text, classes=CLASSES) == kind


def test_the_order_of_the_classes_counts() -> None:
    swapped = {name: CLASSES[name] for name in ("nine_digits", "placeholder")}
    assert value("class", "111111111", classes=swapped) == "nine_digits"


def test_classes_of_words_are_composed_before() -> None:
    for text in ("đính kèm", unicodedata.normalize("NFD", "đính kèm")):
        assert value("class", text, classes={"placeholder": "đính kèm"}) == "placeholder"


def hmac_of(text: str) -> str:
    return hmac.new(LINK_KEY.secret, text.encode(), sha256).hexdigest()


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("012345678901", "012345678901"),
        (" 012 345 678 901 ", "012345678901"),
        ("b1234567", "B1234567"),
        ("B 1234567", "B1234567"),
    ],
)
def test_one_identity_however_written_is_one_link(text: str, linked: str) -> None:
    assert value("link", text) == hmac_of(linked)


@pytest.mark.parametrize("text", ["000000001", "0", "0 0 0", "", "  ", None])
def test_a_placeholder_links_nobody(text: str | None) -> None:
    assert value("link", text, placeholders=["0+1?"]) is None


def test_a_placeholder_is_the_whole_text() -> None:
    assert value("link", "0000000012", placeholders=["0+1?"]) == hmac_of("0000000012")


def test_a_link_without_a_key_is_our_own_mistake() -> None:
    column = Column.model_validate({"name": "owner_link", "wire": "v", "type": "link"})
    with pytest.raises(ValueError, match="column owner_link: a link needs a key"):
        typed(column, "v", contract())


# --- dates ---

_DIGITS_AND_DAYS = (
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%Y-%m-%d %H:%M:%S",
)
ALL = (*_DIGITS_AND_DAYS, "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "iso", "iso_zone")


def test_all_are_all() -> None:
    assert set(ALL) == DATE_FORMATS


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("20260331080910", "2026-03-31 08:09:10"),
        (" 20260331080910 ", "2026-03-31 08:09:10"),
        ("20240229000000", "2024-02-29"),
        ("20260331", "2026-03-31"),
        ("31/03/2026", "2026-03-31"),
        ("1/2/2026", "2026-02-01"),
        ("31/03/2026 08:09", "2026-03-31 08:09"),
        ("1/2/2026 7:05", "2026-02-01 07:05"),
        ("31/03/2026 08:09:10", "2026-03-31 08:09:10"),
        ("2026-03-31 08:09:10", "2026-03-31 08:09:10"),
        ("2026-03-31", "2026-03-31"),
        ("2026/03/31", "2026-03-31"),
        ("2026/03/31 08:09:10", "2026-03-31 08:09:10"),
        ("2026-06-08T07:47:28", "2026-06-08 07:47:28"),
        ("2026-06-08T07:47:28.329", "2026-06-08 07:47:28.329"),
        ("2026-06-08T07:47:28.329123", "2026-06-08 07:47:28.329123"),
        ("2026-06-08T07:47", "2026-06-08 07:47"),
        ("2026-06-08T24:00:00", "2026-06-09"),  # ISO's own word for the end of a day
        # a zone that is given: local time is seven hours ahead of UTC
        ("2026-06-08T07:47:28Z", "2026-06-08 14:47:28"),
        ("2026-06-08T07:47:28.329Z", "2026-06-08 14:47:28.329"),
        ("2026-06-08T07:47:28+07:00", "2026-06-08 07:47:28"),
        ("2026-06-08T07:47:28+00:00", "2026-06-08 14:47:28"),
        ("2026-06-08T07:47:28-05:30", "2026-06-08 20:17:28"),
        ("2026-06-08T07:47:28+07", "2026-06-08 07:47:28"),
        ("2026-06-08T07:47:28+0700", "2026-06-08 07:47:28"),
        ("2026-06-08T20:00:00Z", "2026-06-09 03:00:00"),
        ("1900-01-01", "1900-01-01"),
    ],
)
def test_every_form_of_a_date_is_read(text: str, when: str) -> None:
    assert value("timestamp", text, formats=ALL) == at(when)
    assert value("date", text, formats=ALL) == at(when).date()


@pytest.mark.parametrize(
    "text",
    [
        *("20260229000000", "20260331240000", "20260331236000", "20261301000000", "20260230", "2026033108"),
        *("30/02/2026", "31/04/2026", "13/13/2026", "32/01/2026", "00/01/2026", "12/31/2026"),
        *("31/03/2026 24:00", "31/03/2026 08:60", "31/03/2026 08:09:61", "31/03/2026 8", "31/03/2026 PM"),
        *("2026-02-29", "2026-02-30 00:00:00", "2026/13/01", "2026-02-30T00:00:00", "2026-02-30T00:00:00Z"),
        *(
            "2026-06-08T25:00:00",
            "2026-06-08T07:47:28+99:00",
            "2026-06-08T07:47:28 Asia/Tokyo",
            "2026-06-08T",
        ),
        # two digits for the year, years that no dossier has, other calendars
        *(
            "31/03/26",
            "26/03/31",
            "26-03-31",
            "260331",
            "31/03/0026",
            "0026-03-31",
            "31/03/1899",
            "2569-03-31",
        ),
        *("mai", "46112", "46112.5", "31.03.2026", "31-03-2026", "2026", "03/2026", "31 tháng 3 năm 2026"),
        *(
            "0",
            "00000000",
            "00000000000000",
            "0001-01-01T00:00:00",
            "infinity",
            "-infinity",
            "epoch",
            "now",
            "today",
        ),
        *(
            "2026-06-08T24:01:00",
            "2026-06-08T23:59:60",
            "2026-06-08T07:47:28+15:00",
            "2026-06-08T07:47:28+07:60",
        ),
        *("", "  ", None, "2026-03-31 08:09:10 x", "x 2026-03-31", "20260331080910.5"),
    ],
)
def test_what_is_no_date(text: str | None) -> None:
    assert value("timestamp", text, formats=ALL) is None
    assert value("date", text, formats=ALL) is None


def test_only_the_forms_of_the_contract_are_read() -> None:
    samples = {
        "%Y%m%d%H%M%S": "20260331080910",
        "%Y%m%d": "20260331",
        "%d/%m/%Y %H:%M:%S": "31/03/2026 08:09:10",
        "%d/%m/%Y %H:%M": "31/03/2026 08:09",
        "%d/%m/%Y": "31/03/2026",
        "%Y-%m-%d %H:%M:%S": "2026-03-31 08:09:10",
        "%Y-%m-%d": "2026-03-31",
        "%Y/%m/%d %H:%M:%S": "2026/03/31 08:09:10",
        "%Y/%m/%d": "2026/03/31",
        "iso": "2026-03-31T08:09:10",
        "iso_zone": "2026-03-31T08:09:10Z",
    }
    assert set(samples) == DATE_FORMATS
    for form in samples:
        read = {f for f, text in samples.items() if value("timestamp", text, formats=(form,)) is not None}
        assert read == {form}


def test_a_day_and_a_month_are_never_swapped() -> None:
    for forms in (ALL, ALL[::-1]):
        assert value("date", "02/01/2026", formats=forms) == date(2026, 1, 2)
        assert value("date", "2026/02/01", formats=forms) == date(2026, 2, 1)


@pytest.mark.parametrize("form", STRFTIME)
@in_sql
@given(when=st.datetimes(at("1900-01-01"), at("2100-12-31")))
def test_timestamps_come_back_as_they_were_written(form: str, when: datetime) -> None:
    kept = when.replace(
        hour=when.hour if "%H" in form else 0,
        minute=when.minute if "%M" in form else 0,
        second=when.second if "%S" in form else 0,
        microsecond=0,
    )
    assert value("timestamp", when.strftime(form), formats=(form,)) == kept
    assert value("timestamp", when.strftime(form), formats=ALL) == kept
    assert value("date", when.strftime(form), formats=(form,)) == when.date()


@in_sql
@given(when=st.datetimes(at("1980-01-01"), at("2100-12-31")), minutes=st.integers(-12 * 60, 14 * 60))
def test_a_time_with_its_zone_becomes_local_time(when: datetime, minutes: int) -> None:
    there = when.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    local = when + timedelta(hours=7)  # without summer time since 1975
    assert value("timestamp", there.isoformat(), formats=ALL) == local


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (("2026-06-08T07:47:28", None), "made_at"),
        (("2026-06-08T07:47:28", "2026-06-08T07:47:28.329"), "made_at,sent_at"),
        (("2026-06-08 07:47:28", "2026-06-08T07:47"), "sent_at"),
        (("2026-06-08T07:47:28Z", "2026-06-08T07:47:28+07:00"), None),
        (("20260608074728", "08/06/2026 07:47"), None),
        ((None, None), None),
        (("", "x"), None),
    ],
)
def test_exactly_the_times_that_say_no_zone_are_marked(
    texts: tuple[str | None, str | None], marked: str | None
) -> None:
    sql = zone_unknown({"made_at": "a", "sent_at": "b"})
    assert CON.execute(f"SELECT {sql} FROM (SELECT $1 AS a, $2 AS b)", list(texts)).fetchone() == (marked,)


@in_sql
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_no_text_makes_typing_fail(text: str) -> None:
    for column_type in ("text", "code", "timestamp", "date", "decimal", "boolean", "presence", "link"):
        value(column_type, text, formats=ALL)
    value("decimal", text, locale="vi")
    value("class", text, classes=CLASSES)
