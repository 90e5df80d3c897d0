"""Rule data of the project, read as data: calendar, petition code lists, rule set."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


def seed_rows(name: str) -> list[dict[str, str]]:
    """Rows of a seed, `folder/name`."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class PointRule:
    """How the points of one indicator follow from its rate."""

    max_points: int
    full_mark_percent: int
    empty_policy: str

    def points(self, numerator: int, denominator: int) -> Decimal | None:
        """Points, half-up to 2 decimals, never above the maximum; what an empty rate gives is data."""
        if denominator == 0:
            return {"none": None, "zero": Decimal(0), "full": Decimal(self.max_points)}[self.empty_policy]
        rate = Fraction(numerator, denominator)
        points = min(
            Fraction(self.max_points), self.max_points * rate / Fraction(self.full_mark_percent, 100)
        )
        return half_up(points)


def half_up(number: Fraction) -> Decimal:
    """A number that is not negative, rounded half-up to 2 decimals."""
    return Decimal(int(number * 100 + Fraction(1, 2))) / 100


def rule_set_at(day: date) -> str:
    """The rule set valid on a day."""
    for row in seed_rows("rule_sets/rule_sets"):
        valid_to = row["valid_to_on"] or "9999-12-31"
        if row["valid_from_on"] <= day.isoformat() <= valid_to:
            return row["ruleset"]
    raise LookupError(f"No rule set is valid on {day}")


def point_rules(ruleset: str) -> dict[str, PointRule]:
    """Point rules of a rule set by indicator."""
    return {
        row["indicator_code"]: PointRule(
            int(row["max_points"]), int(row["full_mark_percent"]), row["empty_policy"]
        )
        for row in seed_rows("rule_sets/rule_set_components")
        if row["ruleset"] == ruleset
    }
