"""Why scores moved, on the sample: every part of every row again, in fractions, from what was counted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.pipeline.plain_scores import Counts, Key, Row, Scores, key_of, rows, scores

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]

BUSINESS_DATE = date(2026, 9, 30)
PARTS = ("restated", "corrected", "rule_set", "volume", "mix", "rate")
# made of dossiers or petitions, so that the province's figure is the sum of its agencies'
ADDS_UP = {"1.4", "2.1", "3.3", "3.6", "4.1", "4.2", "4.3", "4.4", "4.5b", "5.2", "5.3", "5.4"}

Unit = tuple[str, str, date, str]


def unit_of(row: Row) -> Unit:
    return row["basis"], row["period_type"], row["period_start"], row["agency_code"]


def by_agency(known: Scores) -> dict[tuple[object, ...], dict[str, tuple[int, int]]]:
    """What makes up each figure of the province: its agencies, and what it counts of no agency."""
    agencies: dict[tuple[object, ...], dict[str, tuple[int, int]]] = {}
    wholes = {}
    for (basis, kind, start, agency, code), (numerator, denominator) in known.counts.items():
        if code in ADDS_UP and denominator is not None:
            figure = (basis, kind, start, code)
            if agency == known.province:
                wholes[figure] = (int(numerator or 0), int(denominator))
            else:
                agencies.setdefault(figure, {})[agency] = (int(numerator or 0), int(denominator))
    for figure, whole in wholes.items():
        parts = agencies.setdefault(figure, {})
        parts["unknown"] = (
            whole[0] - sum(numerator for numerator, _ in parts.values()),
            whole[1] - sum(denominator for _, denominator in parts.values()),
        )
        assert 0 <= parts["unknown"][0] <= parts["unknown"][1], figure
    return agencies


def mixed(now: dict[str, tuple[int, int]], then: dict[str, tuple[int, int]]) -> tuple[Counts, Counts]:
    """The province if agencies only came and went; and if then each had as many as now at its old rate."""
    entered, weighted = [0, 0], [Fraction(0), Fraction(0)]
    for agency, (numerator, denominator) in now.items():
        if denominator:
            old = then.get(agency, (0, 0))
            old = old if old[1] else (numerator, denominator)
            entered = [entered[0] + old[0], entered[1] + old[1]]
            weighted = [weighted[0] + Fraction(denominator * old[0], old[1]), weighted[1] + denominator]
    return (entered[0], entered[1]), (weighted[0], weighted[1])


def test_every_part_of_every_row(current: Path) -> None:
    known = scores(current)
    agencies = by_agency(known)
    shown = {
        key_of(row): (row["previous_points"], row["points"], *(row[f"{part}_points"] for part in PARTS))
        for row in rows(current, "SELECT * FROM score_changes")
    }
    expected: dict[Key, tuple[Decimal, ...]] = {}
    moved: Counter[str] = Counter()
    for key in known.counts:
        basis, kind, start, agency, code = key
        before = known.before[kind, start]
        rules = known.in_force[kind, start]
        old_key = (basis, kind, before, agency, code)
        old_rules = known.in_force.get((kind, before), "")
        if old_key not in known.counts:
            continue
        if not any(known.rules.get((r, code), {"is_scored": False})["is_scored"] for r in (rules, old_rules)):
            continue
        old, new = known.figure(rules, old_key), known.figure(rules, key)
        previous = known.points(old_rules, old_key, known.figure(old_rules, old_key))
        points = known.points(rules, key, new)
        other_rules = known.points(rules, old_key, old)
        if agency == known.province and code in ADDS_UP and new[1]:
            steps = mixed(agencies[basis, kind, start, code], agencies[basis, kind, before, code])
            entered, weighted = (known.points(rules, key, counts) for counts in steps)
        else:
            entered = weighted = other_rules if old[1] and new[1] else points
        parts = (
            Decimal(0), Decimal(0), other_rules - previous, entered - other_rules, weighted - entered,
            points - weighted,
        )  # fmt: skip
        expected[key] = (previous, points, *parts)
        moved.update(part for part, value in zip(PARTS, parts, strict=True) if value)
    assert shown == expected
    assert len(shown) > 50_000
    # the sample has no release before it and, of 2026 alone, one rule set
    assert set(moved) == {"rule_set", "volume", "mix", "rate"}


def test_parts_add_up_to_the_change_and_components_to_the_totals(current: Path) -> None:
    changes = rows(current, "SELECT * FROM score_changes")
    sums: dict[Unit, list[Decimal]] = {}
    for row in changes:
        change = row["points"] - row["previous_points"]
        assert row["change"] == change == sum(row[f"{part}_points"] for part in PARTS), key_of(row)
        assert row["previous_published_on"] == BUSINESS_DATE
        both = sums.setdefault(unit_of(row), [Decimal(0), Decimal(0)])
        both[0] += row["previous_points"]
        both[1] += row["points"]
    published = {unit_of(row): row for row in rows(current, "SELECT * FROM scorecard_totals")}
    totals = {unit_of(row): row for row in rows(current, "SELECT * FROM score_change_totals")}
    assert totals.keys() == sums.keys()
    for unit, row in totals.items():
        basis, kind, _, agency = unit
        before = published[basis, kind, row["previous_start"], agency]["points"]
        now = published[unit]["points"]
        assert [before, now] == sums[unit] == [row["previous_points"], row["points"]], unit
        assert row["change"] == now - before == sum(row[f"{part}_points"] for part in PARTS), unit
    assert totals.keys() == {
        unit
        for unit, row in published.items()
        if row["period_type"] != "day" and row["change_missing_reason"] != "no_previous_period"
    }
