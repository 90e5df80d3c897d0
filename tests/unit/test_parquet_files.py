"""Parquet files, read directly: typed columns in the terms of the contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from orchestration.landing import limits
from orchestration.landing.contracts import Contract
from orchestration.landing.readers.parquet_files import read_parquet_files
from tests.unit.helpers import at, contract, message_contract
from tests.unit.reading import Read, read
from tests.unit.test_delimited import TABLES, TEXT_COLUMNS, tidied

DAMAGED = "the Parquet file is damaged: ask for it to be delivered again"


def read_table(folder: Path, table: pa.Table, of: Contract | None = None, **changes: Any) -> Read:
    path = folder / "a.parquet"
    pq.write_table(table, path)
    return read(read_parquet_files, "parquet", of or contract(**changes), path)


def column(folder: Path, wire: str, values: Any, **changes: Any) -> list[str | None]:
    """What a column of those values becomes."""
    keys = pa.array([f"G{n}" for n in range(len(values))])
    found = read_table(folder, pa.table({"Mã giấy": keys, wire: values}), **changes)
    assert found.part.unreadable is None
    return [row[1] for row in found.rows(wire)]


def test_columns_are_matched_as_headers_are(tmp_path: Path) -> None:
    table = pa.table(
        {"MÃ GIẤY": ["G1", "G2"], " số  tiền ": ["1", None], "Chủ sở hữu": ["x", "y"], "Màu": [1, 2]}
    )
    found = read_table(tmp_path, table)
    assert found.rows("Mã giấy", "Số tiền") == [(1, "G1", "1"), (2, "G2", None)]
    assert found.part.wires == {"Mã giấy", "Số tiền", "Chủ sở hữu", "Màu"}


def test_times_come_in_a_form_of_the_contract(tmp_path: Path) -> None:
    moment = at("2026-01-02T03:04:05.600")
    for unit in ("s", "ms", "us", "ns"):
        times = pa.array([moment.replace(microsecond=0), None], pa.timestamp(unit))
        assert column(tmp_path, "Ngày lập", times) == ["02/01/2026 03:04:05", None]
    # rounding up would make the last moment of a day, the usual deadline of a database, the next day
    part_of_a_second = pa.array([moment], pa.timestamp("ms"))
    assert column(tmp_path, "Ngày lập", part_of_a_second) == ["02/01/2026 03:04:05"]
    said = column(tmp_path, "Ngày lập", part_of_a_second, date_formats=["%d/%m/%Y", "iso_zone"])
    assert said == ["2026-01-02T03:04:05.600000+07:00"]
    zoned = pa.array([at("2026-01-01T20:00:00").replace(tzinfo=ZoneInfo("UTC"))], pa.timestamp("us", "UTC"))
    assert column(tmp_path, "Ngày lập", zoned) == ["02/01/2026 03:00:00"]
    days = pa.array([date(2026, 1, 2)])
    assert column(tmp_path, "Hiệu lực", days) == ["02/01/2026 00:00:00"]
    assert column(tmp_path, "Hiệu lực", days, date_formats=["%Y%m%d"]) == ["20260102"]


def test_numbers_and_booleans(tmp_path: Path) -> None:
    doubles = pa.array([1.0, 1234.5, 1e20, -0.25, None])
    assert column(tmp_path, "Số tiền", doubles) == ["1", "1234.5", "100000000000000000000", "-0.25", None]
    assert column(tmp_path, "Số tiền", doubles, number_locale="vi")[:2] == ["1", "1234,5"]
    assert column(tmp_path, "Ghi chú", pa.array([1.5]), number_locale="vi") == ["1.5"]
    decimals = pa.array([Decimal("1500.50"), Decimal("100.00")])
    assert column(tmp_path, "Số tiền", decimals, number_locale="vi") == ["1500,5", "100"]
    assert column(tmp_path, "Số tiền", pa.array([100, -5])) == ["100", "-5"]
    assert column(tmp_path, "Số tiền", pa.array(["1.234,56"]), number_locale="vi") == ["1.234,56"]
    assert column(tmp_path, "Đã nộp", pa.array([True, False, None])) == ["true", "false", None]


def test_text_without_its_mark_is_text(tmp_path: Path) -> None:
    assert column(tmp_path, "Ghi chú", pa.array(["Hòa Bình".encode()], pa.binary())) == ["Hòa Bình"]


def test_lists_of_structs_are_lists(tmp_path: Path) -> None:
    kind = pa.list_(
        pa.struct(
            [
                ("maphi", pa.string()),
                ("Gia", pa.decimal128(9, 2)),
                ("BienLai", pa.bool_()),
                ("Khác", pa.int8()),
            ]
        )
    )
    fees = [{"maphi": "p1", "Gia": Decimal("7.50"), "BienLai": True, "Khác": 1}, {"maphi": None}]
    table = pa.table({"Mã giấy": ["G1", "G2", "G3"], "Phi": pa.array([fees, None, []], kind)})
    found = read_table(tmp_path, table, message_contract(number_locale="vi"))
    first = {"MaPhi": "p1", "MaPhiCu": None, "Gia": "7,5", "BienLai": "true"}
    assert found.rows("Mã giấy", "Phi") == [
        (1, "G1", [first, dict.fromkeys(first)]),
        (2, "G2", None),
        (3, "G3", []),
    ]


def test_lists_as_json_text(tmp_path: Path) -> None:
    table = pa.table({"Mã giấy": ["G1", "G2", "G3"], "Phi": ['[{"MaPhi": "p1"}]', "p2", ""]})
    found = read_table(tmp_path, table, message_contract())
    fee = {"MaPhi": "p1", "MaPhiCu": None, "Gia": None, "BienLai": None}
    assert found.rows("Mã giấy", "Phi") == [(1, "G1", [fee]), (3, "G3", None)]
    assert found.part.broken_rows == [(2, "a list in it is not a list")]


def test_a_number_under_the_name_of_a_list_is_no_list(tmp_path: Path) -> None:
    found = read_table(tmp_path, pa.table({"Mã giấy": ["G1", "G2"], "Phi": [5, None]}), message_contract())
    assert found.rows("Mã giấy") == [(2, "G2")]
    assert found.part.broken_rows == [(1, "a list in it is not a list")]


def test_what_cannot_be_read_is_one_message_and_takes_nothing_with_it(tmp_path: Path) -> None:
    pq.write_table(pa.table({"Mã giấy": ["G1"]}), tmp_path / "good.parquet")
    whole = (tmp_path / "good.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-20])
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no PAR1")
    (tmp_path / "holes.parquet").write_bytes(whole[:4] + bytes(30) + whole[34:])
    pq.write_table(pa.table({"Màu": ["đỏ"]}), tmp_path / "other.parquet")
    pq.write_table(pa.table({f"c{n}": [1] for n in range(1001)}), tmp_path / "wide.parquet")
    names = ("cut", "no", "holes", "other", "wide", "good")
    found = read(read_parquet_files, "parquet", contract(), *(tmp_path / f"{n}.parquet" for n in names))
    assert [found.parts[n].unreadable for n in (1, 2, 3)] == [DAMAGED] * 3
    assert found.parts[4].unreadable == (
        "no column of the file is one of this source (first missing: Mã giấy): "
        "deliver the table with its columns named"
    )
    assert "more than 1,000 columns" in str(found.parts[5].unreadable)
    assert found.rows("Mã giấy", part=6) == [(1, "G1")]


@pytest.mark.parametrize(("limit", "says"), [("ROWS", "2 rows"), ("UNPACKED_BYTES", "MiB")])
def test_a_file_beyond_the_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, says: str
) -> None:
    monkeypatch.setattr(limits, limit, 2)
    found = read_table(tmp_path, pa.table({"Mã giấy": ["G1", "G2", "G3"]}))
    assert says in str(found.part.unreadable)
    assert found.rows() == []


@pytest.mark.parametrize("name", ["a[1].parquet", "a*b?.parquet", "it's.parquet"])
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    pq.write_table(pa.table({"Mã giấy": ["G1"]}), tmp_path / name)
    pq.write_table(pa.table({"Mã giấy": ["G2"]}), tmp_path / "a1.parquet")
    assert read(read_parquet_files, "parquet", contract(), tmp_path / name).rows("Mã giấy") == [(1, "G1")]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES)
def test_any_table_comes_back(tmp_path: Path, table: list[list[str]]) -> None:
    columns = dict(zip(("Mã giấy", "Ghi chú", "Màu"), map(list, zip(*table, strict=True)), strict=True))
    found = read_table(tmp_path, pa.table(columns), columns=TEXT_COLUMNS)
    got = found.rows("Mã giấy", "Ghi chú", "Màu")
    assert [row[0] for row in got] == list(range(1, len(table) + 1))
    assert [tidied(list(row[1:])) for row in got] == [tidied(list(row)) for row in table]
