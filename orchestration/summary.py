"""What a night prints when it is over: scorecard, discrepancies, where the tables are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.nightly import Night
from orchestration.places import Places

_SHOWN = 3
_RULES_SHOWN = 10
_PERCENT = Decimal("0.01")
_DAY = Decimal(480)  # working minutes


def print_summary(console: Console, night: Night, places: Places, seconds: float) -> None:
    """Print what became of a night, from the release it published; never from the build."""
    if night.published and night.release is not None:
        _print_release(console, night.release)
    _print_checks(console, night)
    for folder in night.unmarked:
        console.print(f"Taken without a _COMPLETE marker: {folder}", style="yellow", markup=False)
    _print_same_content(console, night)
    if not night.published:
        console.print(f"\nThe night of {night.business_date} was blocked.", style="bold red")
        console.print("No release was published; the last one stays in place.")
        return
    assert night.release is not None
    made = "new release" if night.is_new else "the same as before, byte for byte"
    console.print(
        f"\nRelease: {_short(night.release, places)} ({made})", markup=False, highlight=False, soft_wrap=True
    )
    if night.is_current:
        console.print(
            f"Tables:  {_short(places.releases / 'current', places)}/<mart>.parquet and chiso.duckdb"
        )
    else:
        console.print("The link `current` stays at a later business date.")
    slowest = sorted(night.seconds.items(), key=lambda item: -item[1])[:3]
    where = ", ".join(f"{step} {took:.1f} s" for step, took in slowest)
    console.print(f"Time:    {seconds:.0f} s ({where})", highlight=False, soft_wrap=True)


def _print_same_content(console: Console, night: Night) -> None:
    told = night.same_content
    for words in told[:_SHOWN]:
        console.print(words, style="dim", markup=False, highlight=False, soft_wrap=True)
    if len(told) > _SHOWN:
        console.print(f"… and {len(told) - _SHOWN} more; the mart landing_files names them all.", style="dim")


def _short(path: Path, places: Places) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path.relative_to(places.data.parent))


def _print_checks(console: Console, night: Night) -> None:
    console.print(
        f"\nChecks: {night.checks_passed} passed, {len(night.not_passed)} not passed.", highlight=False
    )
    for answer in night.not_passed:
        style = "bold red" if answer.blocks else "yellow"
        word = {"errored": "COULD NOT BE JUDGED", "fail": "BLOCKS" if answer.blocks else "warning"}[
            answer.outcome
        ]
        console.print(f"  {word}  {answer.name}", style=style, markup=False, highlight=False, soft_wrap=True)
        for line in answer.message.splitlines():
            console.print(f"    {line}", markup=False, highlight=False, soft_wrap=True)
    for error in night.errors:
        console.print(f"  ERROR  {error}", style="bold red", markup=False, highlight=False, soft_wrap=True)


def _print_release(console: Console, release: Path) -> None:
    with duckdb.connect(str(release / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        _print_portal_check(console, con)
        period = con.execute(
            "SELECT max(period_start) FROM scorecard_totals WHERE period_type = 'year'"
        ).fetchone()
        if period is None or period[0] is None:
            console.print("\nNo period is covered by a rule set yet: nothing is scored.")
        else:
            _print_scorecard(console, con, period[0])
        _print_findings(console, con)


def _print_scorecard(console: Console, con: duckdb.DuckDBPyConnection, year: Any) -> None:
    """The province's year: each group with its components, on both bases."""
    unit = con.execute(
        "SELECT agency_code, agency_name FROM dim_agency WHERE agency_level = 'province'"
    ).fetchone()
    if unit is None:
        return
    scope = "agency_code = $1 AND period_type = 'year' AND period_start = $2"
    sides = ", ".join(
        f"max({column}) FILTER (basis = '{basis}')"
        for basis in ("one_stop", "national")
        for column in ("rate", "points")
    )
    groups = con.execute(
        f"""SELECT group_code, group_name_vi, max(s.max_points), {sides.replace("rate", "NULL")}
            FROM scorecards AS s
            JOIN (SELECT DISTINCT group_code, group_name_vi, group_number FROM dim_indicator)
              USING (group_code)
            WHERE {scope} GROUP BY group_code, group_name_vi, group_number ORDER BY group_number""",
        [unit[0], year],
    ).fetchall()
    components = con.execute(
        f"""SELECT d.group_code, indicator_code, d.indicator_name_vi, d.unit, max(r.max_points), {sides}
            FROM indicator_results AS r JOIN dim_indicator AS d USING (ruleset, indicator_code)
            WHERE {scope} GROUP BY ALL ORDER BY indicator_code""",
        [unit[0], year],
    ).fetchall()
    totals = con.execute(
        f"SELECT basis, points, grade FROM scorecard_totals WHERE {scope}", [unit[0], year]
    ).fetchall()

    table = Table(title=f"\nBộ chỉ số 766: {unit[1]} ({unit[0]}), {year.year}", title_justify="left")
    for name in ("Chỉ số", ""):
        table.add_column(name)
    for name in ("Tối đa", "Tỉnh %", "Điểm", "Cổng QG %", "Điểm"):
        table.add_column(name, justify="right", no_wrap=True)
    for group, group_name, *figures in groups:
        table.add_row(group, group_name, *_figures(*figures, empty=""), style="bold")
        for of_group, code, name, measure, *own in components:
            if of_group == group:
                per = _DAY if measure == "minutes" else _PERCENT
                told = name if per is _PERCENT else f"{name} (ngày làm việc)"
                table.add_row(f"  {code}", told, *_figures(*own, empty="–", per=per))
        table.add_section()
    points = {basis: value for basis, value, _ in totals}
    grades = {basis: grade or "chưa xếp loại" for basis, _, grade in totals}
    whole = sum(row[2] for row in groups)
    table.add_row(
        "",
        "Tổng điểm",
        *_figures(whole, None, points.get("one_stop"), None, points.get("national"), empty=""),
        style="bold",
    )
    table.add_row("", "Xếp loại", "", "", grades.get("one_stop"), "", grades.get("national"))
    console.print(table)


def _print_findings(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """Causes with what they cost the province this year, and the rules that found most."""
    causes = con.execute(
        """SELECT cause_code, count(*), count(*) FILTER (provisional), count(DISTINCT agency_code),
                  any_value(points)
           FROM sync_findings
           LEFT JOIN (
               SELECT cause_code, points_at_stake AS points FROM cause_points
               WHERE period_type = 'year' AND agency_level = 'province'
               QUALIFY period_start = max(period_start) OVER ()
           ) USING (cause_code)
           WHERE status <> 'fixed' AND refined_by IS NULL GROUP BY cause_code ORDER BY 2 DESC, 1"""
    ).fetchall()
    if not causes:
        console.print("\nNo discrepancies between the one-stop system and the national portal.")
        return
    table = Table(title="\nDiscrepancies between the two systems, by cause", title_justify="left")
    table.add_column("Cause")
    for name in ("Findings", "too young", "Agencies", "Points at stake"):
        table.add_column(name, justify="right", no_wrap=True)
    for cause, *numbers, points in causes:
        table.add_row(cause, *(str(n) for n in numbers), "–" if points is None else str(points))
    console.print(table)
    rules = con.execute(
        """SELECT rule_code, severity, title_vi, count(*) AS findings
           FROM sync_findings JOIN dim_sync_rule USING (rule_code, rule_version, severity)
           WHERE status <> 'fixed' AND refined_by IS NULL GROUP BY ALL ORDER BY findings DESC, rule_code"""
    ).fetchall()
    table = Table(title=f"\nThe rules that found most, of {len(rules)} that found any", title_justify="left")
    for name in ("Rule", "", "Quy tắc"):
        table.add_column(name)
    table.add_column("Findings", justify="right")
    for rule, severity, title, found in rules[:_RULES_SHOWN]:
        table.add_row(rule, severity, title, str(found))
    console.print(table)


def _print_portal_check(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """Unit by unit: the group points that the rule set gives, and what the portal published."""
    row = con.execute(
        """SELECT count(*) FILTER (published_points IS NOT NULL),
                  count(*) FILTER (abs(gap) <= 0.01), max(abs(gap)) FROM portal_score_check"""
    ).fetchone()
    if row is None or not row[0]:
        return
    table = Table(title="\nReal figures of the portal, scored again by the rule set", title_justify="left")
    for name in ("Unit", "Period", "Group"):
        table.add_column(name, no_wrap=True)
    for name in ("Ours", "Portal", "Gap"):
        table.add_column(name, justify="right")
    for unit, period, code, *points in con.execute(
        """SELECT province_code || ' ' || unit_name, period_label, code,
                  computed_points, published_points, gap
           FROM portal_score_check WHERE kind = 'group' ORDER BY 1, 2, 3"""
    ).fetchall():
        table.add_row(unit, period, code, *("–" if p is None else f"{p:.2f}" for p in points))
    console.print(table)
    console.print(
        f"{row[1]} of {row[0]} published figures, components and groups, within 0.01 point; "
        f"largest gap {row[2]}.",
        highlight=False,
        soft_wrap=True,
    )


def _figures(maximum: Any, *sides: Any, empty: str, per: Decimal = _PERCENT) -> list[str]:
    """Maximum, then rate (in hundredths, or in days of 480 minutes) and points of each side, as text."""
    texts = [f"{maximum:.0f}"]
    for rate, points in zip(sides[::2], sides[1::2], strict=True):
        texts.append(empty if rate is None else f"{rate / per:.2f}")
        texts.append(empty if points is None else f"{points:.2f}")
    return texts
