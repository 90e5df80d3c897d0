"""What a run sees: deliveries up to its date, of a full source the newest only."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.deliveries import HashCache, find_deliveries
from orchestration.landing.land import land_source
from orchestration.landing.store import LandedStore
from orchestration.landing.visible import create_landed_views
from tests.unit.helpers import LAST, LINK_KEY, SOURCES, contract, message, message_contract, put


def seen(folder: Path, until: date, *contracts: Contract) -> duckdb.DuckDBPyConnection:
    """The views of a run for that date; everything in the drop zone was landed before, later dates too."""
    store = LandedStore(folder / "landed", LINK_KEY)
    hashes = HashCache(folder / "h.json")
    for c in contracts:
        land_source(c, find_deliveries(folder / "raw", c.source, LAST, hashes), store)
    deliveries = {c.source: find_deliveries(folder / "raw", c.source, until, hashes) for c in contracts}
    con = duckdb.connect(":memory:")
    create_landed_views(con, {c.source: c for c in contracts}, deliveries, store)
    return con


def papers(con: duckdb.DuckDBPyConnection) -> list[Any]:
    return con.execute(
        "SELECT delivered_on::VARCHAR, file_name, row_number, paper_code FROM landed.papers ORDER BY ALL"
    ).fetchall()


@pytest.fixture
def three_days(tmp_path: Path) -> Path:
    put(tmp_path / "raw", "a.csv", "Mã giấy\nG1\nG2\n", day="2026-03-30")
    put(tmp_path / "raw", "a.csv", "Mã giấy\nG1\n", day="2026-03-31")
    put(tmp_path / "raw", "b.csv", "Mã giấy\nG3\n", day="2026-03-31")
    put(tmp_path / "raw", "a.csv", "Mã giấy\nG4\n", day="2026-04-01")
    return tmp_path


def test_of_a_delta_every_delivery_up_to_the_date_counts(three_days: Path) -> None:
    con = seen(three_days, date(2026, 3, 31), contract(delivery="delta"))
    assert papers(con) == [
        ("2026-03-30", "papers/2026-03-30/a.csv", 1, "G1"),
        ("2026-03-30", "papers/2026-03-30/a.csv", 2, "G2"),
        ("2026-03-31", "papers/2026-03-31/a.csv", 1, "G1"),
        ("2026-03-31", "papers/2026-03-31/b.csv", 1, "G3"),
    ]


def test_of_a_full_source_only_the_newest_date_counts(three_days: Path) -> None:
    con = seen(three_days, date(2026, 3, 31), contract(delivery="full"))
    assert [r[1:] for r in papers(con)] == [
        ("papers/2026-03-31/a.csv", 1, "G1"),
        ("papers/2026-03-31/b.csv", 1, "G3"),
    ]
    before = seen(three_days, date(2026, 3, 30), contract(delivery="full"))
    assert [r[3] for r in papers(before)] == ["G1", "G2"]


def test_the_table_of_deliveries_says_what_is_seen(three_days: Path) -> None:
    con = seen(three_days, date(2026, 3, 30), contract())
    rows = con.execute("SELECT source, delivered_on, file_name, length(file_sha) FROM control.deliveries")
    assert rows.fetchall() == [("papers", date(2026, 3, 30), "papers/2026-03-30/a.csv", 64)]


def test_nothing_is_seen_before_the_first_delivery(three_days: Path) -> None:
    con = seen(three_days, date(2026, 3, 29), contract())
    assert papers(con) == []


def test_the_same_bytes_twice_on_a_date_count_once_and_on_two_dates_twice(tmp_path: Path) -> None:
    for day, name in (("2026-03-30", "a.csv"), ("2026-03-30", "b.csv"), ("2026-03-31", "c.csv")):
        put(tmp_path / "raw", name, "Mã giấy\nG1\n", day=day)
    assert [r[:2] for r in papers(seen(tmp_path, LAST, contract(delivery="delta")))] == [
        ("2026-03-30", "papers/2026-03-30/a.csv"),
        ("2026-03-31", "papers/2026-03-31/c.csv"),
    ]
    assert [r[:2] for r in papers(seen(tmp_path, LAST, contract(delivery="full")))] == [
        ("2026-03-31", "papers/2026-03-31/c.csv"),
    ]


def test_two_sources_with_the_same_bytes_do_not_mix(tmp_path: Path) -> None:
    letters = contract(source="letters")
    put(tmp_path / "raw", "a.csv", "Mã giấy\nG1\n")
    put(tmp_path / "raw", "a.csv", "Mã giấy\nG1\n", source="letters")
    con = seen(tmp_path, LAST, contract(), letters)
    for source in ("papers", "letters"):
        rows = con.execute(f"SELECT file_name FROM landed.{source}").fetchall()
        assert rows == [(f"{source}/2026-03-31/a.csv",)]


def test_items_of_lists_follow_their_rows(tmp_path: Path) -> None:
    for day, fee in (("2026-03-30", "p1"), ("2026-03-31", "p2"), ("2026-04-01", "p3")):
        put(tmp_path / "raw", "a.json", message({"Mã giấy": "G1", "Phi": [{"MaPhi": fee}]}), day=day)
    query = "SELECT delivered_on::VARCHAR, fee_code FROM landed.papers__fees ORDER BY ALL"
    delta = seen(tmp_path, date(2026, 3, 31), message_contract(delivery="delta"))
    assert delta.execute(query).fetchall() == [("2026-03-30", "P1"), ("2026-03-31", "P2")]
    full = seen(tmp_path, date(2026, 3, 31), message_contract(delivery="full"))
    assert full.execute(query).fetchall() == [("2026-03-31", "P2")]


def test_an_empty_view_has_the_columns_of_a_full_one(tmp_path: Path) -> None:
    put(tmp_path / "raw", "a.json", message({"Mã giấy": "G1", "Phi": [{"MaPhi": "p"}]}))
    of = message_contract()
    full, empty = (seen(tmp_path, until, of) for until in (LAST, date(2026, 1, 1)))
    for table in ("papers", "papers__fees"):
        shape = full.execute(f"DESCRIBE landed.{table}").fetchall()
        assert empty.execute(f"DESCRIBE landed.{table}").fetchall() == shape
        assert [c[0] for c in shape][-3:] == ["delivered_on", "file_name", "landed_row"]
        assert empty.execute(f"SELECT count(*) FROM landed.{table}").fetchone() == (0,)
    assert [c[0] for c in full.execute("DESCRIBE landed.papers__fees").fetchall()] == [
        "paper_code",
        "file_sha",
        "row_number",
        "position",
        "fee_code",
        "price",
        "has_receipt",
        "delivered_on",
        "file_name",
        "landed_row",
    ]


def test_every_source_of_the_project_has_its_views_without_any_delivery(tmp_path: Path) -> None:
    contracts = load_contracts(SOURCES)
    con = seen(tmp_path, LAST, *contracts.values())
    views = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'landed'"
    ).fetchall()
    assert {v for (v,) in views} == {t for c in contracts.values() for t in c.tables}
    assert len(views) >= 33


def test_a_data_folder_with_odd_signs_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's [1] a*b"
    put(folder / "raw", "a.csv", "Mã giấy\nG1\n")
    assert [r[3] for r in papers(seen(folder, LAST, contract()))] == ["G1"]
