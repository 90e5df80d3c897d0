"""What a score would be if components stood elsewhere: the counts of a release, changed and scored again.

Nothing is scored here. A release holds the views `rescored_*`, by which it can score itself; their SQL is
put over a copy of the period's counts in memory, in which the numerators of one agency are others. All other
agencies stay as they are, so a province does not move with its departments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from orchestration.landing.values import file_literal
from orchestration.publishing.releases import name_of
from orchestration.publishing.views import create_views, views_of
from orchestration.rescoring import Period, RescoringError, Scoring, check_period, scorings

# what the views rescored_* read: of the period only, and whole
_OF_PERIOD = ("indicator_counts", "scored_units", "dim_period_rule_set")
_WHOLE = ("dim_indicator", "dim_grade")
_SHOWN = 5
_SETTING = re.compile(r"(\d\.\d[a-z]?)\s*=\s*(?:(\d+(?:[.,]\d+)?)\s*%|([+-]\d+))")


@dataclass(frozen=True)
class Setting:
    """Where one component shall stand: at a rate in per cent, or at so many more in its numerator."""

    indicator_code: str
    percent: Decimal | None = None
    more: int = 0

    def numerator(self, numerator: int, denominator: int) -> int:
        """The numerator that it means: of a rate the nearest whole one, a half goes up."""
        if self.percent is None:
            return numerator + self.more
        return int((denominator * self.percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Figure:
    """A component as it is scored; empty where there is nothing to count or nothing came."""

    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    points: Decimal | None


@dataclass(frozen=True)
class Component:
    """A scored component of the agency, before and after."""

    indicator_code: str
    name: str
    group_code: str
    max_points: Decimal
    before: Figure
    after: Figure


@dataclass(frozen=True)
class WhatIf:
    """An agency in one period on one basis, before and after.

    Attributes:
        release: the release as `<business date>/<number>`.
        groups: name of each group by its code, in the order of the decision.
        components: in the order of groups and codes.
        before, after: points of groups and total, grade, and rank among the others, which stay as they are.
    """

    release: str
    period: Period
    basis: str
    ruleset: str
    agency_code: str
    agency_name: str
    groups: dict[str, str]
    components: list[Component]
    before: Scoring
    after: Scoring


def parse_setting(text: str) -> Setting:
    """A setting as a person writes it: 3.3=60%, 3.3=62,5% or 5.2=+3.

    Raises:
        RescoringError: it is none of these, or a rate above 100 %.
    """
    found = _SETTING.fullmatch(text.strip().lower())
    if found is None:
        raise RescoringError(
            f"{text!r} says not where a component shall stand; write a rate as 3.3=60%, "
            "or how many more shall count as 5.2=+3."
        )
    if found[2] is None:
        return Setting(found[1], more=int(found[3]))
    percent = Decimal(found[2].replace(",", "."))
    if percent > 100:
        raise RescoringError(f"{text!r}: no rate is above 100 %.")
    return Setting(found[1], percent=percent)


def running_year(release: Path) -> Period:
    """The year that the business date of a release lies in."""
    year = date.fromisoformat(release.parent.name).year
    return Period(str(year), "year", date(year, 1, 1))


def what_if(database: Path, agency_code: str, settings: list[Setting], period: Period, basis: str) -> WhatIf:
    """Score an agency once as it stands and once with the settings.

    Args:
        database: chiso.duckdb of a release; it is only read.
        agency_code: a unit that is scored in the period.
        settings: of components that are scored by the agency's own counts, each once.
        period: one of the periods of the release; it is scored by the rule set in force at its end.
        basis: one_stop or national.

    Raises:
        RescoringError: there is no such agency, period or component in the release, or the component cannot
            stand there; the message says what there is.
    """
    release = name_of(database.parent)
    which = "period_type = $1 AND period_start = $2"
    where = [period.period_type, period.start]
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("USE marts")
        check_period(con, release, period)
        agencies = {
            str(code): (str(name), str(level))
            for code, name, level in con.execute(
                "SELECT agency_code, agency_name, agency_level FROM dim_agency ORDER BY agency_code"
            ).fetchall()
        }
        in_force = con.execute(
            f"SELECT ruleset FROM dim_period_rule_set WHERE {which} AND is_in_force", where
        ).fetchone()
        province = min((code for code, (_, level) in agencies.items() if level == "province"), default="")
    if agency_code not in agencies:
        raise RescoringError(
            f"There is no agency {agency_code} in release {release}. It has {len(agencies)} agencies: "
            f"{', '.join(list(agencies)[:_SHOWN])}{' …' if len(agencies) > _SHOWN else ''}."
        )
    if in_force is None:
        raise RescoringError(f"No rule set is in force in {period.text}: nothing is scored.")
    (ruleset,) = in_force
    name, level = agencies[agency_code]
    views = [sql for sql in views_of(database) if sql.startswith("CREATE VIEW marts.rescored_")]
    with duckdb.connect() as con:
        con.execute(f"ATTACH {file_literal(database)} AS release (READ_ONLY)")
        con.execute("CREATE SCHEMA marts")
        for table in _WHOLE:
            con.execute(f"CREATE VIEW marts.{table} AS FROM release.marts.{table}")
        for table in _OF_PERIOD:
            con.execute(f"CREATE TABLE marts.{table} AS FROM release.marts.{table} WHERE {which}", where)
        create_views(con, views)
        con.execute("USE memory.marts")
        unit = [*where, ruleset, basis, agency_code]
        before, scored_before = _components(con, unit), _scoring(con, unit)
        if scored_before is None:
            raise RescoringError(f"{agency_code} {name} is not scored in {period.text}.")
        for setting in settings:
            if [s.indicator_code for s in settings].count(setting.indicator_code) > 1:
                raise RescoringError(f"{setting.indicator_code} is set twice.")
            told = f"{setting.indicator_code} of {agency_code}"
            _check_scope(con, setting.indicator_code, ruleset, level, f"{told} under {ruleset}", province)
            numerator = _numerator(setting, before[setting.indicator_code], told, period)
            con.execute(
                "UPDATE indicator_counts SET numerator = $1 "
                "WHERE basis = $2 AND agency_code = $3 AND indicator_code = $4",
                [numerator, basis, agency_code, setting.indicator_code],
            )
        after, scored_after = _components(con, unit), _scoring(con, unit)
        described = con.execute(
            """SELECT indicator_code, indicator_name_vi, group_code, group_name_vi, max_points
               FROM dim_indicator WHERE ruleset = $1 AND is_scored ORDER BY group_number, indicator_code""",
            [ruleset],
        ).fetchall()
    assert scored_after is not None  # the same unit as before
    return WhatIf(
        release,
        period,
        basis,
        ruleset,
        agency_code,
        name,
        {group: group_name for _, _, group, group_name, _ in described},
        [
            Component(code, words, group, maximum, before[code], after[code])
            for code, words, group, _, maximum in described
            if code in before
        ],
        scored_before,
        scored_after,
    )


def _components(con: duckdb.DuckDBPyConnection, unit: list[object]) -> dict[str, Figure]:
    return {
        code: Figure(*figure)
        for code, *figure in con.execute(
            """SELECT indicator_code, numerator, denominator, rate, points FROM rescored_results
               WHERE period_type = $1 AND period_start = $2 AND ruleset = $3 AND basis = $4
                 AND agency_code = $5""",
            unit,
        ).fetchall()
    }


def _scoring(con: duckdb.DuckDBPyConnection, unit: list[object]) -> Scoring | None:
    period_type, period_start, ruleset, basis, agency_code = unit
    found = scorings(con, "rescored_totals", "rescored_scorecards", str(ruleset), [period_type, period_start])
    return found.get((str(basis), str(agency_code)))


def _check_scope(
    con: duckdb.DuckDBPyConnection, code: str, ruleset: str, level: str, told: str, province: str
) -> None:
    """Whether the agency's own count of the component makes its points."""
    rows = con.execute(
        "SELECT indicator_code, is_scored, scope FROM dim_indicator WHERE ruleset = $1 ORDER BY 1", [ruleset]
    ).fetchall()
    scopes = {of: (bool(is_scored), str(scope)) for of, is_scored, scope in rows}
    scored = ", ".join(of for of, (is_scored, _) in scopes.items() if is_scored)
    if code not in scopes:
        raise RescoringError(f"{ruleset} has no component {code}. It scores {scored}.")
    is_scored, scope = scopes[code]
    if not is_scored:
        raise RescoringError(
            f"{code} is shown only: it has no points under {ruleset}, which scores {scored}."
        )
    if scope == "as_province" and level != "province":
        raise RescoringError(f"{told} is the province's figure; set it for {province}.")
    if scope == "not_departments" and level == "department":
        raise RescoringError(f"{told} is not scored: it is a department.")


def _numerator(setting: Setting, figure: Figure, told: str, period: Period) -> int:
    """The numerator that a setting means of a figure."""
    if not figure.denominator or figure.numerator is None:
        raise RescoringError(f"{told} has nothing to count in {period.text}, so it cannot stand elsewhere.")
    numerator = setting.numerator(figure.numerator, figure.denominator)
    if not 0 <= numerator <= figure.denominator:
        raise RescoringError(
            f"{told} is {figure.numerator:,} of {figure.denominator:,} in {period.text}: "
            f"{setting.more:+,} would be {numerator:,} of {figure.denominator:,}."
        )
    return numerator
