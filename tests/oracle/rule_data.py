"""Rule data of the project, read as data: calendar, code lists, rule sets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
OWN, AS_PROVINCE, NOT_DEPARTMENTS = "own", "as_province", "not_departments"


@cache
def seed_rows(name: str) -> list[dict[str, str]]:
    """Rows of a seed, `folder/name`."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class PointRule:
    """How the points of one indicator follow from its rate, and for which units it is computed."""

    max_points: int
    full_mark_percent: int
    empty_policy: str
    scope: str
    is_scored: bool

    def points(self, numerator: int | None, denominator: int | None) -> Decimal | None:
        """Points, half-up to 2 decimals, never above the maximum; what an empty rate gives is data."""
        if not self.is_scored:
            return None
        if numerator is None or not denominator:
            return {"none": None, "zero": Decimal(0), "full": Decimal(self.max_points)}[self.empty_policy]
        rate = Fraction(numerator, denominator)
        points = min(
            Fraction(self.max_points), self.max_points * rate / Fraction(self.full_mark_percent, 100)
        )
        return half_up(points)


def half_up(number: Fraction) -> Decimal:
    """A number that is not negative, rounded half-up to 2 decimals."""
    return Decimal(int(number * 100 + Fraction(1, 2))) / 100


@cache
def rule_set_at(day: date) -> str | None:
    """The rule set valid on a day, if there is one."""
    for row in seed_rows("rule_sets/rule_sets"):
        valid_to = row["valid_to_on"] or "9999-12-31"
        if row["valid_from_on"] <= day.isoformat() <= valid_to:
            return row["ruleset"]
    return None


@cache
def point_rules(ruleset: str) -> dict[str, PointRule]:
    """Point rules of a rule set by indicator."""
    return {
        row["indicator_code"]: PointRule(
            int(row["max_points"]),
            int(row["full_mark_percent"]),
            row["empty_policy"],
            row.get("scope") or OWN,
            row["is_scored"] == "true",
        )
        for row in seed_rows("rule_sets/rule_set_components")
        if row["ruleset"] == ruleset
    }
