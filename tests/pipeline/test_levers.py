"""What levers and whatif say is what a whole run says on extracts that were changed accordingly.

Ten actions drawn by chance, on three provinces: those of one province are of units that have nothing to do
with each other, so that one more run tells all of them. CHISO_SEED draws others.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path

import pytest

from orchestration.rescoring import Period
from orchestration.whatif import Setting, what_if
from tests.oracle.rule_data import PointRule, point_rules, seed_rows
from tests.pipeline.building import Built, build
from tests.pipeline.conftest import LAST_DAY, Province, planted
from tests.pipeline.levers import ACTIONS, Figure, Lever, Row, change, drawn, levers_of, rows
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("CHISO_SEED", "766"))
RUNNING = {"year": date(2026, 1, 1), "quarter": date(2026, 7, 1), "month": date(2026, 9, 1)}


def figures(built: Built) -> tuple[dict[Figure, dict[str, Decimal]], dict[Figure, Decimal]]:
    """Points of the components and of the total, by period and unit; an empty component has none."""
    points: dict[Figure, dict[str, Decimal]] = {}
    for row in rows(built, "FROM indicator_results WHERE basis = 'national' AND period_type <> 'day'"):
        unit = (row["period_type"], row["period_start"], row["agency_code"])
        points.setdefault(unit, {})[row["indicator_code"]] = row["points"] or Decimal(0)
    totals: dict[Figure, Decimal] = {
        (row["period_type"], row["period_start"], row["agency_code"]): row["points"]
        for row in rows(built, "FROM scorecard_totals WHERE basis = 'national' AND period_type <> 'day'")
    }
    return points, totals


def whatif_agrees(built: Built, lever: Lever) -> None:
    """The command's function says the same of the same numerators; it knows no other denominators."""
    moment, now = lever.moment, "before" if lever.moment == "after" else "after"
    settings = [
        Setting(code, more=part[f"numerator_{moment}"] - part[f"numerator_{now}"])
        for code, part in lever.components.items()
    ]
    period = Period(str(lever), lever.row["period_type"], lever.row["period_start"])
    told = what_if(built.places.build_database, lever.row["agency_code"], settings, period, "national")
    for component in told.components:
        part = lever.components.get(component.indicator_code)
        points = part[f"points_{moment}"] if part else component.before.points
        assert component.after.points == points, f"{lever}: {component}"
    assert told.before.points == lever.row[f"points_{now}"], lever
    assert told.after.points == lever.row[f"points_{moment}"], lever
    assert (told.after.grade, told.after.rank) == (
        lever.row[f"grade_{moment}"],
        lever.row[f"rank_{moment}"],
    ), lever


@pytest.fixture
def third(make: Callable[[Arguments], Province], tmp_path: Path) -> tuple[Province, Built]:
    """Another province with every fault on it."""
    province = planted(make, 33, tmp_path)
    wanted = ["levers", "rescored_totals", "dim_rule_set", "int_found_tonight"]
    return province, build(province.raw, tmp_path / "data", LAST_DAY, wanted)


@pytest.fixture
def of_the_faulty_night(faulty_province: Province, faulty_night: Built) -> tuple[Province, Built]:
    return faulty_province, faulty_night


@pytest.mark.parametrize(
    ("province", "number", "level"),
    [
        pytest.param("faulty", 5, None, marks=pytest.mark.xdist_group("findings")),
        pytest.param("of_the_faulty_night", 4, None, marks=pytest.mark.xdist_group("faulty night")),
        pytest.param("third", 1, "province"),
    ],
)
def test_a_run_on_what_was_changed_gives_the_points_that_were_said(
    request: pytest.FixtureRequest, tmp_path: Path, province: str, number: int, level: str | None
) -> None:
    made, built = request.getfixturevalue(province)
    chance = random.Random(f"{SEED} {province}")
    levers = drawn(levers_of(built), chance, number, level)
    told = f"CHISO_SEED={SEED}, {province}: " + "; ".join(map(str, levers))
    raw = Path(shutil.copytree(made.raw, tmp_path / "changed"))
    change(raw, built, levers, chance)
    changed = build(raw, tmp_path / "changed data", LAST_DAY, ["scorecard_totals"])

    (before, _), (after, totals) = figures(built), figures(changed)
    for lever in levers:
        expected = before[lever.unit] | {
            code: part[f"points_{lever.moment}"] for code, part in lever.components.items()
        }
        assert after[lever.unit] == expected, f"{told}\n{lever}"
        assert totals[lever.unit] == lever.row[f"points_{lever.moment}"], f"{told}\n{lever}"
        if lever.row["action"] != "clear_findings":
            whatif_agrees(built, lever)


# --- every lever of a province, by plain arithmetic ---


@pytest.mark.xdist_group("findings")
def test_every_lever_is_scored_and_placed_by_the_rules(faulty: tuple[Province, Built]) -> None:
    _, built = faulty
    rules = point_rules("dvcqg-2026")
    grades = sorted(
        (Decimal(row["min_points"]), row["grade"])
        for row in seed_rows("rule_sets/rule_set_grades")
        if row["ruleset"] == "dvcqg-2026"
    )
    totals = rows(built, "FROM scorecard_totals WHERE basis = 'national'")
    levers = levers_of(built)
    assert {lever.row["action"] for lever in levers} == set(ACTIONS)
    for lever in levers:
        row = lever.row
        own = {"before": Decimal(0), "after": Decimal(0), "now": Decimal(0)}
        for code, part in lever.components.items():
            for moment in ("before", "after"):
                points = rules[code].points(part[f"numerator_{moment}"], part[f"denominator_{moment}"])
                assert part[f"points_{moment}"] == (points or 0), f"{lever} {code}"
                own[moment] += points or 0
            own["now"] += part["points_now"]
        assert row["points"] == own["after"] - own["before"] > 0, lever
        others = [
            total["points"]
            for total in totals
            if (total["period_type"], total["period_start"]) == lever.unit[:2]
            and total["agency_level"] == row["agency_level"]
            and total["agency_code"] != row["agency_code"]
        ]
        (now,) = (
            t["points"]
            for t in totals
            if (t["period_type"], t["period_start"], t["agency_code"]) == lever.unit
        )
        for moment in ("before", "after"):
            points = now - own["now"] + own[moment]
            assert row[f"points_{moment}"] == points, lever
            assert row[f"rank_{moment}"] == 1 + sum(other > points for other in others), lever
            assert row[f"grade_{moment}"] == [grade for least, grade in grades if least <= points][-1], lever
        each = (row["points"] / row["items"]).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        assert row["points_per_item"] == each, lever
    levers.sort(key=lambda lever: lever.unit)
    for unit, of_unit in groupby(levers, key=lambda lever: lever.unit):
        there = [lever.row for lever in of_unit]
        for row in there:
            better = sum(other["points_per_item"] > row["points_per_item"] for other in there)
            assert row["lever_rank"] == 1 + better, unit


def worth(rule: PointRule, count: tuple[int, int], more: int) -> Decimal:
    """What so many more in the numerator add to the points."""
    numerator, denominator = count
    now, then = rule.points(numerator, denominator), rule.points(numerator + more, denominator)
    return (then or Decimal(0)) - (now or Decimal(0))


@pytest.mark.xdist_group("findings")
def test_no_service_that_would_raise_a_score_is_left_out(faulty: tuple[Province, Built]) -> None:
    """Of every unit and procedure: one dossier more after the other, until all the points have come."""
    _, built = faulty
    rules = point_rules("dvcqg-2026")
    counted = {
        (row["period_type"], row["agency_code"], row["indicator_code"]): (
            row["numerator"],
            row["denominator"],
        )
        for row in rows(built, "FROM indicator_counts WHERE basis = 'national'")
        if RUNNING.get(row["period_type"]) == row["period_start"]
    }
    authority = {
        (row["agency_code"], row["procedure_code"]): row for row in rows(built, "FROM unit_procedures")
    }
    levels = {row["procedure_code"]: row["service_level_code"] for row in rows(built, "FROM dim_procedure")}
    facts = rows(built, "FROM dossier_facts WHERE basis = 'national' AND received_on >= DATE '2026-01-01'")
    heaps: dict[tuple[str, str, str], list[Row]] = {}
    for fact in facts:
        for period_type, start in RUNNING.items():
            if fact["received_on"] >= start:
                for agency in {"H01", fact["agency_code"] or "H01"}:
                    heap = (period_type, agency, fact["procedure_code"] or "unknown")
                    # a unit that is no more received dossiers, but is not scored
                    if (period_type, agency, "3.3") in counted:
                        heaps.setdefault(heap, []).append(fact)
    expected: dict[tuple[str, str, str, str], tuple[int, int, Decimal]] = {}
    for (period_type, agency, procedure), received in heaps.items():
        own = authority.get((agency, procedure), {})
        bearing = [fact for fact in received if fact["has_financial_obligation"]]
        missed = [fact for fact in bearing if not fact["is_obligation_paid_online"]]
        opens = bool(own.get("has_fee")) and len(missed) == len(bearing)
        offers = {"pay_online": (len(missed), "3.6", "3.5b" if opens else None)}
        if levels.get(procedure) in ("3", "4"):
            missed = [fact for fact in received if not fact["is_online"]]
            opens = bool(own.get("is_online_service")) and len(missed) == len(received)
            offers["move_online"] = (len(missed), "3.3", "3.2" if opens else None)
        for action, (whole, code, opened) in offers.items():
            points = [
                worth(rules[code], counted[period_type, agency, code], more)
                + (worth(rules[opened], counted[period_type, agency, opened], min(more, 1)) if opened else 0)
                for more in range(whole + 1)
            ]
            if points[-1] > 0:
                expected[period_type, agency, action, procedure] = (
                    points.index(points[-1]),
                    whole,
                    points[-1],
                )
    told = {
        (row["period_type"], row["agency_code"], row["action"], row["target_code"]): (
            row["items"],
            row["items_in_all"],
            row["points"],
        )
        for row in rows(built, "FROM levers WHERE action IN ('move_online', 'pay_online')")
    }
    assert told == expected
