"""What a period would have been under another rule set: the counts of a release, scored again.

Nothing is scored here. A release holds the views `rescored_*`: every period under every rule set that the
release knows, by the SQL that made its own scorecards. This module asks them for one pair, sets beside it
what the release published under the period's own rule set, and writes both down.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.inserting import insert_rows
from orchestration.landing.values import identifier, literal
from orchestration.publishing.files import DATABASE
from orchestration.publishing.releases import name_of

BASES = ("one_stop", "national")
LEVELS = ("province", "department", "commune")

_NEEDED = ("rescored_totals", "rescored_scorecards", "dim_rule_set", "dim_period_rule_set")
# pattern → period type, and the month in which the n-th one begins
_PERIODS: list[tuple[re.Pattern[str], str, int]] = [
    (re.compile(r"(\d{4})"), "year", 12),
    (re.compile(r"(\d{4})-H([12])"), "half_year", 6),
    (re.compile(r"(\d{4})-Q([1-4])"), "quarter", 3),
    (re.compile(r"(\d{4})-(\d\d)"), "month", 1),
]


class RescoringError(Exception):
    """What was asked for is not there; the message says what is."""


@dataclass(frozen=True)
class Period:
    """A period as the marts name it, and as it was written."""

    text: str
    period_type: str
    start: date


@dataclass(frozen=True)
class Scoring:
    """A unit scored by one rule set; points of the groups by their code."""

    groups: dict[str, Decimal]
    points: Decimal
    grade: str | None
    rank: int | None
    ranked_units: int
    is_provisional: bool
    is_partial: bool


@dataclass(frozen=True)
class Unit:
    """One agency on one basis: scored again, and as published (None where no rule set was in force)."""

    basis: str
    agency_code: str
    agency_name: str
    agency_level: str
    rescored: Scoring
    published: Scoring | None

    def change_of_group(self, group: str) -> Decimal | None:
        """Points of a group, scored again less published; None where one of them has no such group."""
        if self.published is None or group not in self.rescored.groups.keys() & self.published.groups.keys():
            return None
        return self.rescored.groups[group] - self.published.groups[group]

    @property
    def change(self) -> Decimal | None:
        """The total, scored again less published."""
        return None if self.published is None else self.rescored.points - self.published.points

    @property
    def places_gained(self) -> int | None:
        """By how many places its rank is better than the published one; each is a rank in its own list."""
        if self.published is None or self.published.rank is None or self.rescored.rank is None:
            return None
        return self.published.rank - self.rescored.rank


@dataclass(frozen=True)
class Rescoring:
    """One period of a release under two rule sets.

    Attributes:
        release: the release as `<business date>/<number>`.
        published_ruleset: the one in force at the period's end; None when there was none.
        groups: group codes in the order of the decision.
        units: by basis, level and rank.
    """

    release: str
    period: Period
    period_end: date
    ruleset: str
    published_ruleset: str | None
    groups: list[str]
    units: list[Unit]

    def only(self, basis: str | None = None, level: str | None = None) -> Rescoring:
        """The units of one basis, of one level; the others still count in the ranks."""
        kept = [u for u in self.units if basis in (None, u.basis) and level in (None, u.agency_level)]
        return replace(self, units=kept)


def parse_period(text: str) -> Period:
    """A period as a person writes it: 2025, 2025-H1, 2025-Q1, 2025-09 or 2025-09-15.

    Raises:
        RescoringError: it is none of these.
    """
    written = text.strip().upper()
    try:
        for pattern, period_type, months in _PERIODS:
            found = pattern.fullmatch(written)
            if found:
                number = int(found[2]) if pattern.groups == 2 else 1
                return Period(written, period_type, date(int(found[1]), (number - 1) * months + 1, 1))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
            return Period(written, "day", date.fromisoformat(written))
    except ValueError:
        pass  # the shape of a date, but no such month or day
    raise RescoringError(
        f"{text!r} is not a period; write a year as 2025, a half-year as 2025-H1, a quarter as 2025-Q1, "
        "a month as 2025-09, a day as 2025-09-15."
    )


def rescore(release: Path, ruleset: str, period: Period) -> Rescoring:
    """Score a period of a release by a rule set, beside what the release published of it.

    Args:
        release: folder of the release; it is only read.
        ruleset: a rule set that the release knows, in force or not.
        period: one of the periods of the release.

    Raises:
        RescoringError: the release has no such rule set or period, or is too old to be scored again.
    """
    with duckdb.connect(str(release / DATABASE), read_only=True) as con:
        con.execute("USE marts")
        check_period(con, name_of(release), period)
        _check_ruleset(con, name_of(release), ruleset)
        which = "period_type = $1 AND period_start = $2"
        where = [period.period_type, period.start]
        ((end, published),) = con.execute(
            f"""SELECT max(period_end), max(ruleset) FILTER (is_in_force)
                FROM dim_period_rule_set WHERE {which}""",
            where,
        ).fetchall()
        groups = con.execute(
            """SELECT group_code FROM dim_indicator WHERE is_scored AND ruleset IN ($1, $2)
               GROUP BY group_code ORDER BY min(group_number)""",
            [ruleset, published or ruleset],
        ).fetchall()
        agencies = {
            code: (name, level)
            for code, name, level in con.execute(
                "SELECT agency_code, agency_name, agency_level FROM dim_agency"
            ).fetchall()
        }
        rescored = scorings(con, "rescored_totals", "rescored_scorecards", ruleset, where)
        old = scorings(con, "scorecard_totals", "scorecards", published, where)
    units = [
        Unit(basis, code, *agencies[code], scoring, old.get((basis, code)))
        for (basis, code), scoring in rescored.items()
    ]
    units.sort(
        key=lambda u: (
            BASES.index(u.basis), LEVELS.index(u.agency_level), -u.rescored.points, u.agency_code
        )
    )  # fmt: skip
    return Rescoring(name_of(release), period, end, ruleset, published, [group for (group,) in groups], units)


def write_rescoring(rescoring: Rescoring, out: Path) -> None:
    """Write one row per basis and agency as .csv (UTF-8 with a mark that Excel knows) or .parquet.

    The file appears whole or not at all; one that is there is replaced.

    Raises:
        RescoringError: the ending is another one, or the file cannot be written.
    """
    if not out.parent.is_dir():
        raise RescoringError(f"{out} cannot be written: there is no folder {out.parent}.")
    draft = out.with_name(f".{out.name}.draft")
    columns = _columns(rescoring)
    rows = [list(row) for row in zip(*(values for _, _, values in columns), strict=True)]
    try:
        if out.suffix.lower() == ".csv":
            with draft.open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow([name for name, _, _ in columns])
                writer.writerows([_in_csv(value) for value in row] for row in rows)
        elif out.suffix.lower() == ".parquet":
            with duckdb.connect() as con:
                typed = ", ".join(f"{identifier(name)} {sql_type}" for name, sql_type, _ in columns)
                con.execute(f"CREATE TABLE rescoring ({typed})")
                insert_rows(con, "rescoring", rows)
                con.execute(f"COPY rescoring TO {literal(str(draft))} (FORMAT parquet, COMPRESSION zstd)")
        else:
            raise RescoringError(f"{out}: the file must end in .csv or .parquet.")
        draft.replace(out)
    except OSError as error:
        raise RescoringError(f"{out} cannot be written: {error.strerror}.") from error
    except duckdb.IOException as error:
        raise RescoringError(f"{out} cannot be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def _in_csv(value: object) -> object:
    """Truth as SQL writes it; the rest as it is."""
    return str(value).lower() if isinstance(value, bool) else value


def check_period(con: duckdb.DuckDBPyConnection, release: str, period: Period) -> None:
    """Whether a release can be scored again, and holds a period.

    Args:
        con: its marts, open.
        release: its name, for the words.

    Raises:
        RescoringError: it cannot, or does not.
    """
    there = {
        str(name)
        for (name,) in con.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts'"
        ).fetchall()
    }
    if not there.issuperset(_NEEDED):
        raise RescoringError(
            f"Release {release} was made by an older version and cannot be scored again: it does not hold "
            f"its rule sets. `chiso nightly --date {release.split('/')[0]}` makes one that does."
        )
    known = con.execute(
        "SELECT 1 FROM dim_period WHERE period_type = $1 AND period_start = $2",
        [period.period_type, period.start],
    ).fetchone()
    if known is None:
        years = [
            str(start.year)
            for (start,) in con.execute(
                "SELECT period_start FROM dim_period WHERE period_type = 'year' ORDER BY period_start"
            ).fetchall()
        ]
        raise RescoringError(
            f"Release {release} has no period {period.text}. It holds the periods of "
            f"{', '.join(years) or 'no year'}, as far as they had begun on {release.split('/')[0]}."
        )


def _check_ruleset(con: duckdb.DuckDBPyConnection, release: str, ruleset: str) -> None:
    rulesets = [
        str(name) for (name,) in con.execute("SELECT ruleset FROM dim_rule_set ORDER BY ruleset").fetchall()
    ]
    if ruleset not in rulesets:
        raise RescoringError(
            f"Release {release} has no rule set {ruleset}. There are: {', '.join(rulesets)}."
        )


def scorings(
    con: duckdb.DuckDBPyConnection, totals: str, groups: str, ruleset: str | None, where: list[Any]
) -> dict[tuple[str, str], Scoring]:
    """(basis, agency) → how one rule set scores it in the period."""
    which = "period_type = $1 AND period_start = $2 AND ruleset = $3"
    points: dict[tuple[str, str], dict[str, Decimal]] = {}
    for basis, agency, group, value in con.execute(
        f"SELECT basis, agency_code, group_code, points FROM {groups} WHERE {which}", [*where, ruleset]
    ).fetchall():
        points.setdefault((basis, agency), {})[group] = value
    return {
        (basis, agency): Scoring(points[basis, agency], *scoring)
        for basis, agency, *scoring in con.execute(
            f"""SELECT basis, agency_code, points, grade, rank_in_level, ranked_units, provisional, partial
                FROM {totals} WHERE {which}""",
            [*where, ruleset],
        ).fetchall()
    }


def _columns(rescoring: Rescoring) -> list[tuple[str, str, list[Any]]]:
    """Name, SQL type and values of every column of the file."""
    units, period = rescoring.units, rescoring.period
    old = [unit.published for unit in units]
    points = "DECIMAL(9, 2)"
    columns: list[tuple[str, str, list[Any]]] = [
        ("ruleset", "VARCHAR", [rescoring.ruleset for _ in units]),
        ("published_ruleset", "VARCHAR", [rescoring.published_ruleset for _ in units]),
        ("basis", "VARCHAR", [u.basis for u in units]),
        ("period_type", "VARCHAR", [period.period_type for _ in units]),
        ("period_start", "DATE", [period.start for _ in units]),
        ("period_end", "DATE", [rescoring.period_end for _ in units]),
        ("agency_code", "VARCHAR", [u.agency_code for u in units]),
        ("agency_name", "VARCHAR", [u.agency_name for u in units]),
        ("agency_level", "VARCHAR", [u.agency_level for u in units]),
    ]
    for group in rescoring.groups:
        columns += [
            (group, points, [u.rescored.groups.get(group) for u in units]),
            (f"{group}_published", points, [p and p.groups.get(group) for p in old]),
            (f"{group}_change", points, [u.change_of_group(group) for u in units]),
        ]
    return [
        *columns,
        ("points", points, [u.rescored.points for u in units]),
        ("points_published", points, [p and p.points for p in old]),
        ("points_change", points, [u.change for u in units]),
        ("grade", "VARCHAR", [u.rescored.grade for u in units]),
        ("grade_published", "VARCHAR", [p and p.grade for p in old]),
        ("rank_in_level", "BIGINT", [u.rescored.rank for u in units]),
        ("rank_in_level_published", "BIGINT", [p and p.rank for p in old]),
        ("places_gained", "BIGINT", [u.places_gained for u in units]),
        ("ranked_units", "BIGINT", [u.rescored.ranked_units for u in units]),
        ("provisional", "BOOLEAN", [u.rescored.is_provisional for u in units]),
        ("provisional_published", "BOOLEAN", [p and p.is_provisional for p in old]),
        ("partial", "BOOLEAN", [u.rescored.is_partial for u in units]),
    ]
