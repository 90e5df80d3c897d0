"""Findings are new, explained, fixed, reopened; no answer is lost; scores say why they moved in between."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from orchestration.landing.contracts import load_contracts
from orchestration.places import SOURCES
from tests.pipeline.conftest import LAST_DAY, Run, chiso, run
from tests.pipeline.plain_scores import OF_DOSSIERS, Key, counts_of_dossiers, key_of, rows, scores

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = (LAST_DAY + timedelta(days=n) for n in range(3))
CONTRACTS = load_contracts(SOURCES)
WIRES = {c.name: c.wire for c in CONTRACTS["explanations"].columns}
OTHER_AGENCY = "H01.01"
NATIONAL, ONE_STOP = "national_dossiers", "one_stop_dossiers"
HEADER = 4


class Case(NamedTuple):
    """A dossier: the portal's message with it, and its copy there."""

    message: dict[str, Any]
    copy: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.copy["MaHoSo"])


def deliver(raw: Path, day: date, case: Case, source: str = NATIONAL, **changes: str) -> None:
    """An extract of a day: one copy, changed."""
    folder = raw / source / day.isoformat()
    folder.mkdir(exist_ok=True)
    message = case.message | {"data": [case.copy | changes]}
    path = folder / f"z-{case.code}.json"  # after the files of the day that are there
    path.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")


def before_its_end(case: Case) -> str:
    """Its due date, wrongly: it would have come late."""
    ended = datetime.strptime(case.copy["NgayKetThucXuLy"], "%Y%m%d%H%M%S")  # noqa: DTZ007
    return f"{ended - timedelta(minutes=1):%Y%m%d%H%M%S}"


def latest_copies(raw: Path, source: str) -> dict[str, Case]:
    """The copies of a side as they came last."""
    latest: dict[str, Case] = {}
    for path in sorted((raw / source).glob("*/*.json")):
        message = json.loads(path.read_text(encoding="utf-8"))
        latest |= {copy["MaHoSo"]: Case(message, copy) for copy in message["data"]}
    return dict(sorted(latest.items()))


def three_dossiers(raw: Path) -> tuple[str, Case, Case, Case]:
    """An agency, not OTHER_AGENCY, and the portal's copies of three dossiers ended in time in September."""
    by_agency: dict[str, list[Case]] = {}
    for code, case in latest_copies(raw, NATIONAL).items():
        ended, due = case.copy["NgayKetThucXuLy"], case.copy["NgayHenTra"]
        if case.copy["NgayTiepNhan"][:6] == "202609" and "20260901" < ended <= min(due, "20260920"):
            by_agency.setdefault(code.split("-")[0], []).append(case)
    agency = max(by_agency.keys() - {OTHER_AGENCY}, key=lambda a: (len(by_agency[a]), a))
    first, second, third = by_agency[agency][:3]
    return agency, first, second, third


def worklist(data: Path, agency: str) -> Path:
    """The workbook of an agency, written by the command."""
    out = data.parent / f"{agency}.xlsx"
    done = chiso("worklist", "--agency", agency, "--data", str(data), "--out", str(out))
    assert done.returncode == 0, done.stdout
    return out


def lines(path: Path) -> dict[str, tuple[int, str]]:
    """Dossier → its line in the first sheet of a worklist, and its state."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    headers = [cell.value for cell in sheet[HEADER]]
    return {
        str(row[0].value): (row[0].row or 0, str(row[headers.index("Tình trạng")].value))
        for row in sheet.iter_rows(min_row=HEADER + 1)
    }


def answer(path: Path, line: int, **answers: str) -> None:
    """Fill in a line of the first sheet, by columns of the contract."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[HEADER]]
    for name, words in answers.items():
        sheet.cell(line, headers.index(WIRES[name]) + 1, words)
    book.save(path)


def send_back(path: Path, raw: Path, day: date) -> None:
    folder = raw / "explanations" / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / path.name)


def findings(ran: Run) -> list[tuple[object, ...]]:
    assert ran.night.published, ran.messages
    return ran.rows(
        """SELECT dossier_code, status, first_seen_on, last_seen_on, fixed_on, reopened_on, age_days,
                  explained_cause_code, explained_by_agency_code, explanations
           FROM sync_findings WHERE rule_code = 'due_differs' ORDER BY dossier_code"""
    )


def finding_ids(ran: Run) -> dict[str, str]:
    """Dossier → the id of its finding."""
    rows = ran.rows("SELECT dossier_code, finding_id FROM sync_findings")
    return {str(dossier): str(finding) for dossier, finding in rows}


def check_steps(before: Run, after: Run, fixed: set[str]) -> tuple[set[Key], set[Key]]:
    """Hold what `after` says of the time since `before` against both releases; return what moved by it.

    Args:
        fixed: dossiers of which a finding was fixed in between.

    Returns:
        Keys of score_changes for which something was restated, and for which something was corrected.
    """
    assert before.night.release is not None
    assert after.night.release is not None
    then, now = scores(before.night.release), scores(after.night.release)
    published = {
        key_of(row): row["points"] or Decimal(0)
        for row in rows(before.night.release, "SELECT * FROM indicator_results WHERE period_type <> 'day'")
    }
    known = {key_of(row): row for row in rows(before.night.release, "SELECT * FROM score_changes")}
    put_back = counts_of_dossiers(after.night.release, before.night.release, fixed)
    restated, corrected = set(), set()
    for row in rows(after.night.release, "SELECT * FROM score_changes"):
        key = key_of(row)
        basis, kind, _, agency, code = key
        previous: Key = (basis, kind, row["previous_start"], agency, code)
        rules = now.in_force[kind, row["previous_start"]]
        today = now.points(rules, previous, now.figure(rules, previous))
        was = known.get(key, {"restated_points": 0, "corrected_points": 0})
        at_first = was.get("previous_points", published[previous])
        assert (row["previous_published_on"], row["previous_points"]) == (FIRST, at_first), key
        steps = (
            row["restated_points"] - was["restated_points"],
            row["corrected_points"] - was["corrected_points"],
        )
        assert sum(steps) == today - published[previous], key
        if code in OF_DOSSIERS and now.counts[previous] != (0, 0):
            there = now.points(rules, previous, put_back.get(previous, (0, 0)))
            assert steps == (there - published[previous], today - there), key
        restated |= {key} if steps[0] else set()
        corrected |= {key} if steps[1] else set()
    assert then.in_force.items() <= now.in_force.items()
    return restated, corrected


def parquet_files(ran: Run) -> dict[str, bytes]:
    assert ran.night.release is not None
    return {p.name: p.read_bytes() for p in sorted(ran.night.release.glob("*.parquet"))}


def test_three_nights_and_the_last_of_them_again(small_raw: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for folder in small_raw.iterdir():  # four nights are quicker without what nothing here depends on
        if not CONTRACTS[folder.name].required and folder.name != "explanations":
            shutil.rmtree(folder)
    agency, stays, comes_back, changes = three_dossiers(small_raw)
    for case in (stays, comes_back):
        deliver(small_raw, FIRST, case, NgayHenTra=before_its_end(case))
    first = run(small_raw, data, FIRST)
    new = ("new", FIRST, FIRST, None, None, 0, None, None, 0)
    assert findings(first) == sorted([(stays.code, *new), (comes_back.code, *new)])
    ids = finding_ids(first)

    # the agency explains one; the other is corrected on the portal; a third becomes late on both sides
    workbook = worklist(data, agency)
    assert {code: state for code, (_, state) in lines(workbook).items()} == {
        stays.code: "Mới",
        comes_back.code: "Mới",
    }
    line = lines(workbook)[stays.code][0]
    told = f"{SECOND:%d/%m/%Y}"
    answer(workbook, line, cause_code="Do thao tác", explanation_length="Nhập nhầm", explained_on=told)
    send_back(workbook, small_raw, SECOND)
    deliver(small_raw, SECOND, comes_back)
    for source in (NATIONAL, ONE_STOP):
        case = latest_copies(small_raw, source)[changes.code]
        deliver(small_raw, SECOND, case, source, NgayHenTra=before_its_end(case))
    second = run(small_raw, data, SECOND)
    assert findings(second) == sorted(
        [
            (stays.code, "explained", FIRST, SECOND, None, None, 1, "operation", agency, 1),
            (comes_back.code, "fixed", FIRST, FIRST, SECOND, None, 1, None, None, 0),
        ]
    )

    restated, corrected = check_steps(first, second, {comes_back.code})
    september = ("month", date(2026, 10, 1), agency, "2.1")
    assert {("one_stop", *september), ("national", *september)} <= restated
    assert ("national", *september) in corrected
    of_the_due_date = {("national", "2.1"), ("national", "5.4")}
    assert {(basis, code) for basis, *_, code in corrected} <= of_the_due_date

    # the fault comes back; another agency answers otherwise, and the agency sends its file once more
    again = worklist(data, agency)
    assert {code: state for code, (_, state) in lines(again).items()} == {stays.code: "Đã giải trình"}
    line = lines(again)[stays.code][0]
    told = f"{THIRD:%d/%m/%Y}"
    answer(again, line, cause_code="Do đồng bộ dữ liệu", agency_code=OTHER_AGENCY, explained_on=told)
    send_back(again.rename(tmp_path / f"{OTHER_AGENCY}.xlsx"), small_raw, THIRD)
    shutil.copy(
        small_raw / "explanations" / SECOND.isoformat() / f"{agency}.xlsx",
        small_raw / "explanations" / THIRD.isoformat() / "once more.xlsx",
    )
    deliver(small_raw, THIRD, comes_back, NgayHenTra=before_its_end(comes_back))
    third = run(small_raw, data, THIRD)
    assert findings(third) == sorted(
        [
            (stays.code, "explained", FIRST, THIRD, None, None, 2, "operation", agency, 2),
            (comes_back.code, "reopened", FIRST, THIRD, None, THIRD, 2, None, None, 0),
        ]
    )
    assert finding_ids(third) == ids
    # nothing was fixed, and a fault that came back makes September another one than was published
    restated, corrected = check_steps(second, third, set())
    assert ("national", *september) in restated
    assert {(basis, code) for basis, *_, code in restated} <= of_the_due_date
    assert not corrected
    assert third.rows(
        f"""SELECT agency_code, cause_code, explained_on, first_delivered_on, is_current, is_conflicting,
                   is_late
            FROM finding_explanations WHERE finding_id = '{ids[stays.code]}' ORDER BY explained_on"""
    ) == [
        (agency, "operation", SECOND, SECOND, True, True, False),
        (OTHER_AGENCY, "data_sync", THIRD, THIRD, False, True, False),
    ]
    # what the province explained of itself answers no finding; it is kept all the same
    assert third.rows("SELECT count(*) > 0 FROM finding_explanations WHERE answer_to = 'nothing'") == [
        (True,)
    ]
    assert {code: state for code, (_, state) in lines(worklist(data, agency)).items()} == {
        stays.code: "Đã giải trình",
        comes_back.code: "Tái diễn, cần giải trình lại",
    }

    # the same night again, by the command, looks at the same night before: the same bytes, no other release
    assert third.night.release is not None
    before = parquet_files(third)
    repeated = chiso("nightly", "--date", THIRD.isoformat(), "--raw", str(small_raw), "--data", str(data))
    assert repeated.returncode == 0, repeated.stdout + repeated.stderr
    assert "the same as before, byte for byte" in repeated.stdout
    assert [p.name for p in (data / "releases" / THIRD.isoformat()).iterdir()] == ["1"]
    assert (data / "releases" / "current").resolve() == third.night.release.resolve()
    assert parquet_files(third) == before
    manifest = json.loads((data / "releases" / "current" / "manifest.json").read_text(encoding="utf-8"))
    earlier = json.loads((data / "releases" / SECOND.isoformat() / "1" / "manifest.json").read_text("utf-8"))
    marts = ("sync_findings", "indicator_results", "dossier_facts", "score_changes")
    assert manifest["history"] == {
        "business_date": SECOND.isoformat(),
        "sha256": {mart: earlier["marts"][mart]["sha256"] for mart in marts},
    }
