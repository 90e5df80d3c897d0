"""Command line: `python -m tests.province --out DIR --dossiers N`, or `--plan an-giang`."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.province.agencies import most_departments
from tests.province.an_giang import an_giang
from tests.province.cases import CannotPlant
from tests.province.making import Format, make_province
from tests.province.plan import Arguments

# what a plan says itself
_DRAWN = (
    "dossiers",
    "year",
    "seed",
    "fault_rate",
    "faults",
    "departments",
    "communes",
    "until",
    "deliveries",
)


@click.command(context_settings={"show_default": True, "max_content_width": 110})
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write; empty."
)
@click.option("--dossiers", type=click.IntRange(1), help="Dossiers on the one-stop side.")
@click.option("--plan", type=click.Choice(["an-giang"]), help="Instead: a province made to published counts.")
@click.option("--scale", type=click.IntRange(1, 400), help="Divide the dossiers of a plan by so many.")
@click.option("--year", type=click.IntRange(2025, 2027), default=2026, help="Year of the dossiers.")
@click.option("--seed", type=click.IntRange(0), default=1, help="Another seed is another province.")
@click.option(
    "--fault-rate", type=click.FloatRange(0, 0.5), default=0.02, help="Share of dossiers with a fault."
)
@click.option(
    "--faults",
    help="Beside the rate: plant these on two dossiers each, by code and with commas between; or all.",
)
@click.option("--departments", type=click.IntRange(0, most_departments()), default=14, help="Departments.")
@click.option("--communes", type=click.IntRange(0, 102), default=102, help="Communes.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last business date.  [default: 2026-09-30 in 2026, else the end of the year]",
)
@click.option(
    "--deliveries", type=click.IntRange(1, 12), default=2, help="--until and the month ends before it."
)
@click.option("--gzip", is_flag=True, help="Pack every file (.json.gz, .csv.gz).")
@click.option(
    "--format", "form", type=click.Choice(["extracts", "landed"]), default="extracts",
    help="Wire files, or Parquet as landed (for benchmarks; one delivery).",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1), default=min(2, os.cpu_count() or 1), help="Processes; same bytes."
)
@click.pass_context
def main(
    context: click.Context, out: Path, dossiers: int | None, plan: str | None, scale: int | None, year: int,
    seed: int, fault_rate: float, faults: str | None, departments: int, communes: int,
    until: datetime | None, deliveries: int, gzip: bool, form: Format, jobs: int,
) -> None:  # fmt: skip
    """Make a province up: extracts below OUT/raw, what is true below OUT/truth.

    The same arguments give the same bytes. All persons are made up.

    \b
    Examples, a small province with one fault in fifty dossiers, and An Giang 2025 at a hundredth:
      python -m tests.province --out build/province --dossiers 2000 --seed 7
      python -m tests.province --out build/an-giang --plan an-giang --scale 100
    """
    if out.exists() and any(out.iterdir()):
        raise click.UsageError(f"{out} is not empty: name another folder, or remove it.")
    if plan is not None:
        said = [n for n in _DRAWN if context.get_parameter_source(n) is ParameterSource.COMMANDLINE]
        if said:
            raise click.UsageError(f"--plan says these itself: {', '.join(said)}.")
        arguments = an_giang(scale or 1, gzip)
    elif dossiers is None or scale is not None:
        raise click.UsageError("Say how many --dossiers, or a --plan with or without its --scale.")
    else:
        if departments + communes == 0:
            raise click.UsageError("There must be at least one department or commune.")
        last: date | None = until.date() if until else None
        if last is not None and last.year != year:
            raise click.UsageError(f"--until {last} does not lie in the year {year}.")
        deliveries = 1 if form == "landed" else deliveries
        codes = tuple(faults.split(",")) if faults else ()
        if codes and form == "landed":
            raise click.UsageError("--faults are planted in wire files: leave --format out.")
        arguments = Arguments(
            dossiers, year, seed, fault_rate, departments, communes, last, deliveries, gzip,
            faults="all" if codes == ("all",) else codes,
        )  # fmt: skip
        if arguments.business_dates[0].year != year:
            raise click.UsageError(f"{deliveries} deliveries begin before {year}: ask for fewer.")
    console = Console()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Making dossiers", total=None)
        try:
            summary = make_province(
                arguments, out, form, jobs, lambda done, total: bar.update(task, completed=done, total=total)
            )
        except CannotPlant as error:
            raise click.UsageError(str(error)) from error
    table = Table(title=f"Made-up province in {out}", show_header=False)
    table.add_row("dossiers", f"{summary.dossiers:,}")
    table.add_row("petitions", f"{summary.petitions:,}")
    table.add_row("business dates", ", ".join(summary.business_dates))
    for code, count in summary.faults.items():
        table.add_row(f"fault {code}", f"{count:,}")
    console.print(table)


if __name__ == "__main__":
    main()
