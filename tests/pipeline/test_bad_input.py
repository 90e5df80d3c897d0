"""Bad input on real nights: one clear message per fault, good rows kept, the right answer.

What is structural blocks the night and leaves the last release in place; what the data say lands and warns
(names.md, "What blocks a night"). A night takes long, so one night bears several faults: structural ones in a
source each, whose messages are told apart by the source; all that warn together.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.landing.contracts import load_contracts
from orchestration.places import SOURCES
from tests.pipeline.conftest import CLEAN, Province, Run, run
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow

DAY = "2026-09-30"
FOLDER = f"one_stop_dossiers/{DAY}"


def first_file(raw: Path, folder: str = FOLDER) -> Path:
    return sorted((raw / folder).glob("*.json"))[0]


def edit(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> list[dict[str, Any]]:
    """Change the dossiers of a message file; returns them."""
    message = json.loads(path.read_text(encoding="utf-8"))
    change(message["data"])
    path.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
    rows: list[dict[str, Any]] = message["data"]
    return rows


def received(rows: list[dict[str, Any]]) -> int:
    """Place of the first dossier that was received."""
    return next(i for i, row in enumerate(rows) if row["NgayTiepNhan"])


def empty_file(raw: Path, source: str) -> list[str]:
    path = first_file(raw, f"{source}/{DAY}")
    path.write_bytes(b"")
    return [f"{source}/{DAY}/{path.name}", "empty"]


def not_what_its_ending_says(raw: Path, source: str) -> list[str]:
    path = first_file(raw, f"{source}/{DAY}")
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path.write_bytes(workbook.getvalue())
    return [f"{source}/{DAY}/{path.name}", "ends in .json", "ZIP or Excel"]


def missing_column(raw: Path, source: str) -> list[str]:
    path = first_file(raw, f"{source}/{DAY}")

    def spoil(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            del row["NgayHenTra"]

    edit(path, spoil)
    return [f"{source}/{DAY}/{path.name}", "column NgayHenTra", "missing"]


def truncated_json(raw: Path, source: str) -> list[str]:
    path = first_file(raw, f"{source}/{DAY}")
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: int(len(text) * 0.7)], encoding="utf-8")
    return [f"{source}/{DAY}/{path.name}", "breaks off", "after row"]


def empty_keys(raw: Path, source: str) -> list[str]:
    path = first_file(raw, f"{source}/{DAY}")

    def spoil(rows: list[dict[str, Any]]) -> None:
        for row in rows[: len(rows) // 10]:
            row["MaHoSo"] = ""

    edit(path, spoil)
    return [f"{source}/{DAY}", "row 1, column MaHoSo", "more than 1 %"]


def no_delivery(raw: Path, source: str) -> list[str]:
    for path in sorted((raw / source).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    return [f"{source}: no delivery"]


def header_only(raw: Path, source: str) -> list[str]:
    path = next((raw / source / DAY).glob("*.csv"))
    path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    return [f"{source}/{DAY}/{path.name}", "no rows"]


# which structural faults are planted together, by the source that bears each
BLOCKED: list[dict[str, Callable[[Path, str], list[str]]]] = [
    {"one_stop_dossiers": empty_file, "national_dossiers": missing_column, "petitions": no_delivery},
    {
        "one_stop_dossiers": not_what_its_ending_says,
        "national_dossiers": empty_keys,
        "petitions": header_only,
    },
    {"one_stop_dossiers": truncated_json},
]
CUT_OFF = len(BLOCKED) - 1


@dataclass(frozen=True)
class Blocked:
    """A night on structural faults, and what was planted.

    Attributes:
        words: source → what must be said of its fault.
        rows: of the first file of one-stop dossiers, before a fault was planted.
        last: the release of the day before.
    """

    ran: Run
    words: dict[str, list[str]]
    rows: list[dict[str, Any]]
    last: Path


@pytest.fixture(scope="module")
def blocked(
    make: Callable[[Arguments], Province], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], Blocked]:
    """Runs the night of a number in BLOCKED, once; the night before it had published.

    Its drop zone is without what a night can do without: it is blocked all the same, in half the time.
    """
    nights: dict[int, Blocked] = {}

    def _blocked(number: int) -> Blocked:
        if number not in nights:
            folder = tmp_path_factory.mktemp("blocked")
            raw = Path(shutil.copytree(make(CLEAN).raw, folder / "raw"))
            for source, contract in load_contracts(SOURCES).items():
                if not contract.required:
                    shutil.rmtree(raw / source, ignore_errors=True)
            rows = edit(first_file(raw), lambda rows: None)
            words = {source: spoil(raw, source) for source, spoil in BLOCKED[number].items()}
            last = publish_the_day_before(folder / "data")
            nights[number] = Blocked(run(raw, folder / "data"), words, rows, last)
        return nights[number]

    return _blocked


def publish_the_day_before(data: Path) -> Path:
    """Puts a release in place, as an earlier night would have."""
    folder = data / "releases" / "2026-09-29" / "1"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "chiso.duckdb")) as con:
        con.execute("CREATE SCHEMA marts; CREATE TABLE marts.dim_agency AS SELECT * FROM range(11)")
    (data / "releases" / "current").symlink_to(folder)
    return folder.resolve()


def of_night(number: int) -> pytest.MarkDecorator:
    """One worker runs the night that all its tests look at."""
    return pytest.mark.xdist_group(f"blocked night {number}")


@pytest.mark.parametrize(
    ("night", "source"),
    [
        pytest.param(number, source, id=f"{spoil.__name__} in {source}", marks=of_night(number))
        for number, faults in enumerate(BLOCKED)
        for source, spoil in faults.items()
    ],
)
def test_a_structural_fault_is_told_in_one_clear_message(
    blocked: Callable[[int], Blocked], night: int, source: str
) -> None:
    ran, words = blocked(night).ran, blocked(night).words[source]
    blocking = [a.message for a in ran.night.not_passed if a.blocks and a.name.startswith(f"{source}: ")]
    assert len(blocking) == 1, ran.messages
    for word in words:
        assert word in blocking[0]
    assert blocking[0].count("\n") == 0, "one clear message"


@pytest.mark.parametrize(
    "night",
    [
        pytest.param(number, id=" and ".join(f.__name__ for f in faults.values()), marks=of_night(number))
        for number, faults in enumerate(BLOCKED)
    ],
)
def test_structural_faults_block_the_night_and_nothing_else_does(
    blocked: Callable[[int], Blocked], night: int
) -> None:
    ran = blocked(night).ran
    assert not ran.night.published
    blocking = sorted(a.name.split(": ")[0] for a in ran.night.not_passed if a.blocks)
    assert blocking == sorted(BLOCKED[night]), ran.messages
    assert ran.night.errors == []
    # readers see the release they saw before, whole
    assert (ran.places.releases / "current").resolve() == blocked(night).last
    assert ran.rows("SELECT count(*) FROM dim_agency")[0][0] == 11


@of_night(CUT_OFF)
def test_good_rows_of_a_broken_file_are_kept(blocked: Callable[[int], Blocked]) -> None:
    cut_off = blocked(CUT_OFF)
    parquet = f"{cut_off.ran.places.landed}/one_stop_dossiers/*/*/one_stop_dossiers.parquet"
    landed = {c for (c,) in duckdb.sql(f"SELECT dossier_code FROM read_parquet('{parquet}')").fetchall()}
    kept = [row["MaHoSo"] in landed for row in cut_off.rows]
    assert kept.count(True) >= len(cut_off.rows) // 2
    assert kept == sorted(kept, reverse=True), "the rows before the break, and no others"


# --- what the data say: one night with every fault of that kind ---

AUGUST = "one_stop_dossiers/2026-08-31"
NEVER, ONE_STOP, OTHER, NATIONAL = (f"H01.01-260301-{number}" for number in range(9996, 10000))


@dataclass(frozen=True)
class Told:
    """A fault that was planted: whose dossier, and the words that must be said of it."""

    dossier_code: str
    words: list[str]


def unknown_agency(raw: Path) -> Told:
    """A dossier whose code names it, in every extract."""
    path = first_file(raw)
    rows = edit(path, lambda rows: None)
    number = received(rows)
    code = rows[number]["MaHoSo"]
    spoilt = "H01.999" + code[code.index("-") :]
    for file in raw.rglob("*.*"):
        content = file.read_bytes()
        if code.encode() in content:
            file.write_bytes(content.replace(code.encode(), spoilt.encode()))
    return Told(spoilt, [f"{FOLDER}/{path.name}, row {number + 1}", 'agency_code = "H01.999"'])


def future_date(raw: Path) -> Told:
    path = first_file(raw)
    number = 0

    def spoil(rows: list[dict[str, Any]]) -> None:
        nonlocal number
        number = next(i for i in range(received(rows) + 1, len(rows)) if rows[i]["NgayTiepNhan"])
        rows[number]["NgayTiepNhan"] = "20271231080000"

    rows = edit(path, spoil)
    return Told(
        rows[number]["MaHoSo"], [f"{FOLDER}/{path.name}, row {number + 1}", "received_at", "2027-12-31"]
    )


def duplicate_dossier(raw: Path) -> Told:
    path = first_file(raw)
    rows = edit(path, lambda rows: rows.append(dict(rows[-1])))
    code = rows[-1]["MaHoSo"]
    name = f"{FOLDER}/{path.name}"
    return Told(code, [f"{name}, row {len(rows) - 1}", f"{name}, row {len(rows)}", code])


def dossier_that_never_came(raw: Path) -> None:
    """A payment, a paper, a petition, a list name it; what one side sent, or knows by its code, did come."""
    edit(first_file(raw), lambda rows: rows.append(rows[0] | {"MaHoSo": ONE_STOP, "MaHoSoKhac": OTHER}))
    edit(
        first_file(raw, "national_dossiers/2026-09-30"),
        lambda rows: rows.append(rows[0] | {"MaHoSo": NATIONAL}),
    )

    def spoil(rows: list[dict[str, Any]]) -> None:
        for row, code in zip(rows, (NEVER, ONE_STOP, OTHER, NATIONAL), strict=False):
            row["MaHoSo"] = code

    edit(first_file(raw, "payments/2026-09-30"), spoil)
    for source in ("digitized_documents", "petitions"):
        name_in_csv(next((raw / source / "2026-09-30").glob("*.csv")), NEVER)
    page = next((raw / "tracked_dossiers/2026-09-30").glob("*.xls"))
    listed = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"<td>H01[^<]*", f"<td>{NEVER}", listed, count=1), encoding="utf-8")


def name_in_csv(path: Path, dossier_code: str) -> None:
    """Let the first row of a table name that dossier."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = csv.reader(stream)
    lines[0][header.index("Mã hồ sơ")] = dossier_code
    if "Số định danh" in header:
        lines[0][header.index("Số định danh")] = ""  # a paper of a known owner can be offered for reuse
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])


def no_date_in_an_unmarked_folder(raw: Path) -> None:
    edit(first_file(raw, AUGUST), lambda rows: rows[0].update(NgayHenTra="không rõ"))
    (raw / AUGUST / "_COMPLETE").unlink()


@dataclass(frozen=True)
class Warned:
    """A night on data with faults of every kind that does not block, and what was planted."""

    raw: Path
    ran: Run
    told: dict[str, Told]


@pytest.fixture(scope="module")
def warned(make: Callable[[Arguments], Province], tmp_path_factory: pytest.TempPathFactory) -> Warned:
    folder = tmp_path_factory.mktemp("warned")
    raw = Path(shutil.copytree(make(CLEAN).raw, folder / "raw"))
    told = {f.__name__: f(raw) for f in (unknown_agency, future_date, duplicate_dossier)}
    dossier_that_never_came(raw)
    no_date_in_an_unmarked_folder(raw)
    ran = run(raw, folder / "data")
    assert ran.night.published, ran.messages
    return Warned(raw, ran, told)


one_night = pytest.mark.xdist_group("bad input that warns")


@one_night
@pytest.mark.parametrize("fault", ["unknown_agency", "future_date", "duplicate_dossier"])
def test_what_the_data_say_lands_and_warns(warned: Warned, fault: str) -> None:
    told = warned.told[fault]
    warnings = [
        a for a in warned.ran.night.not_passed if a.name.startswith("one_stop_dossiers: expectations")
    ]
    assert len(warnings) == 1, warned.ran.messages
    assert not warnings[0].blocks
    for word in told.words:
        assert word in warnings[0].message
    assert _known_codes(warned.ran).count(told.dossier_code) == 1, "the dossier landed and counts once"


@one_night
def test_what_names_a_dossier_that_never_came_warns(warned: Warned) -> None:
    target = warned.ran.places.dbt_target
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    found = {r["unique_id"].split(".")[2]: r["failures"] for r in results if "never_came" in r["unique_id"]}
    assert found == {
        "stg_digitization__documents__of_a_dossier_that_never_came": 1,
        "stg_one_stop__payments__for_a_dossier_that_never_came": 1,
        "stg_one_stop__tracked_dossiers__that_never_came": 1,
        "stg_petitions__petitions__about_a_dossier_that_never_came": 1,
        "steps_of_a_dossier_that_never_came": 1,  # whose row is in quarantine
    }
    warned_of = {a.name.rpartition(": ")[2]: a.blocks for a in warned.ran.night.not_passed}
    assert {name: warned_of.get(name) for name in found} == dict.fromkeys(found, False)


@one_night
def test_an_unknown_agency_counts_for_the_province_only(warned: Warned) -> None:
    (difference,) = warned.ran.rows(
        """SELECT sum(CASE WHEN agency_level = 'province' THEN denominator ELSE -denominator END)
           FROM indicator_results
           WHERE basis = 'one_stop' AND period_type = 'year' AND indicator_code = '2.1'"""
    )
    assert difference == (1,)


def _known_codes(ran: Run) -> list[object]:
    with duckdb.connect(str(ran.places.build_database), read_only=True) as con:
        return [
            code
            for (code,) in con.execute(
                "SELECT dossier_code FROM intermediate.int_dossiers WHERE basis = 'one_stop'"
            ).fetchall()
        ]


@one_night
def test_every_row_is_accounted_for(warned: Warned) -> None:
    """Rows in the files, counted here by another reader, are the rows landed and in quarantine."""
    raw, ran = warned.raw, warned.ran
    counted = {
        str(path.relative_to(raw)): len(json.loads(path.read_text(encoding="utf-8"))["data"])
        for path in (raw / "one_stop_dossiers").rglob("*.json")
    }
    assert ran.night.unmarked == [AUGUST], "taken as it is, and named"
    files = ran.rows(
        """SELECT file_name, rows_in, rows_landed, rows_quarantined FROM landing_files
           WHERE source = 'one_stop_dossiers'"""
    )
    bad = f"{AUGUST}/{first_file(raw, AUGUST).name}"
    assert {name: (rows, landed, quarantined) for name, rows, landed, quarantined in files} == {
        name: (rows, rows - (name == bad), int(name == bad)) for name, rows in counted.items()
    }
    assert ran.rows(
        "SELECT file_name, row_number, column_name, shown_value FROM landing_rows_quarantined"
    ) == [(bad, 1, "NgayHenTra", "xxxxx xx")]
    # the same list of agencies came twice: it was read once, and says so
    lists = ran.rows(
        "SELECT file_name, same_content_as FROM landing_files WHERE source = 'agencies' ORDER BY 1"
    )
    assert [same for _, same in lists] == [None, lists[0][0]]
