"""Why the two systems count differently: both counts and every part of the difference, from the extracts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from tests.oracle.agencies import read_agencies
from tests.oracle.extracts import Row, as_code, as_time, is_true, latest_dossiers
from tests.oracle.periods import MONTHS_IN
from tests.pipeline.building import Built
from tests.pipeline.conftest import LAST_DAY, Province
from tests.pipeline.test_overdue import planted_findings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faulty night")]

PROVINCE = "H01"
# what is counted twice or not at all, and the rule that says so
LABELS = {
    "missing_on_national": -1,
    "missing_on_one_stop": 1,
    "ghost_after_deletion": 1,
    "double_posting": 1,
}


@dataclass(frozen=True)
class Counted:
    """A dossier that one side counts as received."""

    code: str
    agency: str | None
    received: date


@pytest.fixture(scope="module")
def counted(faulty_province: Province) -> dict[str, dict[str, Counted]]:
    """The received dossiers of each side by code, straight from its messages."""
    agencies = read_agencies(faulty_province.raw, LAST_DAY)
    sides: dict[str, dict[str, Counted]] = {}
    for side in ("one_stop", "national"):
        rows = latest_dossiers(faulty_province.raw, f"{side}_dossiers", LAST_DAY)
        sides[side] = {
            code: Counted(code, agencies.code_of(code.split("-")[0]), received.date())
            for code, row in rows.items()
            if (received := _received(row)) is not None and not is_true(row.get("DaXoa"))
        }
    return sides


def _received(row: Row) -> datetime | None:
    if as_code(row["TrangThaiHoSo"]) in ("1", "3"):
        return None
    return as_time(row["NgayTiepNhan"], "%Y%m%d%H%M%S")


def _start(kind: str, day: date) -> date:
    months = MONTHS_IN[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _counts(dossiers: dict[str, Counted]) -> Counter[tuple[str, date, str]]:
    """How many by kind of period, its beginning and agency; of the province all of them."""
    return Counter(
        (kind, _start(kind, dossier.received), unit)
        for dossier in dossiers.values()
        for kind in MONTHS_IN
        for unit in {dossier.agency or PROVINCE, PROVINCE}
    )


def test_both_counts_are_those_of_the_extracts(
    faulty_night: Built, faulty_province: Province, counted: dict[str, dict[str, Counted]]
) -> None:
    rows = faulty_night.rows(
        """SELECT DISTINCT period_type, period_start, agency_code, one_stop_received, national_received
           FROM count_bridge"""
    )
    one_stop, national = _counts(counted["one_stop"]), _counts(counted["national"])
    bridged = {(kind, start, unit): counts for kind, start, unit, *counts in rows}
    assert len(bridged) == len(rows)
    wrong = {key: counts for key, counts in bridged.items() if counts != [one_stop[key], national[key]]}  # type: ignore[index]
    assert wrong == {}
    # every unit that counts something is there, but for agencies that were no more
    listed = read_agencies(faulty_province.raw, LAST_DAY).agencies
    abolished = {agency.code for agency in listed if agency.valid_to < date(LAST_DAY.year, 1, 1)}
    counting = {key for key in one_stop | national if key[1].year == LAST_DAY.year}
    assert {unit for _, _, unit in counting - bridged.keys()} == abolished


def test_every_bridge_closes(faulty_night: Built) -> None:
    rows = faulty_night.rows(
        """SELECT period_type, period_start, agency_code, min(difference), max(difference), sum(dossiers),
             count(*) FILTER (label = 'none'), count(*)
           FROM count_bridge GROUP BY ALL"""
    )
    assert len(rows) > 100
    for *key, least, most, explained, none, lines in rows:
        assert least == most == explained, key
        assert none == (1 if lines == 1 and explained == 0 else 0), key
    assert faulty_night.rows("SELECT * FROM count_bridge WHERE label = 'unexplained'") == []


def test_the_year_is_explained_by_what_was_planted(
    faulty_night: Built, faulty_province: Province, counted: dict[str, dict[str, Counted]]
) -> None:
    """By the most precise finding of each dossier that one side alone counts."""
    planted = planted_findings(faulty_province)
    expected: Counter[str] = Counter()
    for code, findings in planted.items():
        label = next((la for la in reversed(LABELS) if la in findings), None)
        if label is None:
            continue
        side = "one_stop" if LABELS[label] < 0 else "national"
        if code in counted[side] and counted[side][code].received.year == LAST_DAY.year:
            expected[label] += LABELS[label]
    rows = faulty_night.rows(
        f"""SELECT label, dossiers FROM count_bridge
            WHERE period_type = 'year' AND year(period_start) = {LAST_DAY.year}
              AND agency_code = '{PROVINCE}'"""
    )
    assert set(expected) == set(LABELS), "not every kind was planted"
    assert {str(label): count for label, count in rows} == dict(expected)


def test_a_day_before_the_month_began_moves_a_dossier(faulty_night: Built) -> None:
    """What one side has in another month is taken from one and given to the other, in the same unit."""
    rows = faulty_night.rows(
        """SELECT agency_code, sum(dossiers), count(*) FROM count_bridge
           WHERE label = 'received_date' AND period_type = 'month' GROUP BY ALL"""
    )
    assert rows
    for agency, moved, lines in rows:
        assert moved == 0, agency
        assert isinstance(lines, int), agency
        assert lines % 2 == 0, agency
