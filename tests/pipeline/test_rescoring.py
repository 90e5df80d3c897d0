"""Rescoring on a real night: the law, the sums, and every point against the oracle's own counts."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.places import ROOT
from orchestration.rescoring import Rescoring, parse_period, rescore
from tests.oracle.figures import BASES, Figure, FigureKey, figures_in, known_of, read_province
from tests.oracle.periods import Period, periods_of
from tests.oracle.rule_data import seed_rows
from tests.pipeline.conftest import chiso

# the night of tests/pipeline/test_sample.py
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]

DAY = date(2026, 9, 30)
# the text of reference, not the seeds: both rule sets grade alike
GRADES = [("Xuất sắc", 90), ("Tốt", 80), ("Khá", 70), ("Trung bình", 50), ("Yếu", 0)]
# each under the rule set that was not in force
OTHER = [
    ("2025", "dvcqg-2026"),
    ("2025-H2", "dvcqg-2026"),
    ("2025-Q4", "dvcqg-2026"),
    ("2025-12", "dvcqg-2026"),
    ("2025-12-15", "dvcqg-2026"),
    ("2026", "dvcqg-2025"),
    ("2026-Q3", "dvcqg-2025"),
    ("2026-09", "dvcqg-2025"),
    ("2026-09-15", "dvcqg-2025"),
]


def test_under_its_own_rule_set_every_period_is_what_was_published(current: Path) -> None:
    """The law, for every component, group and total of every period, in both directions."""
    pairs = {
        "rescored_results": ("indicator_results", "*"),
        "rescored_scorecards": ("scorecards", "*"),
        "rescored_totals": (
            "scorecard_totals",
            "* EXCLUDE (previous_points, points_change, previous_rank_in_level, change_missing_reason)",
        ),
    }
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        for view, (mart, columns) in pairs.items():
            own = f"""SELECT v.* FROM {view} AS v
                      JOIN dim_period_rule_set USING (ruleset, period_type, period_start) WHERE is_in_force"""
            published = f"SELECT {columns} FROM {mart}"
            counted = con.execute(f"SELECT count(*) FROM ({own})").fetchone()
            assert counted == con.execute(f"SELECT count(*) FROM {mart}").fetchone(), view
            for one, other in ((own, published), (published, own)):
                assert con.execute(f"{one} EXCEPT {other}").fetchall() == [], view


def test_groups_are_sums_of_rounded_components_and_totals_of_groups(current: Path) -> None:
    """Under every rule set, in force or not."""
    key = "ruleset, basis, period_type, period_start, agency_code"
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        groups = con.execute(
            f"""WITH summed AS (
                    SELECT {key}, group_code, sum(coalesce(points, 0)) AS points
                    FROM rescored_results JOIN dim_indicator USING (ruleset, indicator_code) GROUP BY ALL)
                SELECT count(*), count(*) FILTER (g.points IS DISTINCT FROM s.points)
                FROM rescored_scorecards AS g LEFT JOIN summed AS s USING ({key}, group_code)"""
        ).fetchone()
        totals = con.execute(
            f"""WITH summed AS (
                    SELECT {key}, sum(points) AS points FROM rescored_scorecards GROUP BY ALL)
                SELECT count(*), count(*) FILTER (t.points IS DISTINCT FROM s.points)
                FROM rescored_totals AS t LEFT JOIN summed AS s USING ({key})"""
        ).fetchone()
        units = con.execute("SELECT 2 * count(*) FROM scored_units").fetchone()
    assert groups is not None and totals is not None and units is not None
    assert (groups[1], totals[1]) == (0, 0)
    assert totals[0] == units[0], "two rule sets on every unit and period"
    assert groups[0] == 6 * units[0]


def test_every_point_is_the_oracles(current: Path) -> None:
    """What the oracle counts in the raw extracts, by the rule set that was asked for."""
    province = read_province(ROOT / "raw" / "sample", DAY)
    known = known_of(province)
    for text, ruleset in OTHER:
        figures: dict[FigureKey, Figure] = {}
        for basis in BASES:
            figures |= figures_in(province, known, basis, oracle_period(text), ruleset)
        compare_components(current, figures, f"{text} by {ruleset}")
        compare_units(rescore(current.resolve(), ruleset, parse_period(text)), figures)


def oracle_period(text: str) -> Period:
    """The period of the oracle's own calendar that is written so."""
    period = parse_period(text)
    (found,) = (
        p for p in periods_of(int(text[:4]), DAY) if (p.kind, p.start) == (period.period_type, period.start)
    )
    return found


def compare_components(current: Path, figures: dict[FigureKey, Figure], told: str) -> None:
    a_key = next(iter(figures))
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        rows = con.execute(
            """SELECT ruleset, basis, period_type, period_start, period_end, agency_code, indicator_code,
                      numerator, denominator, points, empty_reason FROM marts.rescored_results
               WHERE ruleset = $1 AND period_type = $2 AND period_start = $3""",
            [a_key.ruleset, a_key.period_type, a_key.period_start],
        ).fetchall()
    ours = {FigureKey(*row[:7]): row[7:] for row in rows}
    assert len(ours) == len(rows), told
    assert ours.keys() == figures.keys(), told
    for key, figure in figures.items():
        expected = (figure.numerator, figure.denominator, figure.points, figure.empty_reason)
        assert ours[key] == expected, f"{told}: {key}"


def compare_units(rescoring: Rescoring, figures: dict[FigureKey, Figure]) -> None:
    """Groups, total, grade and rank of every unit, added up and counted here."""
    group_of = {
        row["indicator_code"]: row["group_code"]
        for row in seed_rows("rule_sets/rule_set_components")
        if row["ruleset"] == rescoring.ruleset
    }
    points: dict[tuple[str, str], dict[str, Decimal]] = {}
    levels: dict[tuple[str, str], str] = {}
    for key, figure in figures.items():
        place = (key.basis, key.agency_code)
        levels[place] = figure.agency_level
        groups = points.setdefault(place, dict.fromkeys(rescoring.groups, Decimal(0)))
        groups[group_of[key.indicator_code]] += figure.points or 0
    totals = {place: sum(groups.values(), Decimal(0)) for place, groups in points.items()}
    assert {(u.basis, u.agency_code) for u in rescoring.units} == points.keys()
    for unit in rescoring.units:
        where = (unit.basis, unit.agency_code)
        rivals = [
            total
            for other, total in totals.items()
            if other[0] == unit.basis and levels[other] == levels[where]
        ]
        told = f"{rescoring.period.text} by {rescoring.ruleset}: {where}"
        ours = unit.rescored
        assert ours.groups == points[where], told
        assert ours.points == totals[where], told
        assert ours.grade == next(grade for grade, least in GRADES if totals[where] >= least), told
        assert (ours.rank, ours.ranked_units) == (1 + sum(r > totals[where] for r in rivals), len(rivals))
        assert unit.published is not None and unit.change == ours.points - unit.published.points, told


def test_the_command_prints_and_writes_them(
    sample_night: tuple[Path, object], current: Path, tmp_path: Path
) -> None:
    data, _ = sample_night
    out = tmp_path / "2025.csv"
    asked = ["rescore", "--ruleset", "dvcqg-2026", "--period", "2025", "--data", str(data)]
    done = chiso(*asked, "--basis", "national", "--level", "province", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("dvcqg-2026", "dvcqg-2025: provisional", "Tỉnh An Giang", f"{out}: 1 rows."):
        assert words in done.stdout
    with out.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        published = con.execute(
            """SELECT points, grade FROM marts.scorecard_totals
               WHERE agency_level = 'province' AND basis = 'national' AND period_type = 'year'
                 AND period_start = '2025-01-01'"""
        ).fetchone()
    assert published == (Decimal(row["points_published"]), row["grade_published"])
    assert Decimal(row["points"]) - Decimal(row["points_published"]) == Decimal(row["points_change"])
    refused = chiso(*asked[:2], "dvcqg-2030", *asked[3:])
    assert (refused.returncode, refused.stderr) == (2, "")
    assert "There are: dvcqg-2025, dvcqg-2026." in refused.stdout
