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
from orchestration.landing.contracts import ContractError, load_contract, load_contracts
from orchestration.landing.drop_zone import DropZoneError, RemoteZone, Zone, drop_zone
from orchestration.night_lock import AnotherNightError, only_one_on
from orchestration.nightly import (
    NightError,
    StepNews,
    missed_dates,
    run_night,
    yesterday,
)
from orchestration.places import DBT_PROJECT, ROOT, SOURCES, Places, postgres_url, today
from orchestration.publishing.files import DATABASE
from orchestration.publishing.readers import ClockError, check_clock, roll_back
from orchestration.publishing.releases import NoReleaseError, find_release, list_releases, name_of
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


class _Zone(click.ParamType[Zone]):
    name = "PLACE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Zone:
        if isinstance(value, RemoteZone):
            return value
        try:
            return drop_zone(value if isinstance(value, Path) else str(value))
        except DropZoneError as error:
            self.fail(str(error), param, ctx)


def _raw(meaning: str) -> Callable[[Any], Any]:
    return click.option(
        "--raw",
        type=_Zone(),
        envvar="CHISO_RAW",
        default=ROOT / "raw" / "sample",
        show_default="raw/sample",
        help=f"{meaning} A folder, or a URL as s3://bucket/prefix or sftp://user@host/path.",
    )


_data = click.option(
    "--data",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    envvar="CHISO_DATA",
    default=ROOT / "data",
    show_default="data",
    help="Where everything is written.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chiso")
def main() -> None:
    """Chỉ số 766: what a province's dossiers say about how it serves people and businesses.

    \b
    Examples:
      chiso nightly --date 2026-09-30        one night on the sample
      chiso nightly --raw /srv/extracts      last night on your own extracts
      chiso extract one_stop_dossiers --raw /srv/extracts    last day's rows of a database
      chiso rescore --ruleset dvcqg-2026 --period 2025       what 2025 would have been under 2026 rules
      chiso whatif --agency H01.09 --set 3.3=60%             what its score would be then
      chiso worklist --agency H01.09         what an agency must explain, as a workbook to fill in
      chiso evidence --indicator 3.3 --agency H01.09 --period 2026       all that proves a figure
      chiso releases                         what was published
      chiso rollback                         show readers the release before
      chiso postgres                         copy what readers see into PostgreSQL
      chiso ui                               the Dagster web UI on this machine
    """


@main.command()
@click.option(
    "--date", "day", type=_Day(), default=None, help="Business date D; default: yesterday, local time."
)
@_raw("Drop zone: RAW/<source>/<YYYY-MM-DD>/<any file>.")
@_data
@click.option(
    "--only-complete",
    is_flag=True,
    help="Leave folders without _COMPLETE that changed within the last 10 minutes for the next night, "
    "as the schedule does.",
)
@click.option(
    "--catch-up",
    is_flag=True,
    help="Every date since the newest release, oldest first: for a machine that was off at night.",
)
def nightly(day: date | None, raw: Zone, data: Path, only_complete: bool, catch_up: bool) -> None:
    """Run the night of one business date: land, build, test, publish.

    Sees extracts dated up to D only; takes what is there, and says which folders have no _COMPLETE.
    Exit code 0 when every blocking check passed and the release was
    published; 1 when the night was blocked (the last release stays); 2 when it could not begin.

    \b
    Examples:
      chiso nightly
      chiso nightly --date 2026-09-30
      chiso nightly --date 2026-09-30 --raw /srv/extracts --data /srv/chiso
      chiso nightly --raw sftp://chiso@files.example.vn/extracts --only-complete
      chiso nightly --catch-up --only-complete                  for cron and systemd
    """
    if catch_up and day is not None:
        raise click.UsageError("--catch-up finds the dates itself: leave --date out.")
    places = Places(raw=raw, data=data)
    days = missed_dates(places.releases) if catch_up else [day or yesterday()]
    if not days:
        click.echo(f"Nothing was missed: {yesterday()} is published.")
    published = [_run_night(one, places, only_complete) for one in days]
    sys.exit(0 if all(published) else 1)


def _run_night(business_date: date, places: Places, only_complete: bool) -> bool:
    """One night with its display and summary; whether it was published."""
    # bound to today's standard output: while a night runs, dagster-dbt's words go elsewhere
    console = Console(file=sys.stdout)
    began = time.monotonic()
    try:
        with _StepDisplay(console) as display:
            night = run_night(business_date, places, display.show, only_complete=only_complete)
    except (NightError, DbtError, ContractError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    print_summary(console, night, places, time.monotonic() - began)
    for words in night.arriving + night.untold:
        console.print(words, style="yellow", markup=False, highlight=False, soft_wrap=True)
    return night.published


@main.command()
@click.argument("source")
@click.option(
    "--date", "day", type=_Day(), default=None, help="Business date D; default: yesterday, local time."
)
@click.option(
    "--raw",
    type=_Zone(),
    envvar="CHISO_RAW",
    required=True,  # rows of a real database do not belong into the project's sample
    help="Drop zone to write to, a folder of this machine; or the variable CHISO_RAW.",
)
@click.option("--replace", is_flag=True, help="Put it in the place of an older delivery of the date.")
def extract(source: str, day: date | None, raw: Zone, replace: bool) -> None:
    """Ask the database of SOURCE and write the answer into the drop zone, as Parquet, marked complete.

    The contract raw/sources/SOURCE.yml says the query, and the environment variable that holds the
    database's URL. Only columns that the contract names are written. Exit code 0 when the extract was
    written; 2 when the answer had no rows; 1 when there was no whole answer. Then nothing was written.

    \b
    Examples:
      export CHISO_ONE_STOP_URL=postgresql://reader@db.example.vn/onestop
      chiso extract one_stop_dossiers --raw /srv/extracts
      chiso extract one_stop_dossiers --raw /srv/extracts --date 2026-09-30 --replace
    """
    # the other commands need not wait a second for what only this one needs
    from orchestration.extracts import ExtractError, write_extract

    console = Console(file=sys.stdout)
    business_date = day or yesterday()
    try:
        if business_date > yesterday():
            raise ExtractError(f"{source}: {business_date} is not over yet; the last date is {yesterday()}.")
        contracts = load_contracts(SOURCES)
        if source not in contracts:
            raise ExtractError(f"There is no source {source}. There are: {', '.join(contracts)}.")
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as progress:
            task = progress.add_task(f"{source}: asking the database", total=None)
            written = write_extract(
                contracts[source],
                raw,
                business_date,
                replace=replace,
                on_rows=lambda rows: progress.update(task, description=f"{source}: {rows:,} rows"),
            )
    except (ExtractError, ContractError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    if not written.rows:
        words = f"{source}: the query has no rows for {business_date}; nothing was written."
        console.print(words, style="yellow", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    click.echo(
        f"{source}/{business_date}: {written.rows:,} rows in {written.files} file(s), "
        f"{written.bytes / 1e6:.1f} MB, marked complete."
    )
    if written.columns_dropped:
        click.echo(f"Not written, the contract does not name them: {', '.join(written.columns_dropped)}.")


@main.command()
@click.option("--ruleset", required=True, help="Rule set to score by, as dvcqg-2026.")
@click.option("--period", "written", required=True, help="2025, 2025-H1, 2025-Q1, 2025-09 or 2025-09-15.")
@_data
@click.option("--release", help="Release 2026-09-30/1, or 2026-09-30 for its last one; default: the current.")
@click.option("--basis", type=click.Choice(["one_stop", "national"]), help="One basis only.")
@click.option("--level", type=click.Choice(["province", "department", "commune"]), help="One level only.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write it: a .csv or .parquet file, one row per basis and agency.",
)
def rescore(
    ruleset: str,
    written: str,
    data: Path,
    release: str | None,
    basis: str | None,
    level: str | None,
    out: Path | None,
) -> None:
    """What a period would have been under another rule set, beside what was published.

    The counts of a release (numerators and denominators) are scored again, by the SQL that scored them the
    first time: groups, total, grade and rank of each agency among those scored by the same rule set. The
    components stand in the view rescored_results of the release's chiso.duckdb. Exit code 0; 2 when there is
    no such rule set, period or release.

    \b
    Examples:
      chiso rescore --ruleset dvcqg-2026 --period 2025
      chiso rescore --ruleset dvcqg-2026 --period 2025-Q4 --basis national --level department
      chiso rescore --ruleset dvcqg-2025 --period 2026-09 --out nam-2025.csv
      chiso rescore --ruleset dvcqg-2026 --period 2025-12 --release 2026-08-31 --data /srv/chiso
    """
    from orchestration.rescoring import RescoringError, parse_period, write_rescoring
    from orchestration.rescoring import rescore as score_again
    from orchestration.rescoring_table import print_rescoring

    console = Console(file=sys.stdout)
    releases = Places(raw=ROOT, data=data).releases  # nothing is read from a drop zone
    try:
        period = parse_period(written)
        rescoring = score_again(find_release(releases, release), ruleset, period)
        rescoring = rescoring.only(basis=basis, level=level)
        if out is not None:
            write_rescoring(rescoring, out)
    except (NoReleaseError, RescoringError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    print_rescoring(console, rescoring)
    if out is not None:
        click.echo(f"{out}: {len(rescoring.units):,} rows.")


@main.command()
@click.option("--agency", required=True, help="Code of the agency, as H01.09.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    help="Where a component shall stand: at a rate, as 3.3=60%, or at so many more that count, as 5.2=+3. "
    "As often as needed.",
)
@click.option("--period", "written", help="2026, 2026-H1, 2026-Q1 or 2026-09; default: the running year.")
@_data
@click.option("--release", help="Release 2026-09-30/1, or 2026-09-30 for its last one; default: the current.")
@click.option(
    "--basis",
    type=click.Choice(["one_stop", "national"]),
    default="national",
    show_default=True,
    help="Whose counts: the portal's, by which units are scored, or the one-stop system's.",
)
def whatif(
    agency: str, settings: tuple[str, ...], written: str | None, data: Path, release: str | None, basis: str
) -> None:
    """What an agency's score would be if some of its components stood elsewhere.

    Its counts in a release are changed and scored again, by the SQL that scored them the first time:
    components, groups, total, grade, and rank among all others, which stay as they are. Of a rate the
    nearest whole number counts (60% of 259 is 155). Components that hang together do not follow each other:
    set each of them. What could be done to get there is in the mart levers. Exit code 0; 2 when there is no
    such agency, component, period or release, or the component cannot stand there.

    \b
    Examples:
      chiso whatif --agency H01.09 --set 3.3=60%
      chiso whatif --agency H01.09 --set 3.3=60% --set 3.6=45,5% --period 2026-Q3
      chiso whatif --agency H01 --set 5.2=+3 --set 5.3=+2 --basis one_stop --data /srv/chiso
    """
    from orchestration.rescoring import RescoringError, parse_period
    from orchestration.whatif import parse_setting, running_year, what_if
    from orchestration.whatif_table import print_what_if

    console = Console(file=sys.stdout)
    releases = Places(raw=ROOT, data=data).releases  # nothing is read from a drop zone
    try:
        wanted = [parse_setting(text) for text in settings]
        found = find_release(releases, release)
        period = running_year(found) if written is None else parse_period(written)
        told = what_if(found / DATABASE, agency.strip().upper(), wanted, period, basis)
    except (NoReleaseError, RescoringError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    print_what_if(console, told)


@main.command()
@click.option("--agency", required=True, help="Code of the agency, as H01.09.")
@_data
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The workbook, .xlsx; default: DATA/worklists/<business date>/<agency>.xlsx.",
)
def worklist(agency: str, data: Path, out: Path | None) -> None:
    """Write the workbook of what an agency must explain: findings, and overdue dossiers.

    By the current release: findings that are neither fixed nor provisional, each problem once, the gravest
    and oldest first; the province is also asked what names no known agency. The agency chooses causes, writes
    explanations and sends the file back; put as it is into RAW/explanations/<date>/, it is read by the next
    night. Lines left empty are no answers. Exit code 0; 2 when there is no such agency or no release.

    \b
    Examples:
      chiso worklist --agency H01.09
      chiso worklist --agency H01.09 --data /srv/chiso --out giai-trinh-H01.09.xlsx
    """
    from orchestration.documents.worklist import WorklistError, read_worklist, write_worklist

    console = Console(file=sys.stdout)
    places = Places(raw=ROOT, data=data)  # nothing is read from a drop zone
    try:
        found = read_worklist(places.releases, agency.strip().upper())
        if out is None:
            out = places.worklists / found.business_date.isoformat() / f"{found.agency_code}.xlsx"
            out.parent.mkdir(parents=True, exist_ok=True)
        write_worklist(found, load_contract(SOURCES / "explanations.yml"), out)
    except (WorklistError, ContractError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    words = f"{found.agency_code} {found.agency_name}, release {found.release}: "
    if found.findings or found.overdue:
        words += f"{len(found.findings):,} findings to explain"
        words += "." if found.overdue is None else f", {len(found.overdue):,} overdue dossiers."
    else:
        words += "nothing to explain."
    click.echo(f"{words}\n{out}")


@main.command()
@click.option("--indicator", required=True, help="Component, as 3.3.")
@click.option("--agency", required=True, help="Code of the agency, as H01.09.")
@click.option("--period", "written", required=True, help="2025, 2025-H1, 2025-Q1, 2025-09 or 2025-09-15.")
@_data
@click.option("--release", help="Release 2026-09-30/1, or 2026-09-30 for its last one; default: the current.")
@click.option("--basis", type=click.Choice(["one_stop", "national"]), default="national", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to make, or a file ending in .zip; default: DATA/evidence, named after the figure.",
)
def evidence(
    indicator: str, agency: str, written: str, data: Path, release: str | None, basis: str, out: Path | None
) -> None:
    """Write all that proves a figure, and a program that checks it anywhere.

    The figure with its formula and legal basis, every dossier behind it with the reason why it counts or does
    not, the files that the release was made of, the SQL in between, and verify.py, which needs Python and
    duckdb and nothing of this project. The same release gives the same bytes. Exit code 0; 2 when there is no
    such figure or release, or the place is taken.

    \b
    Examples:
      chiso evidence --indicator 3.3 --agency H01.09 --period 2026
      chiso evidence --indicator 2.1 --agency H01 --period 2026-09 --basis one_stop --out chung-cu.zip
    """
    from orchestration.documents.evidence_pack import EvidenceError, write_pack
    from orchestration.rescoring import RescoringError, parse_period

    console = Console(file=sys.stdout)
    places = Places(raw=ROOT, data=data)  # nothing is read from a drop zone
    unit = agency.strip().upper()
    try:
        period = parse_period(written)
        found = find_release(places.releases, release)
        if out is None:
            places.evidence.mkdir(parents=True, exist_ok=True)
            out = places.evidence / f"{indicator}-{unit}-{period.text}-{basis}"
        pack = write_pack(found, indicator, unit, period.period_type, period.start, basis, out)
    except (EvidenceError, NoReleaseError, RescoringError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    figure = pack.figure
    click.echo(
        f"{indicator} of {unit}, {period.text}, release {figure['release']}: {figure['numerator']} of "
        f"{figure['denominator']}, {figure['points']} points; {pack.rows:,} rows.\n{out}"
    )


@main.command()
@_data
def releases(data: Path) -> None:
    """List the releases: which one readers see, which were withdrawn, what each was made of.

    \b
    Examples:
      chiso releases
      chiso releases --data /srv/chiso
    """
    from orchestration.releases_table import print_releases

    places = Places(raw=ROOT, data=data)  # nothing is read from a drop zone
    print_releases(Console(file=sys.stdout), list_releases(places.releases), places.releases)


@main.command()
@_data
@click.option(
    "--to", "name", help="Release 2026-09-29/1, or 2026-09-29 for its last one; default: the one before."
)
def rollback(data: Path, name: str | None) -> None:
    """Show readers an earlier release; those after it are withdrawn, and stay where they are.

    No later night goes on from a withdrawn release. The next night shows its own as always; the same inputs
    and code come to the same release, so mend what was wrong with them first. Exit code 0; 2 when there is
    no such release or a night is running.

    \b
    Examples:
      chiso rollback
      chiso rollback --to 2026-09-29/1 --data /srv/chiso
    """
    console = Console(file=sys.stdout)
    places = Places(raw=ROOT, data=data)  # nothing is read from a drop zone
    try:
        before = find_release(places.releases, None)
        with only_one_on(places.data):
            check_clock(places.readers, today())
            shown = roll_back(places.readers, name, today().isoformat(timespec="seconds"))
    except (NoReleaseError, AnotherNightError, ClockError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    click.echo(f"Readers see {name_of(shown)}; before it was {name_of(before)}.")
    if postgres_url():
        _copy_to_postgres(console, places, shown)


@main.command()
@_data
def postgres(data: Path) -> None:
    """Copy the current release into PostgreSQL, where CHISO_POSTGRES_URL says; each night does so by itself.

    Exit code 0 when PostgreSQL holds the release, 2 when it does not: readers see there what they saw.

    \b
    Examples:
      export CHISO_POSTGRES_URL=postgresql://chiso@db.example.vn/chiso
      chiso postgres --data /srv/chiso
    """
    console = Console(file=sys.stdout)
    places = Places(raw=ROOT, data=data)  # nothing is read from a drop zone
    if not postgres_url():
        raise click.UsageError("CHISO_POSTGRES_URL does not say where to.")
    try:
        with only_one_on(places.data):
            _copy_to_postgres(console, places, find_release(places.releases, None))
    except (NoReleaseError, AnotherNightError) as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)


def _copy_to_postgres(console: Console, places: Places, release: Path) -> None:
    from orchestration.publishing.postgres_copy import PostgresCopyError, copy_to_postgres

    try:
        done = copy_to_postgres(postgres_url() or "", release, places.published)
    except PostgresCopyError as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    held = "holds" if done.is_new else "held already"
    click.echo(f"PostgreSQL {held} {done.release}: {done.marts} tables, {done.rows:,} rows.")


@main.command()
@_raw("Drop zone the runs read.")
@_data
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
def ui(raw: Zone, data: Path, port: int) -> None:
    """Open the Dagster web UI, on this machine only.

    \b
    Example:
      chiso ui --port 3001
    """
    places = Places(raw=raw, data=data)
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
