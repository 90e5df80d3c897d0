"""Landing a source: every row accounted for, values exact, nothing personal kept, nothing landed twice."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.store import MANIFEST
from tests.unit.helpers import (
    SOURCES,
    Landed,
    at,
    codes,
    contract,
    land,
    land_files,
    message,
    message_contract,
    put,
    quarantined,
)

HEADER = ["Mã giấy", "Loại", "Số tiền", "Ngày lập", "Hiệu lực", "Đã nộp", "Tệp", "Ghi chú"]


def table(*lines: list[str], header: list[str] = HEADER) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *lines])
    return text.getvalue()


# --- values ---


def test_values_and_their_order_are_exact(tmp_path: Path) -> None:
    text = table(
        ["h38.2", "TỈNH", "5000", "31/03/2026 08:09:10", "1/2/2026", "1", "http://x", " Một  hai "],
        ["H38.1", "xã", "-0.5", "01/04/2026", "29/02/2028", "Không", "", ""],
        ["H38.1", "", "", "", "", "", " ", ""],
        [" H38.3 ", "Xã", "9999999999999999.99", "31/12/1999 23:59:59", "", "CÓ", "0", "Sở Tư pháp"],
    )
    landed = land_files(tmp_path, contract(), a_csv=text)
    assert landed.rows("* EXCLUDE file_sha") == [
        (
            "H38.2",
            "provincial",
            Decimal("5000.00"),
            at("2026-03-31 08:09:10"),
            date(2026, 2, 1),
            True,
            True,
            "Một  hai",
            1,
        ),
        (
            "H38.1",
            "communal",
            Decimal("-0.50"),
            at("2026-04-01"),
            date(2028, 2, 29),
            False,
            False,
            None,
            2,
        ),
        ("H38.1", None, None, None, None, None, False, None, 3),
        (
            "H38.3",
            "communal",
            Decimal("9999999999999999.99"),
            at("1999-12-31 23:59:59"),
            None,
            True,
            True,
            "Sở Tư pháp",
            4,
        ),
    ]


def test_what_cannot_be_typed_is_quarantined_with_its_column(tmp_path: Path) -> None:
    text = table(
        ["G1", "HUYỆN", "", "", "", "", "", ""],
        ["G2", "", "1.234,5", "", "", "", "", ""],
        ["G3", "", "", "30/02/2026", "", "", "", ""],
        ["G4", "", "", "", "2026-03-31", "", "", ""],
        ["G5", "", "", "", "", "có lẽ", "", ""],
        ["", "", "", "", "", "", "", "không mã"],
        ["G7", "", "", "", "", "", "", ""],
        ["G8", "", "Nguyễn Văn Mẫu", "20260331", "", "", "", ""],
    )
    landed = land_files(tmp_path, contract(), a_csv=text)
    assert landed.rows("paper_code, row_number") == [("G7", 7)]
    assert quarantined(landed.accounts[0]) == [
        (1, "Loại", "xxxxx"),
        (2, "Số tiền", "1.234,5"),
        (3, "Ngày lập", "30/02/2026"),
        (4, "Hiệu lực", "2026-03-31"),
        (5, "Đã nộp", "xx xx"),
        (6, "Mã giấy", None),
        (8, "Số tiền", "xxxxxx xxx xxx"),
    ]
    assert [q.reason for q in landed.accounts[0].quarantined] == [
        "is not in the code list",
        "is not a decimal",
        "is not a timestamp",
        "is not a date",
        "is not a boolean",
        "is empty, but it is the key of the row",
        "is not a decimal",
    ]
    assert landed.numbers("a.csv") == (8, 1, 7)
    assert landed.accounts[0].problems == []


def test_a_bad_item_of_a_list_is_quarantined_and_its_row_lands(tmp_path: Path) -> None:
    fees = [{"MaPhi": "p1", "Gia": "5000"}, {"MaPhi": "p2", "Gia": "năm nghìn"}, {"MaPhi": "p3"}]
    text = message({"Mã giấy": "G1", "Phi": fees}, {"Mã giấy": "", "Phi": fees})
    landed = land_files(tmp_path, message_contract(), a_json=text)
    assert landed.rows("paper_code") == [("G1",)]
    assert landed.rows("paper_code, row_number, position, fee_code", "papers__fees") == [
        ("G1", 1, 1, "P1"),
        ("G1", 1, 3, "P3"),
    ]
    assert landed.numbers("a.json") == (2, 1, 1)
    assert [
        (q.table, q.row_number, q.position, q.column, q.value) for q in landed.accounts[0].quarantined
    ] == [
        ("papers", 2, None, "Mã giấy", None),
        ("papers__fees", 1, 2, "Gia", "xxx xxxxx"),
    ]


def test_files_and_rows_land_in_the_order_of_delivery(tmp_path: Path) -> None:
    for day, name, codes_here in (
        ("2026-03-31", "a.json", ["G9", "G1"]),
        ("2026-03-30", "z.json", ["G5", "G4"]),
        ("2026-03-31", "b.json", ["G7"]),
    ):
        put(tmp_path / "raw", name, message(*({"Mã giấy": c} for c in codes_here)), day=day)
    landed = land(tmp_path, message_contract())
    assert landed.rows("paper_code, row_number") == [("G5", 1), ("G4", 2), ("G9", 1), ("G1", 2), ("G7", 1)]
    assert [a.file_sha for a in landed.accounts] == [d.file_sha for d in landed.deliveries]


def test_columns_of_the_parquet_files_are_those_of_the_contract(tmp_path: Path) -> None:
    of = message_contract()
    landed = land_files(tmp_path, of, a_json=message({"Mã giấy": "G1", "Phi": [{"MaPhi": "p"}]}))
    for name in of.tables:
        (file,) = [p for p in landed.parquet_files() if p.stem == name]
        described = duckdb.connect(":memory:").execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
        assert [(c[0], c[1]) for c in described] == list(of.table_schema(name).items())


# --- personal data ---


def spoken(of: Contract) -> list[dict[str, str]]:
    """A row of a contract in which every personal column, and one that nobody knows, holds a secret."""
    row = {p.wire: f"bí mật {n}" for n, p in enumerate(of.personal)} | {"Cột lạ": "bí mật lạ"}
    kept = {"code": "K1", "text": "chữ", "decimal": "1", "boolean": "1", "presence": "bí mật tệp"}
    dates = of.date_formats[0]
    for column in of.columns:
        value = kept.get(column.type, at("2026-01-02").strftime(dates))
        if column.type not in ("class", "link"):  # of a personal column
            row[column.wire] = next(iter(column.codes), value)
    return [row]


def test_nothing_personal_or_unknown_reaches_a_landed_file(tmp_path: Path) -> None:
    for source, of in load_contracts(SOURCES).items():
        if of.shape == "portal_scores":
            continue
        lists = {
            nested.wire: [{c.wire: "1" for c in nested.columns} | {"TenTep": "bí mật tên"}]
            for nested in of.lists
        }
        dates = {
            c.wire: "" for nested in of.lists for c in nested.columns if c.type == "timestamp" or c.codes
        }
        lists = {wire: [item | dates for item in items] for wire, items in lists.items()}
        envelope = {c.wire: next(iter(c.codes)) for c in of.envelope}
        row = spoken(of)[0] | lists
        name, text = "a.json", json.dumps({**envelope, "session": "bí mật", "data": [row]})
        put(tmp_path / source / "raw", name, text, source)
        landed = land(tmp_path / source, of)
        assert landed.numbers(name) == (1, 1, 0), source
        assert landed.accounts[0].personal_columns_dropped == sorted(p.wire for p in of.personal)
        assert "Cột lạ" in landed.accounts[0].unknown_columns_dropped
        kept = {c.name for columns in of.tables.values() for c in columns}
        kept |= {"file_sha", "row_number", "position", "zone_unknown_columns"}
        for file in landed.parquet_files():
            content = pq.read_table(file)
            assert set(content.column_names) <= kept
            assert "bí mật" not in str(content.to_pylist()), (source, file.name)
        for manifest in (tmp_path / source / "landed").rglob(MANIFEST):
            assert "bí mật" not in manifest.read_text(encoding="utf-8")


def test_a_name_in_a_wrong_column_stays_in_no_manifest(tmp_path: Path) -> None:
    landed = land_files(tmp_path, contract(), a_csv="Mã giấy,Số tiền\nG1,Nguyễn Văn Mẫu\nG2,mau@example.vn\n")
    assert [v for _, _, v in quarantined(landed.accounts[0])] == ["xxxxxx xxx xxx", "xxx@xxxxxxx.xx"]
    for file in (tmp_path / "landed").rglob("*"):
        if file.is_file():
            assert b"Nguy" not in file.read_bytes()
            assert b"example.vn" not in file.read_bytes()


# --- once and again ---


def batches(landed: Landed) -> set[str]:
    return {b.folder.name for b in landed.store.batches(landed.contract)}


def test_the_same_bytes_are_landed_once_whenever_they_come(tmp_path: Path) -> None:
    text = "Mã giấy\nG1\nG2\n"
    put(tmp_path / "raw", "a.csv", text, day="2026-03-30")
    put(tmp_path / "raw", "b.csv", text, day="2026-03-30")
    first = land(tmp_path, contract())
    assert len(first.deliveries) == 2
    assert [(a.rows_in, a.rows_landed) for a in first.accounts] == [(2, 2)]
    assert first.rows("paper_code") == [("G1",), ("G2",)]

    put(tmp_path / "raw", "c.csv", text, day="2026-03-31")
    put(tmp_path / "raw", "d.csv", "Mã giấy\nG3\n", day="2026-03-31")
    before = batches(first)
    second = land(tmp_path, contract())
    assert len(second.deliveries) == 4
    assert [(a.rows_in, a.rows_landed) for a in second.accounts] == [(2, 2), (1, 1)]
    assert sorted(second.rows("paper_code")) == [("G1",), ("G2",), ("G3",)]
    assert before < batches(second)

    third = land(tmp_path, contract())
    assert batches(third) == batches(second)
    assert third.accounts == second.accounts


def test_what_was_quarantined_is_known_again_without_reading(tmp_path: Path) -> None:
    first = land_files(tmp_path, message_contract(), a_json=message({"Mã giấy": ""}, {"Mã giấy": "G2"})[:-4])
    assert codes(first.accounts[0]) == ["unreadable"]
    assert land(tmp_path, message_contract()).accounts == first.accounts


def test_other_words_of_the_contract_land_a_file_anew(tmp_path: Path) -> None:
    text = "Mã giấy,Ngày lập\nG1,20260102\n"
    before = land_files(tmp_path, contract(), a_csv=text)
    assert before.numbers("a.csv") == (1, 0, 1)
    after = land(tmp_path, contract(date_formats=["%Y%m%d"]))
    assert after.numbers("a.csv") == (1, 1, 0)
    assert batches(before) == batches(after)  # the same files, but each under its own contract
    assert before.store.source_folder(before.contract) != after.store.source_folder(after.contract)


def test_leftovers_of_a_killed_landing_are_not_seen(tmp_path: Path) -> None:
    first = land_files(tmp_path, contract(), a_csv="Mã giấy\nG1\n")
    folder = first.store.source_folder(first.contract)
    (whole,) = batches(first)
    draft = folder / f".{'0' * 16}.draft"
    draft.mkdir()
    (draft / MANIFEST).write_text('{"source": "papers", "files": [{"file_')
    put(tmp_path / "raw", "b.csv", "Mã giấy\nG2\n")
    second = land(tmp_path, contract())
    assert whole in batches(second)
    assert not any(name.startswith(".") for name in batches(second))
    assert second.numbers("b.csv") == (1, 1, 0)


def test_a_landing_that_was_killed_before_its_manifest_is_done_again(tmp_path: Path) -> None:
    first = land_files(tmp_path, contract(), a_csv="Mã giấy\nG1\n")
    (whole,) = [b.folder for b in first.store.batches(first.contract)]
    (whole / MANIFEST).unlink()
    again = land(tmp_path, contract())
    assert again.numbers("a.csv") == (1, 1, 0)
    assert again.rows("paper_code") == [("G1",)]


def test_progress_says_how_many_new_files_are_done(tmp_path: Path) -> None:
    from orchestration.landing.land import land_source

    landed = land_files(tmp_path, contract(), a_csv="Mã giấy\nG1\n")
    put(tmp_path / "raw", "b.csv", "Mã giấy\nG2\n")
    seen: list[tuple[int, int]] = []
    fresh = land(tmp_path / "other", contract())
    assert fresh.accounts == []
    land_source(contract(), landed.deliveries, fresh.store, lambda *news: seen.append(news))
    assert seen == [(1, 1)]


# --- rows in = landed + quarantined, for any mix ---

GOOD = {"Mã giấy": "G1", "Số tiền": "1", "Phi": [{"MaPhi": "p"}]}
SPOILED: list[Any] = [
    {"Mã giấy": ""},
    {"Số tiền": "1"},
    {"Mã giấy": "G1", "Số tiền": "x"},
    {"Mã giấy": "G1", "Ngày lập": "mai"},
    {"Mã giấy": "G1", "Phi": "[]"},
    {},
    None,
    7,
    "G1",
    [GOOD],
]
json_rows = st.lists(
    st.one_of(
        st.just((True, GOOD)),
        st.just((True, {"Mã giấy": 5, "Phi": None, "Lạ": [1]})),
        st.sampled_from(SPOILED).map(lambda row: (False, row)),
    ),
    max_size=12,
)
csv_rows = st.lists(
    st.sampled_from(
        [
            (True, "G1|1|a"),
            (True, 'G2||"b, ""c""; d\ne"'),
            (False, "|1|a"),
            (False, "G1|x|a"),
            (False, "G1|1"),
            (False, "G1|1|a|b"),
        ]
    ),
    max_size=12,
)
quickly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def assert_accounted(landed: Landed, name: str, rows: list[Any]) -> None:
    """Each row of a file is landed or quarantined, under its own number."""
    good = [n for n, (fine, _) in enumerate(rows, start=1) if fine]
    account = landed.account(name)
    assert landed.numbers(name) == (len(rows), len(good), len(rows) - len(good))
    assert sorted(q.row_number for q in account.quarantined) == sorted(
        set(range(1, len(rows) + 1)) - set(good)
    )
    assert [n for n, sha in landed.rows("row_number, file_sha") if sha == account.file_sha] == good


@quickly
@given(
    files=st.lists(st.tuples(json_rows, st.sampled_from(["one", "lines", "list"]), st.booleans()), max_size=4)
)
def test_every_row_of_every_message_file_is_accounted_for(files: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = []
        for number, (rows, form, packed) in enumerate(files):
            half = len(rows) // 2
            texts = [message(*(r for _, r in part)) for part in (rows[:half], rows[half:])]
            whole = {
                "one": message(*(r for _, r in rows)),
                "lines": "\n".join(texts),
                "list": f"[{','.join(texts)}]",
            }[form]
            names.append(f"{number}.json.gz" if packed else f"{number}.json")
            put(folder / "raw", names[-1], gzip.compress(whole.encode()) if packed else whole)
        landed = land(folder, message_contract())
        for file, (rows, _, _) in zip(names, files, strict=True):
            assert_accounted(landed, file, rows)


@quickly
@given(files=st.lists(csv_rows, max_size=4), delimiter=st.sampled_from(",;\t"), bom=st.booleans())
def test_every_row_of_every_table_is_accounted_for(files: list[Any], delimiter: str, bom: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, rows in enumerate(files):
            lines = ["Mã giấy|Số tiền|Ghi chú", *(line for _, line in rows)]
            text = "".join(f"{line}\n" for line in lines).replace("|", delimiter)
            put(folder / "raw", f"{number}.csv", ("\ufeff" if bom else "") + text)
        landed = land(folder, contract())
        for number, rows in enumerate(files):
            assert_accounted(landed, f"{number}.csv", rows)
