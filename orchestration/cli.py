"""The command `chiso`. Words for people only; what is done stands in the modules it calls."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration.dagster_home import prepare_dagster_home
from orchestration.dbt_files import write_generated
from orchestration.dbt_runs import DbtError, prepare_manifest
from orchestration.landing.contracts import ContractError
from orchestration.nightly import NightError, StepNews, run_night, yesterday
from orchestration.places import DBT_PROJECT, ROOT, SOURCES, Places
from orchestration.summary import print_summary


class _Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-09-30.", param, ctx)


def _folder(name: str, default: str, meaning: str) -> Callable[[Any], Any]:
    return click.option(
        f"--{name}",
        type=click.Path(file_okay=False, path_type=Path),
        envvar=f"CHISO_{name.upper()}",
        default=ROOT / default,
        show_default=default,
        help=meaning,
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chiso")
def main() -> None:
    """Chỉ số 766: what a province's dossiers say about how it serves people and businesses.

    \b
    Examples:
      chiso nightly --date 2026-09-30        one night on the sample
      chiso nightly --raw /srv/extracts      last night on your own extracts
      chiso ui                               the Dagster web UI on this machine
    """


@main.command()
@click.option(
    "--date", "day", type=_Day(), default=None, help="Business date D; default: yesterday, local time."
)
@_folder("raw", "raw/sample", "Drop zone: RAW/<source>/<YYYY-MM-DD>/<any file>.")
@_folder("data", "data", "Where everything is written.")
def nightly(day: date | None, raw: Path, data: Path) -> None:
    """Run the night of one business date: land, build, test, publish.

    Sees extracts dated up to D only. Exit code 0 when every blocking check passed and the release was
    published; 1 when the night was blocked (the last release stays); 2 when it could not begin.

    \b
    Examples:
      chiso nightly
      chiso nightly --date 2026-09-30
      chiso nightly --date 2026-09-30 --raw /srv/extracts --data /srv/chiso
    """
    # bound to today's standard output: while a night runs, dagster-dbt's words go elsewhere
    console = Console(file=sys.stdout)
    places = Places(raw=raw.resolve(), data=data.resolve())
    business_date = day or yesterday()
    began = time.monotonic()
    try:
        with _StepDisplay(console) as display:
            night = run_night(business_date, places, display.show)
    except (NightError, DbtError, ContractError) as error:
        console.print(str(error), style="bold red", markup=False)
        sys.exit(2)
    print_summary(console, night, places, time.monotonic() - began)
    sys.exit(0 if night.published else 1)


@main.command()
@_folder("raw", "raw/sample", "Drop zone the runs read.")
@_folder("data", "data", "Where everything is written.")
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
def ui(raw: Path, data: Path, port: int) -> None:
    """Open the Dagster web UI, on this machine only.

    \b
    Example:
      chiso ui --port 3001
    """
    places = Places(raw=raw.resolve(), data=data.resolve())
    environment = {
        **os.environ,
        "CHISO_RAW": str(places.raw),
        "CHISO_DATA": str(places.data),
        "DAGSTER_HOME": str(prepare_dagster_home(places.dagster_home)),
    }
    prepare_manifest()
    command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    click.echo(f"Web UI: http://127.0.0.1:{port}  (stop it with Ctrl+C)")
    sys.exit(subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode)


@main.command()
def generate() -> None:
    """Write what follows from contracts and file names: dbt sources, lists of indicators and rules.

    \b
    Example:
      chiso generate        after adding a source, an indicator or a rule
    """
    changed = write_generated(DBT_PROJECT, SOURCES)
    for path in changed:
        click.echo(f"written: {path.relative_to(ROOT)}")
    if not changed:
        click.echo("Everything is up to date.")


@main.command()
def prepare() -> None:
    """Parse the dbt project, so that the first run need not.

    \b
    Example:
      chiso prepare
    """
    try:
        prepare_manifest()
    except (DbtError, ContractError) as error:
        raise click.ClickException(str(error)) from error


class _StepDisplay:
    """Progress of a night: a bar on a terminal, one line per step anywhere else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("Loading", total=None)

    def __enter__(self) -> _StepDisplay:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, news: StepNews) -> None:
        """Take note of a step that starts or ends."""
        self._progress.update(self._task, total=news.steps)
        if news.state in ("started", "running"):
            self._progress.update(self._task, description=f"{news.step} {news.words}".strip())
            return
        self._progress.advance(self._task)
        if not self._console.is_terminal:
            self._console.print(f"{news.state:>8}  {news.step}", markup=False, highlight=False)


if __name__ == "__main__":
    main()
