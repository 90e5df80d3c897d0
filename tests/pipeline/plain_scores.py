"""Scores again in plain Python, from what a release counted: no SQL, no code of the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
Period = tuple[str, date]  # type and first day
Key = tuple[str, str, date, str, str]  # basis, period type, first day, agency, indicator
Counts = tuple[Fraction | int | None, Fraction | int | None]  # numerator, denominator
NOTHING: Counts = (None, None)

# Component made of dossiers → what counts in its numerator, and in its denominator.
OF_DOSSIERS: dict[str, tuple[str, str]] = {
    "1.4": ("is_on_both_sides", "is_received"),
    "2.1": ("is_on_time", "is_received"),
    "3.3": ("is_online", "is_received"),
    "3.6": ("is_obligation_paid_online", "has_financial_obligation"),
    "4.1": ("has_electronic_result", "is_received"),
    "4.2": ("is_digitized", "is_received"),
    "4.3": ("has_reused_component", "is_received"),
    "4.4": ("is_shared", "is_received"),
    "4.5b": ("uses_population_data", "is_received"),
    "5.4": ("is_faultless", "is_received"),
}


def rows(release: Path, sql: str) -> list[Row]:
    """Rows of a query over the marts of a release, by column."""
    with duckdb.connect(str(release / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        result = con.execute(sql)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def key_of(row: Row) -> Key:
    return (
        row["basis"], row["period_type"], row["period_start"], row["agency_code"], row["indicator_code"]
    )  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """What scores of a release are made of.

    Attributes:
        counts: every unit's own ones, but of days.
        missing: figures whose source never came.
        levels: agency → its level.
        province: its code.
        rules: rule set and indicator → how it is scored.
        in_force: period → rule set.
        before: period → first day of the calendar's previous one.
    """

    counts: dict[Key, Counts]
    missing: set[Key]
    levels: dict[str, str]
    province: str
    rules: dict[tuple[str, str], Row]
    in_force: dict[Period, str]
    before: dict[Period, date]

    def figure(self, ruleset: str, key: Key, counts: dict[Key, Counts] | None = None) -> Counts:
        """Whose counts are a unit's figure under a rule set: its own, the province's, or nobody's."""
        basis, kind, start, agency, code = key
        scope = self.rules.get((ruleset, code), {}).get("scope")
        if scope is None or (scope == "not_departments" and self.levels[agency] == "department"):
            return NOTHING
        agency = self.province if scope == "as_province" else agency
        return (counts or self.counts).get((basis, kind, start, agency, code), NOTHING)

    def points(self, ruleset: str, key: Key, counts: Counts) -> Decimal:
        """Of a figure under a rule set, half-up to two decimals; 0 where it gives none."""
        agency, code = key[3:]
        rule = self.rules.get((ruleset, code))
        if rule is None or not rule["is_scored"] or key in self.missing:
            return Decimal(0)
        if rule["scope"] == "not_departments" and self.levels[agency] == "department":
            return Decimal(0)
        numerator, denominator = counts
        if not denominator:
            return Decimal(rule["max_points"] if rule["empty_policy"] == "full" else 0)
        reached = Fraction(numerator or 0) / Fraction(denominator) * 100 / int(rule["full_mark_percent"])
        hundredths = min(reached, Fraction(1)) * int(rule["max_points"]) * 100
        return Decimal(int(hundredths + Fraction(1, 2))) / 100


def scores(release: Path) -> Scores:
    counted = rows(release, "SELECT * FROM indicator_counts WHERE period_type <> 'day'")
    agencies = rows(release, "SELECT agency_code, agency_level FROM dim_agency")
    levels = {row["agency_code"]: row["agency_level"] for row in agencies}
    return Scores(
        counts={key_of(row): (row["numerator"], row["denominator"]) for row in counted},
        missing={key_of(row) for row in counted if row["is_source_missing"]},
        levels=levels,
        province=next(agency for agency, level in levels.items() if level == "province"),
        rules={
            (row["ruleset"], row["indicator_code"]): row
            for row in rows(release, "SELECT * FROM dim_indicator")
        },
        in_force={
            (row["period_type"], row["period_start"]): row["ruleset"]
            for row in rows(release, "SELECT * FROM dim_period_rule_set WHERE is_in_force")
        },
        before={
            (row["period_type"], row["period_start"]): row["previous_start"]
            for row in rows(release, "SELECT * FROM dim_period WHERE period_type <> 'day'")
        },
    )


def counts_of_dossiers(release: Path, earlier: Path, put_back: set[str]) -> dict[Key, Counts]:
    """Counts of the components in OF_DOSSIERS, dossier by dossier, of every unit and period but days.

    Args:
        put_back: dossiers that count as `earlier`, another release, has them.
    """
    every = "SELECT * FROM dossier_facts"
    facts = [row for row in rows(release, every) if row["dossier_code"] not in put_back]
    facts += [row for row in rows(earlier, every) if row["dossier_code"] in put_back]
    levels = {r["agency_code"]: r["agency_level"] for r in rows(release, "SELECT * FROM dim_agency")}
    province = next(agency for agency, level in levels.items() if level == "province")
    counts: dict[Key, list[int]] = {}
    for period in rows(release, "SELECT * FROM dim_period WHERE period_type <> 'day'"):
        for fact in facts:
            if not period["period_start"] <= fact["received_on"] <= period["period_end"]:
                continue
            on_time = fact["is_on_time"]
            if on_time is None:
                on_time = fact["open_due_on"] > period["judged_on"]
            told = fact | {
                "is_received": True,
                "is_on_time": on_time,
                "is_faultless": on_time and not fact["has_petition"],
            }
            for code, (numerator, denominator) in OF_DOSSIERS.items():
                # 1.4 compares both sides: it is the one-stop system's on either basis
                if code != "1.4":
                    bases = [fact["basis"]]
                else:
                    bases = ["one_stop", "national"] if fact["basis"] == "one_stop" else []
                for basis in bases:
                    for unit in {fact["agency_code"], province} & levels.keys():
                        key = (basis, period["period_type"], period["period_start"], unit, code)
                        both = counts.setdefault(key, [0, 0])
                        both[0] += bool(told[numerator])
                        both[1] += bool(told[denominator])
    return {key: (numerator, denominator) for key, (numerator, denominator) in counts.items()}
