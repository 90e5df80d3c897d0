"""What a night prints when it is over: scorecard, discrepancies, where the tables are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.nightly import Night
from orchestration.places import Places

_SHOWN_ROWS = 12


def print_summary(console: Console, night: Night, places: Places, seconds: float) -> None:
    """Print what became of a night, from the release it published; never from the build."""
    if night.published and night.release is not None:
        _print_release(console, night.release)
    _print_checks(console, night)
    for folder in night.unmarked:
        console.print(f"Taken without a _COMPLETE marker: {folder}", style="yellow", markup=False)
    if not night.published:
        console.print(f"\nThe night of {night.business_date} was blocked.", style="bold red")
        console.print("No release was published; the last one stays in place.")
        return
    assert night.release is not None
    made = "new release" if night.is_new else "the same as before, byte for byte"
    console.print(f"\nRelease: {_short(night.release, places)} ({made})", markup=False, highlight=False)
    if night.is_current:
        console.print(f"Tables:  {_short(places.releases / 'current', places)}/<mart>.parquet and chiso.duckdb")
    else:
        console.print("The link `current` stays at a later business date.")
    slowest = sorted(night.seconds.items(), key=lambda item: -item[1])[:3]
    where = ", ".join(f"{step} {took:.1f} s" for step, took in slowest)
    console.print(f"Time:    {seconds:.0f} s ({where})", highlight=False)


def _short(path: Path, places: Places) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path.relative_to(places.data.parent))


def _print_checks(console: Console, night: Night) -> None:
    console.print(f"\nChecks: {night.checks_passed} passed, {len(night.not_passed)} not passed.", highlight=False)
    for answer in night.not_passed:
        style = "bold red" if answer.blocks else "yellow"
        word = {"errored": "COULD NOT BE JUDGED", "fail": "BLOCKS" if answer.blocks else "warning"}[answer.outcome]
        console.print(f"  {word}  {answer.name}", style=style, markup=False, highlight=False)
        for line in answer.message.splitlines():
            console.print(f"    {line}", markup=False, highlight=False)
    for error in night.errors:
        console.print(f"  ERROR  {error}", style="bold red", markup=False, highlight=False)


def _print_release(console: Console, release: Path) -> None:
    with duckdb.connect(str(release / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        period = con.execute(
            "SELECT max(period_start) FROM scorecard_totals WHERE period_type = 'year'"
        ).fetchone()
        if period is None or period[0] is None:
            console.print("\nNo period is covered by a rule set yet: nothing is scored.")
        else:
            _print_scorecard(console, con, period[0])
        _print_findings(console, con)
        _print_portal_check(console, con)


def _print_scorecard(console: Console, con: duckdb.DuckDBPyConnection, year: Any) -> None:
    unit = con.execute("SELECT agency_code, agency_name FROM dim_agency WHERE agency_level = 'province'").fetchone()
    if unit is None:
        return
    rows = con.execute(
        """
        SELECT i.group_code, d.group_name_vi, i.indicator_code, d.indicator_name_vi, i.max_points,
               max(i.rate) FILTER (basis = 'one_stop'), max(i.points) FILTER (basis = 'one_stop'),
               max(i.rate) FILTER (basis = 'national'), max(i.points) FILTER (basis = 'national')
        FROM (SELECT r.*, c.group_code FROM indicator_results r JOIN dim_indicator c USING (ruleset, indicator_code)) i
        JOIN dim_indicator d USING (ruleset, indicator_code)
        WHERE agency_code = $1 AND period_type = 'year' AND period_start = $2
        GROUP BY i.group_code, d.group_name_vi, i.indicator_code, d.indicator_name_vi, i.max_points, d.group_number
        ORDER BY d.group_number, i.indicator_code
        """,
        [unit[0], year],
    ).fetchall()
    table = Table(title=f"\nBộ chỉ số 766 — {unit[1]} ({unit[0]}), {year.year}", title_justify="left")
    for name, justify in (
        ("", "left"), ("Chỉ số thành phần", "left"), ("Tối đa", "right"), ("Tỉnh %", "right"), ("Điểm", "right"),
        ("Cổng QG %", "right"), ("Điểm", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for _, _, code, name, top, *values in rows:
        own_rate, own, portal_rate, portal = values
        table.add_row(code, name, _number(top), _percent(own_rate), _number(own), _percent(portal_rate), _number(portal))
    totals = dict(
        con.execute(
            "SELECT basis, points FROM scorecard_totals WHERE agency_code = $1 AND period_type = 'year' "
            "AND period_start = $2",
            [unit[0], year],
        ).fetchall()
    )
    partial = con.execute("SELECT bool_or(partial) FROM scorecard_totals").fetchone()
    table.add_section()
    label = "Tổng điểm (chưa đủ thành phần)" if partial and partial[0] else "Tổng điểm"
    table.add_row("", label, "100", "", _number(totals.get("one_stop")), "", _number(totals.get("national")))
    console.print(table)


def _print_findings(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        """SELECT rule_code, count(*), count(*) FILTER (provisional), count(DISTINCT agency_code)
           FROM sync_findings GROUP BY ALL ORDER BY 2 DESC, 1"""
    ).fetchall()
    table = Table(title="\nDiscrepancies between the one-stop system and the national portal", title_justify="left")
    for name in ("Rule", "Dossiers", "of these too young to count", "Agencies"):
        table.add_column(name, justify="left" if name == "Rule" else "right")
    for row in rows:
        table.add_row(*(str(v) for v in row))
    if rows:
        console.print(table)
    else:
        console.print("\nNo discrepancies between the one-stop system and the national portal.")


def _print_portal_check(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    row = con.execute(
        """SELECT count(*) FILTER (published_points IS NOT NULL),
                  count(*) FILTER (abs(gap) <= 0.01), max(abs(gap)) FROM portal_score_check"""
    ).fetchone()
    if row is None or not row[0]:
        return
    console.print(
        f"\nPublished figures of the portal, scored again by the rule set: {row[1]} of {row[0]} within 0.01 point "
        f"(largest gap {row[2]}).",
        highlight=False,
    )


def _percent(rate: Any) -> str:
    return "–" if rate is None else f"{rate * 100:.2f}"


def _number(points: Any) -> str:
    return "–" if points is None else f"{points:.2f}"
