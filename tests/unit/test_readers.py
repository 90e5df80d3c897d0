"""Readers, through landing: real files in, rows with their numbers out, every fault named."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.contracts import load_contract
from tests.unit.helpers import (
    SOURCES,
    codes,
    contract,
    land,
    land_files,
    message,
    message_contract,
    put,
    quarantined,
)

ROWS = "paper_code, amount, row_number"


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"Mã giấy": f"G{number}", "Số tiền": str(number), **more}


def rows(*numbers: int) -> list[tuple[str, Decimal, int]]:
    """Rows as they land, when row n holds the paper Gn and the amount n."""
    return [(f"G{n}", Decimal(n), n) for n in numbers]


# --- JSON messages ---


@pytest.mark.parametrize(
    "text",
    [
        message(row(1), row(2), row(3)),
        f"[{message(row(1))}, {message(row(2), row(3))}]",
        f"{message(row(1), row(2))}\n{message(row(3))}\n",
        json.dumps(json.loads(message(row(1), row(2), row(3))), indent=2),
        "\ufeff" + message(row(1), row(2), row(3)),
        f"\n\n  {message(row(1), row(2), row(3))}\n\n",
    ],
    ids=["a message", "a list of messages", "a message a line", "indented", "with BOM", "blanks around"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_messages_in_every_form(tmp_path: Path, text: str, packed: bool) -> None:
    name = "a.json.gz" if packed else "a.json"
    put(tmp_path / "raw", name, gzip.compress(text.encode()) if packed else text)
    landed = land(tmp_path, message_contract())
    assert landed.rows(ROWS) == rows(1, 2, 3)
    assert landed.numbers(name) == (3, 3, 0)
    assert landed.accounts[0].problems == []


def test_the_envelope_of_each_message_goes_to_its_rows(tmp_path: Path) -> None:
    text = f"{message(row(1))}\n{message(row(2), row(3), Nguon='QG')}"
    landed = land_files(tmp_path, message_contract(), a_json=text)
    assert landed.rows("side, paper_code") == [("one_stop", "G1"), ("national", "G2"), ("national", "G3")]


def test_the_side_of_processing_steps_comes_from_the_envelope(tmp_path: Path) -> None:
    steps = load_contract(SOURCES / "processing_steps.yml")
    step = {"MaHoSo": "H38.1-260101-0001", "ThoiDiemXuLy": "20260102080910", "TrangThai": "2"}
    for name, side in (("a.json", "MC"), ("b.json", "DVCQG"), ("c.json", "LGSP")):
        put(tmp_path / "raw", name, json.dumps({"NguonDuLieu": side, "data": [step]}), steps.source)
    landed = land(tmp_path, steps)
    assert landed.rows("side, dossier_code, strftime(processed_at, '%c')", steps.source) == [
        ("one_stop", "H38.1-260101-0001", "2026-01-02 08:09:10"),
        ("national", "H38.1-260101-0001", "2026-01-02 08:09:10"),
    ]
    assert landed.numbers("c.json") == (1, 0, 1)
    assert quarantined(landed.account("c.json")) == [(1, "NguonDuLieu", "xxxx")]


def test_values_of_any_json_type_are_text_first(tmp_path: Path) -> None:
    text = message(
        {"Mã giấy": 5, "Số tiền": 1.5, "Đã nộp": True, "Tệp": "x"},
        {"Mã giấy": "A", "Số tiền": 12000, "Đã nộp": 0, "Tệp": None},
        {"Mã giấy": "B", "Số tiền": "", "Đã nộp": "", "Tệp": ""},
    )
    landed = land_files(tmp_path, message_contract(), a_json=text)
    assert landed.rows("paper_code, amount, is_paid, has_file") == [
        ("5", Decimal("1.50"), True, True),
        ("A", Decimal("12000.00"), False, False),
        ("B", None, None, False),
    ]


def test_lists_land_as_tables_with_the_key_and_place_of_their_row(tmp_path: Path) -> None:
    text = message(
        row(1, Phi=[{"MaPhi": "p1", "Gia": "5000", "BienLai": "u"}, {"MaPhi": "p2", "Gia": 7}]),
        row(2),
        row(3, Phi=None),
        row(4, Phi=[]),
        row(5, Phi=[{"MaPhi": "", "MaPhiCu": "p9"}, {"MaPhi": "p10", "MaPhiCu": "p11"}]),
    )
    landed = land_files(tmp_path, message_contract(), a_json=text)
    assert landed.rows(ROWS) == rows(1, 2, 3, 4, 5)
    assert landed.rows("* EXCLUDE file_sha", "papers__fees") == [
        ("G1", 1, 1, "P1", Decimal("5000.00"), True),
        ("G1", 1, 2, "P2", Decimal("7.00"), False),
        ("G5", 5, 1, "P9", None, False),
        ("G5", 5, 2, "P10", None, False),
    ]


def test_a_list_that_is_no_list_breaks_its_row_only(tmp_path: Path) -> None:
    text = message(row(1, Phi="[]"), row(2), row(3, Phi={}), row(4, Phi=""), row(5, Phi=[{"MaPhi": "p"}]))
    landed = land_files(tmp_path, message_contract(), a_json=text)
    assert landed.rows(ROWS) == rows(2, 5)
    assert landed.numbers("a.json") == (5, 2, 3)
    assert quarantined(landed.accounts[0]) == [(1, None, None), (3, None, None), (4, None, None)]
    assert {q.reason for q in landed.accounts[0].quarantined} == {
        "the row is not an object, or a list in it is not a list"
    }


def test_rows_that_are_no_objects_are_quarantined_not_lost(tmp_path: Path) -> None:
    text = message(None, row(2), 3, "four", [5], row(6))
    landed = land_files(tmp_path, message_contract(), a_json=text)
    assert landed.rows(ROWS) == rows(2, 6)
    assert landed.numbers("a.json") == (6, 2, 4)
    assert [n for n, _, _ in quarantined(landed.accounts[0])] == [1, 3, 4, 5]


@pytest.mark.parametrize(
    "whole",
    [
        message(row(1), row(2), row(3)),
        f"[{message(row(1))}, {message(row(2), row(3))}]",
        f"{message(row(1))}\n{message(row(2), row(3))}",
        message(row(1), row(2), row(3), Nguon="MC", SoLuong=3),
    ],
    ids=["a message", "a list of messages", "a message a line", "more in the envelope"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_truncated_json_keeps_the_rows_before_the_break(tmp_path: Path, whole: str, packed: bool) -> None:
    cut = whole.encode()[: -len('"3"}]}]')]
    name = "a.json.gz" if packed else "a.json"
    put(tmp_path / "raw", name, gzip.compress(cut) if packed else cut)
    put(tmp_path / "raw", "b.json", message(row(1)))
    landed = land(tmp_path, message_contract())
    account = landed.account(name)
    assert landed.numbers(name) == (3, 2, 1)
    assert landed.numbers("b.json") == (1, 1, 0)
    assert landed.rows(f"side, {ROWS}") == [("one_stop", *r) for r in [*rows(1, 2), *rows(1)]]
    assert codes(account) == ["unreadable"]
    assert account.problems[0].message == (
        f"papers/2026-03-31/{name}: the JSON breaks off or is damaged after row 2: "
        "ask for the file to be delivered again."
    )
    assert quarantined(account) == [(3, None, None)]


def test_rows_before_a_break_keep_their_numbers_when_some_are_no_objects(tmp_path: Path) -> None:
    cut = message(1, row(2), [{"a": 1}], row(4), row(5))[:-5]
    landed = land_files(tmp_path, message_contract(), a_json=cut)
    assert landed.rows(ROWS) == rows(2, 4)
    assert landed.numbers("a.json") == (5, 2, 3)
    assert [n for n, _, _ in quarantined(landed.accounts[0])] == [1, 3, 5]


def test_damage_in_the_middle_ends_the_file_there(tmp_path: Path) -> None:
    damaged = message(row(1), row(2), row(3)).replace('"G2"', "G2")
    landed = land_files(tmp_path, message_contract(), a_json=damaged)
    assert landed.rows(ROWS) == rows(1)
    assert landed.numbers("a.json") == (2, 1, 1)
    assert codes(landed.accounts[0]) == ["unreadable"]


@pytest.mark.parametrize(
    "text",
    ['{"x": 1}', '{"data": {"Mã giấy": "G1"}}', '{"data": "G1"}', '{"data": null}'],
    ids=["no data", "data an object", "data a text", "data null"],
)
def test_json_that_is_no_message_is_unreadable_and_not_empty(tmp_path: Path, text: str) -> None:
    landed = land_files(tmp_path, message_contract(), a_json=text, b_json=message(row(1)))
    assert landed.numbers("a.json") == (1, 0, 1)
    assert codes(landed.account("a.json")) == ["unreadable"]
    assert "neither a list named data nor rows" in landed.account("a.json").problems[0].message
    assert landed.numbers("b.json") == (1, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([row(1), row(2), row(3)]),
        "\n".join(json.dumps(row(n)) for n in (1, 2, 3)),
        json.dumps([row(1, Nguon="MC"), row(2), row(3)], indent=2),
    ],
    ids=["a list", "a row a line", "what messages have around them in the row"],
)
def test_rows_without_message_land_too(tmp_path: Path, text: str) -> None:
    landed = land_files(tmp_path, message_contract(), a_json=text, b_json=json.dumps([row(1)]))
    assert landed.rows(ROWS) == rows(1, 2, 3, 1)
    assert all(a.problems == [] for a in landed.accounts)


def test_a_message_without_rows_is_readable(tmp_path: Path) -> None:
    landed = land_files(tmp_path, message_contract(), a_json=message())
    assert landed.numbers("a.json") == (0, 0, 0)
    assert landed.accounts[0].problems == []


@pytest.mark.parametrize("name", ["hồ sơ (1).json", "a[1].json", "a*b?.json", "it's.json", 'q"q.json'])
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    put(tmp_path / "raw", name, message(row(1)))
    put(tmp_path / "raw", "a1.json", message(row(2)))
    landed = land(tmp_path, message_contract())
    assert sorted(landed.rows("paper_code")) == [("G1",), ("G2",)]
    assert all(a.problems == [] for a in landed.accounts)


# --- what is not what its ending says ---

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.mark.parametrize("ending", ["json", "csv"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b" \n\t\r\n ", "nothing but blanks"),
        (PNG, "the content is a picture"),
        (ZIP, "the content is a ZIP or Excel file"),
        (PDF, "the content is a PDF file"),
        (gzip.compress(b'{"data": []}'), "the content is a gzip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"<html><body>504</body></html>", "but the content is not"),
    ],
    ids=["empty", "blank", "PNG", "ZIP", "PDF", "gzip", "xls", "HTML"],
)
def test_wrong_content_is_named_with_its_file(tmp_path: Path, ending: str, content: bytes, says: str) -> None:
    of = message_contract() if ending == "json" else contract()
    good = message(row(1)) if ending == "json" else "Mã giấy,Số tiền\nG1,1\n"
    put(tmp_path / "raw", f"a.{ending}", content)
    put(tmp_path / "raw", f"b.{ending}", good)
    landed = land(tmp_path, of)
    account = landed.account(f"a.{ending}")
    assert codes(account) == ["unreadable"]
    assert account.problems[0].message.startswith(f"papers/2026-03-31/a.{ending}: ")
    assert says in account.problems[0].message
    assert landed.numbers(f"a.{ending}") == (0, 0, 0)
    assert landed.rows(ROWS) == rows(1)


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_gz_that_is_no_gzip(tmp_path: Path, ending: str) -> None:
    of = message_contract() if ending == "json" else contract()
    put(tmp_path / "raw", f"a.{ending}.gz", message(row(1)) if ending == "json" else "Mã giấy\nG1\n")
    landed = land(tmp_path, of)
    assert codes(landed.accounts[0]) == ["unreadable"]
    assert "the name ends in .gz but the content is not gzip" in landed.accounts[0].problems[0].message
    assert landed.numbers(f"a.{ending}.gz") == (0, 0, 0)


def test_truncated_gz_of_messages_keeps_whole_rows(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(message(row(n)) for n in range(1, 20_001)).encode())
    put(tmp_path / "raw", "a.json.gz", packed[: len(packed) // 2])
    landed = land(tmp_path, message_contract())
    came, good, bad = landed.numbers("a.json.gz")
    assert (came, bad) == (good + 1, 1)
    assert 1_000 < good < 20_000
    assert landed.rows(ROWS) == rows(*range(1, good + 1))
    assert codes(landed.accounts[0]) == ["unreadable"]
    assert f"after row {good}" in landed.accounts[0].problems[0].message


@pytest.mark.parametrize("lines", [2, 20_000])
def test_truncated_or_damaged_gz_of_a_table_lands_nothing(tmp_path: Path, lines: int) -> None:
    packed = gzip.compress(("Mã giấy\n" + "".join(f"G{n}\n" for n in range(lines))).encode())
    put(tmp_path / "raw", "cut.csv.gz", packed[:-10])
    put(tmp_path / "raw", "sum.csv.gz", packed[:-8] + b"\x00\x01\x02\x03" + packed[-4:])
    landed = land(tmp_path, contract())
    for name in ("cut.csv.gz", "sum.csv.gz"):
        assert landed.numbers(name) == (0, 0, 0)
        assert codes(landed.account(name)) == ["unreadable"]
        assert f"{name}: the packed file breaks off or is damaged" in landed.account(name).problems[0].message
    assert landed.rows("paper_code") == []


# --- replies of the reporting API ---

CAPTURE = {
    "provinceCode": "H38",
    "periodLabel": "2026",
    "endpoint": "transparency",
    "capturedOn": "2026-03-30",
    "source": "portal",
}
SCORES = "unit_name, unit_code, metric_code, field_name, value, row_number"


def reply(data: object, **more: object) -> str:
    return json.dumps({"capture": CAPTURE, "code": "OK", "data": data, **more}, ensure_ascii=False)


def test_shape_a_gives_a_row_per_unit_metric_and_field(tmp_path: Path) -> None:
    metric = {"code": "1.1", "numerator": 3, "denominator": None, "ratio": 0.30, "note": "x"}
    unit = {"departmentName": "Sở A", "departmentCode": "H38.1", "metrics": [metric]}
    scores = load_contract(SOURCES / "portal_scores.yml")
    landed = land_files(tmp_path, scores, a_json=reply({"overview": {}, "evaluation": [unit]}))
    assert landed.rows(SCORES, "portal_scores") == [
        ("Sở A", "H38.1", "1.1", "numerator", Decimal("3.00"), 1),
        ("Sở A", "H38.1", "1.1", "denominator", None, 2),
        ("Sở A", "H38.1", "1.1", "ratio", Decimal("0.30"), 3),
    ]
    assert landed.rows(
        "DISTINCT province_code, period_label, endpoint, captured_on::VARCHAR", scores.source
    ) == [("H38", "2026", "transparency", "2026-03-30")]


@pytest.mark.parametrize("children", [None, []])
def test_shape_b_gives_a_row_per_unit_and_field_and_keeps_null_apart_from_zero(
    tmp_path: Path, children: object
) -> None:
    parent = {"departmentName": "Tỉnh", "totalReceived": 0, "totalOnTime": None}
    child = {"departmentName": "Xã B", "totalReceived": 5, "somethingNew": 7}
    scores = load_contract(SOURCES / "portal_scores.yml")
    landed = land_files(
        tmp_path,
        scores,
        a_json=reply({"parent": parent, "children": [child]}),
        b_json=reply({"parent": child, "children": children}),
    )
    assert landed.rows("unit_name, field_name, value", "portal_scores") == [
        ("Tỉnh", "totalReceived", Decimal("0.00")),
        ("Tỉnh", "totalOnTime", None),
        ("Xã B", "totalReceived", Decimal("5.00")),
        ("Xã B", "somethingNew", Decimal("7.00")),
        ("Xã B", "totalReceived", Decimal("5.00")),
        ("Xã B", "somethingNew", Decimal("7.00")),
    ]


@pytest.mark.parametrize(
    "text",
    ['{"capture": {', "[]", '{"data": {}}', '{"capture": {}, "data": null}', reply({"evaluation": {"a": 1}})],
)
def test_what_is_no_reply_is_unreadable_and_takes_nothing_with_it(tmp_path: Path, text: str) -> None:
    scores = load_contract(SOURCES / "portal_scores.yml")
    good = reply({"parent": {"departmentName": "Tỉnh", "totalReceived": 1}})
    number_as_code = reply({"evaluation": [{"departmentName": "Sở", "metrics": [{"code": 4, "score": 1}]}]})
    landed = land_files(tmp_path, scores, a_json=text, b_json=good, c_json=number_as_code)
    assert codes(landed.account("a.json")) == ["unreadable"]
    assert "a.json: not a reply of the reporting API" in landed.account("a.json").problems[0].message
    assert landed.numbers("a.json") == (1, 0, 1)
    assert landed.rows("unit_name, metric_code, value", "portal_scores") == [
        ("Tỉnh", "_unit", Decimal("1.00")),
        ("Sở", "4", Decimal("1.00")),
    ]


def test_a_damaged_packed_reply_takes_nothing_with_it(tmp_path: Path) -> None:
    scores = load_contract(SOURCES / "portal_scores.yml")
    units = [{"departmentName": f"Xã {n}", "totalReceived": n} for n in range(3000)]
    packed = gzip.compress(reply({"parent": units[0], "children": units[1:]}).encode())
    landed = land_files(
        tmp_path,
        scores,
        a_json_gz=packed[:-8] + b"\x00\x01\x02\x03" + packed[-4:],
        b_json_gz=packed[:-20],
        c_json_gz=packed,
    )
    assert codes(landed.account("a.json.gz")) == ["unreadable"]
    assert codes(landed.account("b.json.gz")) == ["unreadable"]
    assert landed.numbers("c.json.gz") == (3000, 3000, 0)
