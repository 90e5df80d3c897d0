"""What if: settings as people write them, and words of what is wrong, on a release with rules of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.rescoring import Period, RescoringError
from orchestration.whatif import Setting, WhatIf, parse_setting, running_year, what_if

YEAR = Period("2026", "year", date(2026, 1, 1))
_UNIT = "period_type, period_start, basis, agency_code, agency_level"
# A point for each that counts: no rule of Decision 766, so whoever says these points has them from the views.
VIEWS = {
    "rescored_results": f"""SELECT 'R' AS ruleset, {_UNIT}, indicator_code, numerator, denominator,
        CASE WHEN denominator > 0 THEN (numerator / denominator)::DECIMAL(12, 6) END AS rate,
        numerator::DECIMAL(9, 2) AS points FROM marts.indicator_counts""",
    "rescored_scorecards": f"""SELECT 'R' AS ruleset, {_UNIT}, group_code,
        coalesce(sum(points) FILTER (is_scored), 0)::DECIMAL(9, 2) AS points
        FROM marts.rescored_results JOIN marts.dim_indicator USING (ruleset, indicator_code) GROUP BY ALL""",
    "rescored_totals": f"""SELECT *, 'Khá' AS grade, true AS provisional, false AS partial,
        rank() OVER (PARTITION BY basis, agency_level ORDER BY points DESC) AS rank_in_level,
        count(*) OVER (PARTITION BY basis, agency_level) AS ranked_units
        FROM (SELECT ruleset, {_UNIT}, sum(points)::DECIMAL(9, 2) AS points
              FROM marts.rescored_scorecards GROUP BY ALL)""",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """DATA with one release: a province and two departments, A with 5 points, B with 8."""
    folder = tmp_path / "releases" / "2026-09-30" / "1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "releases" / "current").symlink_to("2026-09-30/1")
    tables = {
        "dim_rule_set": "SELECT 'R' AS ruleset",
        "dim_period": """SELECT 'year' AS period_type, unnest([DATE '2025-01-01', DATE '2026-01-01'])
                         AS period_start""",
        "dim_period_rule_set": """SELECT 'R' AS ruleset, 'year' AS period_type, DATE '2026-01-01'
                                  AS period_start, true AS is_in_force""",
        "dim_grade": "SELECT 'R' AS ruleset",
        "scored_units": "SELECT 'year' AS period_type, DATE '2026-01-01' AS period_start",
        "dim_agency": """SELECT * FROM (VALUES ('H', 'Tỉnh', 'province'), ('A', 'Sở A', 'department'),
            ('B', 'Sở B', 'department'), ('GONE', 'Sở cũ', 'department'))
            AS t (agency_code, agency_name, agency_level)""",
        "dim_indicator": """SELECT 'R' AS ruleset, * FROM (VALUES
            ('1.1', 'Công bố', 'CKMB', 'Công khai', 1, 6, true, 'as_province'),
            ('3.1', 'Cung cấp', 'CLGQ', 'Trực tuyến', 2, 2, true, 'not_departments'),
            ('3.3', 'Nộp trực tuyến', 'CLGQ', 'Trực tuyến', 2, 6, true, 'own'),
            ('3.6', 'Thanh toán', 'CLGQ', 'Trực tuyến', 2, 6, true, 'own'),
            ('2.2', 'Thời gian', 'CLGQ', 'Trực tuyến', 2, 0, false, 'own'))
            AS t (indicator_code, indicator_name_vi, group_code, group_name_vi, group_number, max_points,
                  is_scored, scope)""",
        "indicator_counts": """SELECT 'year' AS period_type, DATE '2026-01-01' AS period_start, * FROM (VALUES
            ('national', 'A', 'department', '1.1', 1, 2), ('national', 'A', 'department', '3.3', 4, 10),
            ('national', 'A', 'department', '3.6', 0, 0), ('national', 'A', 'department', '3.1', 0, 0),
            ('one_stop', 'A', 'department', '3.3', 9, 10),
            ('national', 'B', 'department', '3.3', 8, 9), ('national', 'H', 'province', '1.1', 1, 2))
            AS t (basis, agency_code, agency_level, indicator_code, numerator, denominator)""",
    }
    with duckdb.connect(str(folder / "chiso.duckdb")) as con:
        con.execute("CREATE SCHEMA marts")
        for name, sql in tables.items():
            con.execute(f"CREATE TABLE marts.{name} AS {sql}")
        for name, sql in VIEWS.items():
            con.execute(f"CREATE VIEW marts.{name} AS {sql}")
    return tmp_path


def asked(data: Path, *settings: str, agency: str = "A", basis: str = "national") -> WhatIf:
    database = data / "releases" / "2026-09-30" / "1" / "chiso.duckdb"
    return what_if(database, agency, [parse_setting(text) for text in settings], YEAR, basis)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("3.3=60%", Setting("3.3", percent=Decimal(60))),
        (" 3.5B = 62,5 % ", Setting("3.5b", percent=Decimal("62.5"))),
        ("4.5a=0.01%", Setting("4.5a", percent=Decimal("0.01"))),
        ("5.2=+3", Setting("5.2", more=3)),
        ("5.2=-12", Setting("5.2", more=-12)),
    ],
)
def test_settings_as_people_write_them(text: str, setting: Setting) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize(
    "text", ["3.3", "3.3=60", "3.3=abc%", "33=60%", "3.3=60%%", "=60%", "3.3=+1.5", "3.3=-5%"]
)
def test_what_is_no_setting_is_said_to_be_none(text: str) -> None:
    with pytest.raises(RescoringError, match=r"write a rate as 3\.3=60%, or how many more .* 5\.2=\+3"):
        parse_setting(text)


def test_no_rate_is_above_a_hundred() -> None:
    assert parse_setting("3.3=100%").numerator(4, 10) == 10
    with pytest.raises(RescoringError, match=r"'3\.3=100\.1%': no rate is above 100 %"):
        parse_setting("3.3=100.1%")


@pytest.mark.parametrize(
    ("percent", "denominator", "numerator"),
    [
        ("60", 259, 155),
        ("50", 7, 4),
        ("49.9", 7, 3),
        ("12.5", 4, 1),
        ("12.4", 4, 0),
        ("33.33", 9_000_000, 2_999_700),
    ],
)
def test_a_rate_is_the_nearest_whole_number_and_a_half_goes_up(
    percent: str, denominator: int, numerator: int
) -> None:
    assert Setting("3.3", percent=Decimal(percent)).numerator(1, denominator) == numerator


def test_the_year_of_the_business_date_is_asked_for() -> None:
    assert running_year(Path("releases/2026-09-30/1")) == YEAR


def test_the_release_scores_the_changed_counts_by_its_own_views(data: Path) -> None:
    told = asked(data, "3.3=85%")
    (changed,) = [c for c in told.components if c.before != c.after]
    assert (changed.before.numerator, changed.after.numerator, changed.after.denominator) == (4, 9, 10)
    assert (told.before.points, told.after.points) == (Decimal(5), Decimal(10))
    assert told.after.groups == {"CKMB": 1, "CLGQ": 9}
    assert (told.before.rank, told.after.rank, told.after.ranked_units) == (2, 1, 2)
    assert [c.indicator_code for c in told.components] == ["1.1", "3.1", "3.3", "3.6"], (
        "shown only is not scored"
    )


def test_the_other_basis_stands_elsewhere(data: Path) -> None:
    assert asked(data, "3.3=+1", basis="one_stop").after.points == 10
    assert asked(data, "3.3=-4").after.points == 1


@pytest.mark.parametrize(
    ("settings", "agency", "words"),
    [
        (
            ["3.3=60%"],
            "X",
            r"There is no agency X in release 2026-09-30/1\. It has 4 agencies: A, B, GONE, H\.",
        ),
        (["3.3=60%"], "GONE", r"GONE Sở cũ is not scored in 2026\."),
        (["9.9=60%"], "A", r"R has no component 9\.9\. It scores 1\.1, 3\.1, 3\.3, 3\.6\."),
        (["2.2=60%"], "A", r"2\.2 is shown only: it has no points under R, which scores 1\.1"),
        (["1.1=60%"], "A", r"1\.1 of A under R is the province's figure; set it for H\."),
        (["3.1=60%"], "A", r"3\.1 of A under R is not scored: it is a department\."),
        (["3.6=60%"], "A", r"3\.6 of A has nothing to count in 2026"),
        (["3.3=+7"], "A", r"3\.3 of A is 4 of 10 in 2026: \+7 would be 11 of 10\."),
        (["3.3=-5"], "A", r"-5 would be -1 of 10\."),
        (["3.3=60%", "3.3=+1"], "A", r"3\.3 is set twice\."),
    ],
)
def test_what_cannot_stand_there_is_said_in_words(
    data: Path, settings: list[str], agency: str, words: str
) -> None:
    with pytest.raises(RescoringError, match=words):
        asked(data, *settings, agency=agency)


def test_a_period_without_a_rule_set_is_not_scored(data: Path) -> None:
    database = data / "releases" / "2026-09-30" / "1" / "chiso.duckdb"
    with pytest.raises(RescoringError, match=r"No rule set is in force in 2025: nothing is scored\."):
        what_if(database, "A", [], Period("2025", "year", date(2025, 1, 1)), "national")


def test_the_command_prints_before_and_after(data: Path) -> None:
    done = CliRunner().invoke(main, ["whatif", "--agency", "a", "--set", "3.3=85%", "--data", str(data)])
    assert done.exit_code == 0, done.output
    lines = [line.replace("│", " ").split() for line in done.output.splitlines()]
    assert ["3.3", "Nộp", "trực", "tuyến", "4/10", "40.00", "4.00", "9/10", "90.00", "9.00", "+5.00"] in lines
    assert ["Tổng", "điểm", "5.00", "10.00", "+5.00"] in lines
    assert ["Hạng", "2/2", "1/2"] in lines
    assert "A Sở A: 2026 of release 2026-09-30/1, basis national, R" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "9.9=5%"], "It scores 1.1"),
        (["--set", "3.3=60%", "--period", "2031"], "has no period 2031"),
        (["--set", "3.3=60%", "--release", "2026-08-31"], "The last ones are: 2026-09-30/1"),
    ],
)
def test_the_command_ends_with_2_and_words(data: Path, arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(main, ["whatif", "--agency", "A", "--data", str(data), *arguments])
    assert done.exit_code == 2
    assert words in done.output
