"""The life of findings over three nights: new, explained, fixed, reopened; no answer is lost."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from orchestration.landing.contracts import load_contracts
from orchestration.places import SOURCES
from tests.pipeline.conftest import LAST_DAY, Run, chiso, run

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = (LAST_DAY + timedelta(days=n) for n in range(3))
CONTRACTS = load_contracts(SOURCES)
WIRES = {c.name: c.wire for c in CONTRACTS["explanations"].columns}
OTHER_AGENCY = "H01.01"
HEADER = 4


class Case(NamedTuple):
    """A dossier: the portal's message with it, and its copy there."""

    message: dict[str, Any]
    copy: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.copy["MaHoSo"])


def deliver(raw: Path, day: date, case: Case, **changes: str) -> None:
    """The portal's extract of a day: one copy, changed."""
    folder = raw / "national_dossiers" / day.isoformat()
    folder.mkdir(exist_ok=True)
    message = case.message | {"data": [case.copy | changes]}
    path = folder / f"z-{case.code}.json"  # after the files of the day that are there
    path.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")


def a_day_later(case: Case) -> str:
    """Its due date, wrongly."""
    due = datetime.strptime(case.copy["NgayHenTra"], "%Y%m%d%H%M%S")  # noqa: DTZ007
    return f"{due + timedelta(days=1):%Y%m%d%H%M%S}"


def two_dossiers(raw: Path) -> tuple[str, Case, Case]:
    """An agency other than OTHER_AGENCY, and the portal's copies of two of its dossiers as they came last."""
    latest: dict[str, Case] = {}
    for path in sorted((raw / "national_dossiers").glob("*/*.json")):
        message = json.loads(path.read_text(encoding="utf-8"))
        latest |= {copy["MaHoSo"]: Case(message, copy) for copy in message["data"]}
    by_agency: dict[str, list[Case]] = {}
    for code, case in sorted(latest.items()):
        if case.copy["NgayHenTra"]:
            by_agency.setdefault(code.split("-")[0], []).append(case)
    agency = max(by_agency.keys() - {OTHER_AGENCY}, key=lambda a: (len(by_agency[a]), a))
    return agency, by_agency[agency][0], by_agency[agency][1]


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


def parquet_files(ran: Run) -> dict[str, bytes]:
    assert ran.night.release is not None
    return {p.name: p.read_bytes() for p in sorted(ran.night.release.glob("*.parquet"))}


def test_three_nights(small_raw: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for folder in small_raw.iterdir():  # four nights are quicker without what nothing here depends on
        if not CONTRACTS[folder.name].required and folder.name != "explanations":
            shutil.rmtree(folder)
    agency, stays, comes_back = two_dossiers(small_raw)
    for case in (stays, comes_back):
        deliver(small_raw, FIRST, case, NgayHenTra=a_day_later(case))
    first = run(small_raw, data, FIRST)
    new = ("new", FIRST, FIRST, None, None, 0, None, None, 0)
    assert findings(first) == sorted([(stays.code, *new), (comes_back.code, *new)])
    ids = finding_ids(first)

    # the agency explains one; the other is corrected on the portal
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
    second = run(small_raw, data, SECOND)
    assert findings(second) == sorted(
        [
            (stays.code, "explained", FIRST, SECOND, None, None, 1, "operation", agency, 1),
            (comes_back.code, "fixed", FIRST, FIRST, SECOND, None, 1, None, None, 0),
        ]
    )

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
    deliver(small_raw, THIRD, comes_back, NgayHenTra=a_day_later(comes_back))
    third = run(small_raw, data, THIRD)
    assert findings(third) == sorted(
        [
            (stays.code, "explained", FIRST, THIRD, None, None, 2, "operation", agency, 2),
            (comes_back.code, "reopened", FIRST, THIRD, None, THIRD, 2, None, None, 0),
        ]
    )
    assert finding_ids(third) == ids
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

    # the same night again looks at the same night before
    before = parquet_files(third)
    repeated = run(small_raw, data, THIRD)
    assert repeated.night.published, repeated.messages
    assert (repeated.night.is_new, repeated.night.release) == (False, third.night.release)
    assert parquet_files(repeated) == before
    manifest = json.loads((data / "releases" / "current" / "manifest.json").read_text(encoding="utf-8"))
    earlier = json.loads((data / "releases" / SECOND.isoformat() / "1" / "manifest.json").read_text("utf-8"))
    assert manifest["finding_history"] == {
        "business_date": SECOND.isoformat(),
        "sha256": earlier["marts"]["sync_findings"]["sha256"],
    }
