"""Nights that work on what changed give the very tables of one whole build, however the news came.

Random provinces; their extracts come in three nights. Files come late, are corrected or withdrawn after they
were read; dossiers are restated, tied to others by an alias, or announce an end for a day to come.
`make nights` tries fifty; CHISO_EXAMPLES says how many.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seed_of_courses
from hypothesis import strategies as st

from orchestration import changed_dossiers
from orchestration.landing.store import LandedStore
from orchestration.places import Places
from tests.pipeline.building import LINK_KEY, build
from tests.province.making import make_province
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow

NIGHTS = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
SIDES = ("one_stop_dossiers", "national_dossiers")
LATE_SOURCES = (*SIDES, "processing_steps", "digitized_documents", "petitions", "payments")
# The list of agencies is the same on all dates: a change in it is a whole build, and would hide the rest.
WHOLE_LISTS = ("agencies", "working_calendar")
# Tables that hold only what a night works on.
OF_THE_NIGHT = (
    "int_dossiers_replaced",
    "int_dossiers_tonight",
    "int_documents_held",
    "int_dossier_documents",
    "int_dossier_lists",
    "int_dossier_payments",
    "int_dossier_rematches",
    "int_dossiers_looked_at",
    "int_groups_touched",
    "int_ministry_pairs",
    "int_odd_headers",
    "int_odd_papers",
    "int_odd_steps",
    "int_pair_holdings",
    "int_pair_papers",
    "int_pair_reuse",
    "int_pair_steps",
    "int_pairs_tonight",
    "int_dossier_steps",
    "int_dossier_supplements",
    "int_periods_tonight",
)
EXAMPLES = int(os.environ.get("CHISO_EXAMPLES", "5"))  # with the one by hand
SHARES = 2  # of the random ones, side by side

Row = dict[str, Any]
Change = Callable[[Row, list[Row]], None]


def _supplement(row: Row, _: list[Row]) -> None:
    row["DanhSachHoSoBoSung"].append({"NgayBoSung": "20260812090000", "NgayTiepNhanBoSung": ""})


def _set(**values: str) -> Change:
    return lambda row, _: row.update(values)


def _alias(row: Row, others: list[Row]) -> None:
    row["MaHoSoKhac"] = others[-1]["MaHoSo"]


def _recode(row: Row, _: list[Row]) -> None:
    row["MaHoSoKhac"], row["MaHoSo"] = row["MaHoSo"], f"{row['MaHoSo'][:-4]}9{row['MaHoSo'][-3:]}"


def _old_form(row: Row, _: list[Row]) -> None:
    agency, rest = row["MaHoSo"].split("-", 1)
    row["MaHoSo"] = f"000.00.{agency[4:]}.{agency[:3]}-{rest}"


def _procedure(row: Row, others: list[Row]) -> None:
    row["MaTTHC"] = others[-1]["MaTTHC"]


CHANGES: dict[str, Change] = {
    "ended": _set(TrangThaiHoSo="9", NgayKetThucXuLy="20260730160000"),
    "ends between the nights": _set(TrangThaiHoSo="9", NgayKetThucXuLy="20260915160000"),
    "ends after all": _set(TrangThaiHoSo="9", NgayKetThucXuLy="20261115160000"),
    "open again": _set(TrangThaiHoSo="4", NgayKetThucXuLy="", NgayTra=""),
    "due date emptied": _set(NgayHenTra=""),
    "due date moved": _set(NgayHenTra="20260820150000"),
    "received in another month": _set(NgayTiepNhan="20260302080000"),
    "no reception": _set(NgayTiepNhan=""),
    "registered only": _set(TrangThaiHoSo="1"),
    "other channel": _set(KenhThucHien="3"),
    "supplement asked": _supplement,
    "papers gone": lambda row, _: row.update(TaiLieuNop=[], DanhSachLePhi=[]),
    "alias": _alias,
    "recoded": _recode,
    "old form": _old_form,
    "deleted": _set(DaXoa="1"),
    "no alias": _set(MaHoSoKhac=""),
    "other procedure": _procedure,
}


@dataclass(frozen=True)
class Event:
    """Something that happens between two nights: to which file and row, counted on and around."""

    kind: str  # late, corrected, withdrawn, restated, paper moved, paper held, time limit
    night: int  # before which night, 1 or 2
    source: int
    file: int
    row: int
    change: str


EVENTS = st.builds(
    Event,
    kind=st.sampled_from(
        ["late", "corrected", "withdrawn", "restated", "restated", "paper moved", "paper held", "time limit"]
    ),
    night=st.integers(1, 2),
    source=st.integers(0, 11),
    file=st.integers(0, 3),
    row=st.integers(0, 400),
    change=st.sampled_from(sorted(CHANGES)),
)


@cache
def province(seed: int) -> Path:
    out = Path(tempfile.mkdtemp(prefix="chiso-nights-"))
    arguments = Arguments(
        dossiers=250, seed=seed, fault_rate=0.1, departments=3, communes=4, deliveries=len(NIGHTS)
    )
    make_province(arguments, out, "extracts", 1)
    assert arguments.business_dates == NIGHTS
    return out / "raw"


def files_until(raw: Path, source: str, night: int) -> list[Path]:
    """What a source has delivered by a night, but for the markers."""
    return sorted(
        p
        for day in NIGHTS[: night + 1]
        for p in (raw / source / day.isoformat()).glob("*.*")
        if not p.name.startswith("_")
    )


def happen(raw: Path, event: Event, number: int) -> None:
    """Change what has been delivered by the night before, or deliver something more for the coming one."""
    side = SIDES[event.source % 2]
    files = files_until(raw, side, event.night - 1)
    path = files[event.file % len(files)]
    folder = NIGHTS[event.night].isoformat()
    if event.kind == "paper moved":
        papers = files_until(raw, "digitized_documents", event.night - 1)
        header, *lines = list(csv.reader(papers[event.file % len(papers)].open(encoding="utf-8-sig")))
        line, other = lines[event.row % len(lines)], lines[(event.row * 7 + 3) % len(lines)]
        line[header.index("Mã hồ sơ")] = other[header.index("Mã hồ sơ")]
        _write_csv(raw / "digitized_documents" / folder / f"moved-{number}.csv", [header, line])
    elif event.kind == "paper held":
        # the store had long held what the owner of a dossier handed in
        papers = files_until(raw, "digitized_documents", event.night - 1)
        header, line, *_ = list(csv.reader(papers[0].open(encoding="utf-8-sig")))
        dossiers = json.loads(files_until(raw, SIDES[0], event.night - 1)[0].read_text(encoding="utf-8"))[
            "data"
        ]
        row = dossiers[event.row % len(dossiers)]
        held = {
            "Mã giấy tờ": f"held-{number}",
            "Mã hồ sơ": f"H01.01-200102-{number:04d}",
            "Mã thành phần": next((p["MaThanhPhanHoSo"] for p in row["TaiLieuNop"]), "none"),
            "Ngày số hóa": "02/01/2020 08:00:00",
            "Số định danh": row["SoGiayToChuHoSo"],
            "Hiệu lực đến": "",
        }
        line = [held.get(name, value) for name, value in zip(header, line, strict=True)]
        _write_csv(raw / "digitized_documents" / folder / f"held-{number}.csv", [header, line])
    elif event.kind == "time limit":
        (catalogue,) = files_until(raw, "procedures", event.night)[-1:]
        header, *lines = list(csv.reader(catalogue.open(encoding="utf-8-sig")))
        lines[event.row % len(lines)][6] = "1"
        lines[(event.row + 1) % len(lines)][8] = "0"
        _write_csv(catalogue, [header, *lines])
    elif event.kind != "late":
        message = json.loads(path.read_text(encoding="utf-8"))
        rows = message["data"]
        if not rows:  # all of them were withdrawn before
            return
        at = event.row % len(rows)
        if event.kind == "withdrawn":
            del rows[at]
        else:
            CHANGES[event.change](rows[at], [*rows[:at], *rows[at + 1 :]] or rows)
        if event.kind == "restated":
            message["data"] = [rows[at]]
            path = raw / side / folder / f"restated-{number}.json"
        path.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def late_files(raw: Path, events: list[Event]) -> dict[Path, int]:
    """Files of earlier dates that come only with a later night."""
    late = {}
    for event in events:
        if event.kind == "late":
            source = LATE_SOURCES[event.source % len(LATE_SOURCES)]
            files = files_until(raw, source, event.night - 1)
            if files:
                late[files[event.file % len(files)]] = event.night
    return late


def tables(places: Places) -> list[str]:
    """Everything that the models made and that may be read later."""
    with duckdb.connect(str(places.build_database), read_only=True) as con:
        found = con.execute(
            """SELECT schema_name || '.' || table_name FROM duckdb_tables()
               WHERE schema_name IN ('intermediate', 'marts') AND NOT list_contains($1, table_name)
               ORDER BY ALL""",
            [list(OF_THE_NIGHT)],
        ).fetchall()
    return [str(name) for (name,) in found]


def differences(nights: Places, whole: Places) -> list[str]:
    """A line per table that differs, with the first rows on either side."""
    lines = []
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{nights.build_database}' AS nights (READ_ONLY)")
        con.execute(f"ATTACH '{whole.build_database}' AS whole (READ_ONLY)")
        for table in tables(whole):
            for here, there in (("nights", "whole"), ("whole", "nights")):
                rows = con.execute(
                    f"FROM {here}.{table} EXCEPT ALL FROM {there}.{table} ORDER BY ALL"
                ).fetchall()
                if rows:
                    lines.append(f"{table}: {len(rows)} rows only in {here}, first {rows[0]}")
    return lines


def nights_equal_a_whole_build(seed: int, events: list[Event]) -> set[str]:
    """Run the nights and the whole build, and name every table that differs; return those with rows."""
    with tempfile.TemporaryDirectory(prefix="chiso-nights-") as folder, pytest.MonkeyPatch.context() as patch:
        # a small province would be built anew for a handful of dossiers
        patch.setattr(changed_dossiers, "_LARGEST_SHARE", 0)
        out = Path(folder)
        raw = Path(shutil.copytree(province(seed), out / "raw"))
        for source in WHOLE_LISTS:
            for day in NIGHTS[1:]:
                shutil.rmtree(raw / source / day.isoformat(), ignore_errors=True)
        late = late_files(raw, events)
        store = LandedStore(out / "landed", LINK_KEY)
        for night, day in enumerate(NIGHTS):
            for number, event in enumerate(events):
                if event.night == night:
                    happen(raw, event, number)
            held_back = {path for path, comes in late.items() if night < comes}
            nights = build(raw, out / "nights", day, store=store, held_back=held_back)
            assert (nights.prepared.changed is None) == (night == 0), nights.prepared.why_whole
        whole = build(raw, out / "whole", NIGHTS[-1], store=store)
        assert whole.prepared.changed is None
        assert tables(nights.places) == tables(whole.places)
        found = differences(nights.places, whole.places)
        assert not found, "\n".join(found)
        return {table for table in tables(whole.places) if whole.rows(f"FROM {table} LIMIT 1")}


# By hand: without any one of the ways in which changed_dossiers finds them, a table differs.
BY_HAND = [
    # a second code, tied to a copy on the portal that changes later
    Event("restated", 1, 0, 0, 4, "recoded"),
    Event("restated", 2, 1, 0, 4, "registered only"),
    # two copies that nothing but the date changes later
    Event("restated", 1, 1, 0, 2, "ends between the nights"),
    Event("restated", 1, 0, 0, 9, "ends between the nights"),
    # of the files of the second night, so that those of the first stay as they were
    Event("corrected", 2, 0, 1, 14, "received in another month"),
    Event("withdrawn", 2, 1, 1, 3, "ended"),
    Event("late", 1, 2, 0, 0, "ended"),
    Event("paper moved", 2, 0, 0, 17, "ended"),
    # a paper that had been held makes another dossier one that was asked again, and then its copy moves
    Event("paper held", 1, 0, 0, 16, "ended"),
    Event("restated", 2, 1, 0, 16, "received in another month"),
    Event("paper held", 2, 0, 0, 20, "ended"),
    Event("time limit", 2, 0, 0, 17, "ended"),
]


@pytest.mark.xdist_group("nights by hand")
def test_nights_that_meet_every_way_to_change() -> None:
    filled = nights_equal_a_whole_build(1, BY_HAND)
    assert filled >= {"intermediate.int_papers_asked_again", "intermediate.int_reuse_missed"}


@pytest.mark.parametrize(
    "share",
    [pytest.param(share, marks=pytest.mark.xdist_group(f"nights {share}")) for share in range(SHARES)],
)
def test_nights_give_the_tables_of_one_whole_build(share: int) -> None:
    @settings(
        max_examples=max((EXAMPLES - 1 + share) // SHARES, 1),
        deadline=None,
        phases=[Phase.generate],  # an example takes minutes: what fails is told as it is
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 3), events=st.lists(EVENTS, min_size=4, max_size=9))
    def random_courses(seed: int, events: list[Event]) -> None:
        nights_equal_a_whole_build(seed, events)

    # other courses on every call of `make nights`, the same ones in `make test`
    chosen = random_courses if "CHISO_EXAMPLES" in os.environ else seed_of_courses(share)(random_courses)
    chosen()
