"""Why dossiers are overdue: who is on the list, how late, and whether the extracts bear out what is said."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.extracts import (
    LOCAL,
    Row,
    as_code,
    as_time,
    is_true,
    latest_dossiers,
    latest_steps,
    newest_list,
)
from tests.oracle.rule_data import half_up
from tests.oracle.working_time import end_of, working_time
from tests.pipeline.building import Built
from tests.pipeline.conftest import LAST_DAY, Province

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faulty night")]

SIDES = {"one_stop": ("one_stop_dossiers", "MC"), "national": ("national_dossiers", "DVCQG")}
MESSAGE_TIME = "%Y%m%d%H%M%S"


@dataclass(frozen=True)
class Told:
    """What a dossier's evidence of indicator 2.1 says."""

    agency: str | None
    received: datetime
    due: datetime | None
    counted_due: datetime | None
    ended: datetime | None
    reason: str

    @property
    def is_overdue(self) -> bool:
        """At the end of the business date."""
        if self.reason == "asked_twice":
            return True
        if self.counted_due is None:
            return False
        if self.ended is not None:
            return self.ended > self.counted_due
        return self.counted_due.date() <= LAST_DAY

    @property
    def is_past_due(self) -> bool:
        if self.counted_due is None:
            return False
        end = self.ended or end_of(LAST_DAY).replace(tzinfo=None)
        return end > self.counted_due

    @property
    def late_hours(self) -> Decimal:
        """Working hours from the due date to the end, or to the end of the business date."""
        if self.counted_due is None or not self.is_past_due:
            return Decimal(0)
        return in_hours(seconds(self.counted_due, self.ended))


def seconds(start: datetime, end: datetime | None) -> int:
    """Working time; to the end of the business date where nothing ended yet."""
    until = end.replace(tzinfo=LOCAL) if end is not None else end_of(LAST_DAY)
    return working_time(start.replace(tzinfo=LOCAL), until) // timedelta(seconds=1)


def in_hours(spent: int) -> Decimal:
    """Seconds as hours, half-up to hundredths."""
    return half_up(Fraction(spent, 3600))


@pytest.fixture(scope="module")
def told(faulty_night: Built) -> dict[tuple[str, str], Told]:
    """By side and code; of every received dossier, whatever the year."""
    rows = faulty_night.rows(
        """SELECT basis, dossier_code, own_agency_code, received_at, due_at, counted_due_at, ended_at, reason
           FROM evidence_2_1 JOIN dim_agency USING (agency_code)
           WHERE period_type = 'year' AND agency_level = 'province'"""
    )
    return {(str(basis), str(code)): Told(*facts) for basis, code, *facts in rows}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def explained(faulty_night: Built) -> list[dict[str, Any]]:
    """The mart, row by row."""
    names = [str(n) for (n,) in faulty_night.rows("SELECT column_name FROM (DESCRIBE overdue_explanations)")]
    return [dict(zip(names, row, strict=True)) for row in faulty_night.rows("FROM overdue_explanations")]


@pytest.fixture(scope="module")
def messages(faulty_province: Province) -> dict[str, dict[str, Row]]:
    """The latest row of every dossier, by side."""
    return {
        side: latest_dossiers(faulty_province.raw, source, LAST_DAY) for side, (source, _) in SIDES.items()
    }


def causes(row: dict[str, Any]) -> list[str]:
    """The main one first."""
    return [row["cause_code"], *(row["other_causes"] or "").split(";")]


def late_sides(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The sides on which it is overdue, and its code there."""
    for side in SIDES:
        if row[f"{side}_is_overdue"]:
            yield side, row[f"{side}_code"]


def planted_findings(province: Province) -> dict[str, set[str]]:
    """The rules that must find something on a dossier; it may carry several faults."""
    planted: defaultdict[str, set[str]] = defaultdict(set)
    with (province.truth / "faults.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            planted[row["dossier_code"]].update(row["expected_findings"].split(";"))
    return planted


def test_the_list_is_what_indicator_2_1_finds_late(
    faulty_night: Built, told: dict[tuple[str, str], Told], explained: list[dict[str, Any]]
) -> None:
    listed = Counter(late for row in explained for late in late_sides(row))
    expected = {key for key, facts in told.items() if facts.is_overdue}
    assert expected, "nothing is late"
    assert set(listed) == expected
    # the running year is judged on the same day, so its figure is the list
    figures = faulty_night.rows(
        """SELECT basis, denominator - numerator FROM indicator_results JOIN dim_agency
             USING (agency_code, agency_level)
           WHERE indicator_code = '2.1' AND period_type = 'year' AND period_start = '2026-01-01'
             AND agency_level = 'province'"""
    )
    this_year = Counter(side for side, code in expected if told[side, code].received.year == LAST_DAY.year)
    assert this_year == {str(basis): late for basis, late in figures}


def test_hours_are_working_hours(told: dict[tuple[str, str], Told], explained: list[dict[str, Any]]) -> None:
    wrong = [
        (code, row[f"{side}_late_hours"], told[side, code].late_hours)
        for row in explained
        for side, code in late_sides(row)
        if row[f"{side}_late_hours"] != told[side, code].late_hours
        or row[f"{side}_due_at"] != told[side, code].counted_due
        or row[f"{side}_ended_at"] != told[side, code].ended
    ]
    assert wrong == []


def test_synchronisation_is_the_cause_only_of_what_is_late_on_the_portal_alone(
    faulty_province: Province,
    told: dict[tuple[str, str], Told],
    explained: list[dict[str, Any]],
    messages: dict[str, dict[str, Row]],
) -> None:
    synchronised = [row for row in explained if "data_sync" in causes(row)]
    assert len(synchronised) >= 3
    planted = planted_findings(faulty_province)
    for row in synchronised:
        code = row["one_stop_code"]
        if code is None:
            # deleted there, or never heard of
            there = messages["one_stop"].get(row["dossier_code"])
            assert there is None or is_true(there["DaXoa"]), row["dossier_code"]
        else:
            assert ("one_stop", code) not in told or not told["one_stop", code].is_overdue, code
        # it has a reason, and it was planted
        assert row["first_rule_code"] in planted[row["dossier_code"]], row["dossier_code"]
        assert row["is_late_really"] is False
        assert row["responsible_agency_code"] == "H01"
    alone = {
        r["dossier_code"] for r in explained if r["national_is_overdue"] and not r["one_stop_is_overdue"]
    }
    assert alone == {row["dossier_code"] for row in synchronised}


def test_causes_are_borne_out_by_the_extracts(
    faulty_province: Province,
    told: dict[tuple[str, str], Told],
    explained: list[dict[str, Any]],
    messages: dict[str, dict[str, Row]],
) -> None:
    catalogue = newest_list(faulty_province.raw, "procedures", LAST_DAY)
    outside = {as_code(p["Mã TTHC"]) for p in catalogue if is_true(p["Thuộc ngành dọc"])}
    order = [
        "outside_competence", "data_sync", "operation", "supplement_counting", "system_outage",
        "waiting_by_law", "no_due_date", "internal_process", "actual", "unexplained",
    ]  # fmt: skip
    for row in explained:
        code, applying = row["dossier_code"], [c for c in causes(row) if c]
        assert applying == sorted(applying, key=order.index), code
        side, own_code = next(late_sides(row))
        facts, message = told[side, own_code], messages[side][own_code]
        requests = message["DanhSachHoSoBoSung"]
        assert ("no_due_date" in applying) == (not message["NgayHenTra"]), code
        assert ("outside_competence" in applying) == (row["procedure_code"] in outside), code
        if "supplement_counting" in applying:
            assert len(requests) > 1 or requests[0]["NgayHenTraMoi"], code
        if side == "one_stop":
            apology = message["NgayGuiThuXinLoi"]
            is_late = facts.ended is not None and facts.is_past_due
            expected = "not_needed" if not is_late else "sent" if apology else "missing"
            assert row["apology"] == expected, code
        else:
            assert row["apology"] == "not_needed", code
        assert row["agency_code"] == facts.agency, code
    found = Counter(row["cause_code"] for row in explained)
    assert {"actual", "data_sync", "supplement_counting", "waiting_by_law", "no_due_date"} <= set(found)
    # every one of these has a history, so something is known of it
    assert found["unexplained"] == 0


@dataclass(frozen=True)
class Held:
    """A state that a dossier was in before its end."""

    status: str
    since: datetime
    seconds: int


def held(history: list[tuple[datetime, str]], ended: datetime | None) -> list[Held]:
    """From each step to the next one or the end, but for what only tells that the dossier is done."""
    steps = sorted(history)
    following: list[datetime | None] = [at for at, _ in steps[1:]]
    return [
        Held(status, at, seconds(at, min((t for t in (until, ended) if t is not None), default=None)))
        for (at, status), until in zip(steps, [*following, None], strict=True)
        if status in ("2", "4", "5", "6") and (ended is None or at < ended)
    ]


def test_who_held_it_is_borne_out_by_the_steps(
    faulty_province: Province, told: dict[tuple[str, str], Told], explained: list[dict[str, Any]]
) -> None:
    histories: defaultdict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    for (side, code, _), row in latest_steps(faulty_province.raw, LAST_DAY).items():
        at = as_time(row["ThoiDiemXuLy"], MESSAGE_TIME)
        assert at is not None
        histories[side, code].append((at.replace(tzinfo=None), as_code(row["TrangThai"])))
    compared = 0
    for row in explained:
        side = "one_stop" if row["one_stop_code"] else "national"
        code = row[f"{side}_code"]
        if (side, code) not in told:
            continue  # not received there, so it has no end there either
        states = held(histories[SIDES[side][1], code], told[side, code].ended)
        if row["held_longest_hours"] is None:
            assert states == [], code
            continue
        compared += 1
        longest = max(state.seconds for state in states)
        assert row["held_longest_hours"] == in_hours(longest), code
        shown = Held(row["held_longest_status_code"], row["held_longest_since_at"], longest)
        assert shown in states, code
        obligation = sum(state.seconds for state in states if state.status == "6")
        assert row["obligation_hours"] == in_hours(obligation), code
        if row["cause_code"] == "waiting_by_law":
            assert obligation > 0 or row["public_posting_days"] > 0, code
    assert compared > 50
