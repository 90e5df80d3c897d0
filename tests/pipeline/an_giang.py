"""An Giang 2025: the published counts beside those of a night on the province made to them.

`python -m tests.pipeline.an_giang --out DIR` makes the province, runs a night for the day of the report and
one for a later day, and prints both; it ends with 1 if any count differs. What is expected is read from
`tests/data`, not from the generator.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.nightly import run_night
from orchestration.places import Places
from tests.province.an_giang import AFTERWARDS, AS_OF, an_giang
from tests.province.making import make_province
from tests.published import Figure, an_giang_figures, an_giang_score, handled_afterwards

# the parts of the figures that a night must find again; the others only stand beside what it finds
COUNTED = ("dossiers", "petitions", "catalogue", "agencies", "savings")

_YEAR = "period_start = DATE '2025-01-01'"
_OF_THE_YEAR = f"period_type = 'year' AND {_YEAR}"
_COUNTS = {
    "dossiers": f"""
        SELECT
            received_total AS received, received_online, received_direct_postal AS received_direct,
            carried_over, resolved_total AS resolved, resolved_early, resolved_on_time, resolved_overdue,
            in_progress_total AS in_progress, in_progress_within, in_progress_overdue
        FROM marts.table_ii_06
        WHERE basis = 'one_stop' AND {_OF_THE_YEAR} AND agency_code = 'H01' AND field_code = 'all'""",
    # "handled" is resolved; the report has no line for what was refused, sent elsewhere or sent back for more
    "petitions": f"""
        SELECT
            received AS petitions_received, resolved AS petitions_handled, published AS petitions_published,
            in_progress AS petitions_in_progress, transferred + refused + supplement_asked AS petitions_other
        FROM marts.petition_lifecycle
        WHERE as_of = 'now' AND {_OF_THE_YEAR} AND agency_code = 'H01' AND kind = 'all'""",
    "catalogue": """
        SELECT
            count(*) FILTER (service_level_code IN ('3', '4')) AS services_online,
            count(*) FILTER (service_level_code = '4') AS services_full,
            count(*) FILTER (service_level_code = '3') AS services_partial,
            count(*) FILTER (is_for_business) AS procedures_business,
            count(*) FILTER (level = 'provincial') AS procedures_provincial,
            count(*) FILTER (level = 'communal') AS procedures_communal
        FROM marts.dim_procedure""",
    "agencies": """
        SELECT
            count(*) FILTER (agency_level = 'department') AS departments,
            count(*) FILTER (agency_level = 'commune') AS communes
        FROM marts.dim_agency""",
    "savings": f"""
        SELECT
            procedures AS savings_procedures, days_cut AS savings_days, hours_cut AS savings_hours,
            hourly_cost AS savings_hourly_cost, cost_saved_rounded AS savings_cost
        FROM marts.savings
        WHERE {_YEAR} AND grouping_kind = 'all'""",
}


@dataclass(frozen=True)
class Compared:
    """A published figure, and the same figure of a night."""

    figure: Figure
    computed: int | Decimal | None

    @property
    def is_equal(self) -> bool:
        """Whether they are the same number."""
        return self.figure.value == self.computed


@dataclass(frozen=True)
class Beside:
    """A published figure, and what of ours stands beside it on each basis; nobody expects them to agree."""

    code: str
    name: str
    published: Decimal
    one_stop: Decimal | None
    national: Decimal | None


class Release:
    """A release just published, together with the build that it came from."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    @classmethod
    @contextmanager
    def opened(cls, release: Path, build_database: Path) -> Iterator[Release]:
        """Both databases, read only."""
        with duckdb.connect(":memory:") as con:
            con.execute(f"ATTACH '{release / 'chiso.duckdb'}' AS release (READ_ONLY)")
            con.execute(f"ATTACH '{build_database}' AS build (READ_ONLY)")
            con.execute("USE release")
            yield cls(con)

    def counts(self, figures: Sequence[Figure]) -> list[Compared]:
        """Every figure that is counted, beside ours."""
        ours: dict[str, Any] = {}
        for sql in _COUNTS.values():
            result = self.con.execute(sql)
            names = [column[0] for column in result.description or []]
            row = result.fetchone()
            ours |= zip(names, row or [None] * len(names), strict=True)
        return [Compared(f, ours.get(f.code)) for f in figures if f.part in COUNTED]

    def states_not_named(self) -> list[tuple[str, int]]:
        """The petitions that are in no line of the report, by their state."""
        rows: list[tuple[str, int]] = self.con.execute(
            """SELECT status_text, count(*)
               FROM marts.petition_facts
               INNER JOIN build.staging.stg_petitions__petitions USING (petition_code)
               WHERE outcome <> 'resolved' AND received_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
               GROUP BY status_text ORDER BY count(*) DESC, status_text"""
        ).fetchall()
        return rows

    def petitions_in_progress(self) -> dict[str, int]:
        """Of those received in the year: at its end, and now."""
        rows = self.con.execute(
            f"""SELECT as_of, in_progress FROM marts.petition_lifecycle
                WHERE {_OF_THE_YEAR} AND agency_code = 'H01' AND kind = 'all'"""
        ).fetchall()
        return dict(rows)

    def score(self) -> list[Beside]:
        """The published score by group, and its total, beside ours."""
        ours = {
            code: values
            for code, *values in self.con.execute(
                """SELECT code, portal_points, one_stop_points, national_points FROM marts.official_and_own
                   WHERE agency_code = 'H01' AND kind = 'group' AND period_type = 'year'"""
            ).fetchall()
        }
        score = an_giang_score()
        lines = [Beside(code, "", points, *ours[code][1:]) for code, points in score.points]
        totals = self._by_basis(
            f"SELECT basis, points FROM marts.scorecard_totals WHERE {_OF_THE_YEAR} AND agency_code = 'H01'"
        )
        return [*lines, Beside("total", score.grade, score.total, *totals)]

    def rates(self) -> list[Beside]:
        """The twelve published rates beside the component that comes nearest, where one does."""
        return [
            Beside(
                figure.code,
                figure.name + (f" ({figure.beside})" if figure.beside else ""),
                figure.value,
                *self._by_basis(
                    f"""SELECT basis, round(100 * rate, 2) FROM marts.indicator_results
                        WHERE {_OF_THE_YEAR} AND agency_code = 'H01' AND indicator_code = '{figure.beside}'"""
                ),
            )
            for figure in an_giang_figures()
            if figure.part == "rates"
        ]

    def grades(self) -> list[Beside]:
        """How many departments and communes got a grade, beside how many of ours did."""
        return [
            Beside(
                figure.code,
                figure.name,
                figure.value,
                *self._by_basis(
                    f"""SELECT basis, count(*) FILTER (grade = '{figure.beside.split(" ", 1)[1]}')
                        FROM marts.scorecard_totals
                        WHERE {_OF_THE_YEAR} AND agency_level = '{figure.beside.split(" ", 1)[0]}'
                        GROUP BY basis"""
                ),
            )
            for figure in an_giang_figures()
            if figure.part == "grades"
        ]

    def _by_basis(self, sql: str) -> tuple[Decimal | None, Decimal | None]:
        found = dict(self.con.execute(sql).fetchall())
        return found.get("one_stop"), found.get("national")


def print_counts(console: Console, day: date, lines: list[Compared]) -> None:
    """The table of published and computed counts; after the report, of what must have become of them."""
    table = Table(title=f"An Giang 2025, as of {day}", title_justify="left")
    for heading in ("", "published" if day == AS_OF else "expected", "computed", ""):
        table.add_column(heading, justify="right" if heading else "left")
    for part in COUNTED:
        for line in (line for line in lines if line.figure.part == part):
            origin = "" if line.figure.origin == "published" else f" ({line.figure.origin})"
            computed = "–" if line.computed is None else f"{line.computed:,}"
            equal = "equal" if line.is_equal else "DIFFERS"
            table.add_row(line.figure.name + origin, f"{line.figure.value:,}", computed, equal)
        table.add_section()
    console.print(table)


def print_beside(console: Console, title: str, lines: list[Beside]) -> None:
    """A table of published figures and ours, which need not agree."""
    table = Table(title=title, title_justify="left")
    for heading in ("", "published", "one-stop", "portal"):
        table.add_column(heading, justify="right" if heading else "left")
    for line in lines:
        ours = ("–" if value is None else f"{value}" for value in (line.one_stop, line.national))
        table.add_row(f"{line.code} {line.name}".strip(), f"{line.published}", *ours)
    console.print(table)


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="An empty folder."
)
@click.option("--scale", type=click.IntRange(1, 400), default=1, help="Divide the dossiers by so many.")
@click.option("--jobs", type=click.IntRange(1), default=2, help="Processes that make the province.")
def main(out: Path, scale: int, jobs: int) -> None:
    """Make An Giang 2025, run the night on it, and compare every published count."""
    if out.exists() and any(out.iterdir()):
        raise click.UsageError(f"{out} is not empty: name another folder, or remove it.")
    console, started = Console(), time.monotonic()
    make_province(an_giang(scale), out / "province", jobs=jobs)
    console.print(f"Province made in {time.monotonic() - started:.0f} s.", highlight=False)
    places = Places(raw=(out / "province" / "raw").resolve(), data=(out / "data").resolve())
    figures = an_giang_figures(scale)
    differ = 0
    for day, expected in ((AS_OF, figures), (AFTERWARDS, handled_afterwards(figures))):
        began = time.monotonic()
        night = run_night(day, places, lambda news: None)
        if night.release is None or not night.published:
            words = [a.message for a in night.not_passed if a.blocks] + night.errors
            raise click.ClickException(f"The night of {day} was not published.\n" + "\n".join(words))
        console.print(f"\nNight of {day} in {time.monotonic() - began:.0f} s.\n", highlight=False)
        with Release.opened(night.release, places.build_database) as release:
            lines = release.counts(expected)
            differ += sum(not line.is_equal for line in lines)
            print_counts(console, day, lines)
            states = ", ".join(f"{state} {count}" for state, count in release.states_not_named())
            console.print(f"Petitions in a state that the report does not name: {states}", highlight=False)
            if day == AS_OF:
                print_beside(console, "Score: published, and what our counts give", release.score())
                print_beside(console, "Rates: published, and our nearest component", release.rates())
                print_beside(console, "Units by grade: published, and ours", release.grades())
    console.print(f"\n{time.monotonic() - started:.0f} s in all.", highlight=False)
    console.print(f"{differ} counts differ." if differ else "Every count is equal.", highlight=False)
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
