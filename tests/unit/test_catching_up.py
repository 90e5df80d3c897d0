"""Nights that were missed: which dates, in which order; the units of systemd that ask for them."""

from __future__ import annotations

import configparser
import shlex
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration import nightly
from orchestration.cli import main
from orchestration.nightly import missed_dates, yesterday
from orchestration.places import LOCAL_TIME, ROOT
from tests.unit.listening import webhook

NOW = datetime(2026, 10, 4, 1, 0, tzinfo=LOCAL_TIME)


def release_of(releases: Path, *names: str) -> None:
    for name in names:
        (releases / name).mkdir(parents=True)
        (releases / name / "manifest.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("there", "missed"),
    [
        ([], [date(2026, 10, 3)]),
        (["2026-10-03/1"], []),
        (["2026-10-02/1", "2026-10-02/2"], [date(2026, 10, 3)]),
        (["2026-08-31/1", "2026-09-30/1"], [date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)]),
        # a hole before the newest release is history: a backfill by hand
        (["2026-09-28/1", "2026-10-02/1"], [date(2026, 10, 3)]),
    ],
)
def test_dates_since_the_newest_release_up_to_yesterday(
    there: list[str], missed: list[date], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "today", lambda: NOW)
    release_of(tmp_path, *there)
    (tmp_path / "2026-10-03" / "9").mkdir(parents=True)  # without a manifest it is none
    assert missed_dates(tmp_path) == missed


def test_nothing_missed_is_said_and_is_no_failure(tmp_path: Path) -> None:
    release_of(tmp_path / "releases", f"{yesterday().isoformat()}/1")
    done = CliRunner().invoke(main, ["nightly", "--catch-up", "--data", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, f"Nothing was missed: {yesterday()} is published.\n")
    both = CliRunner().invoke(
        main, ["nightly", "--catch-up", "--date", "2026-09-30", "--data", str(tmp_path)]
    )
    assert (both.exit_code, "leave --date out" in both.output) == (2, True)


def test_every_missed_date_is_run_oldest_first_and_owners_are_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an empty drop zone each night is blocked, and says so; the next one is tried all the same."""
    days = [yesterday() - timedelta(days=n) for n in (1, 0)]
    release_of(tmp_path / "data" / "releases", f"{(days[0] - timedelta(days=1)).isoformat()}/1")
    (tmp_path / "raw").mkdir()
    arguments = ["nightly", "--catch-up", "--raw", str(tmp_path / "raw"), "--data", str(tmp_path / "data")]
    with webhook() as (url, posted):
        settings = tmp_path / "alerts.yml"
        settings.write_text(f"owners: {{data-engineering: {{webhook: '{url}'}}}}", encoding="utf-8")
        monkeypatch.setenv("CHISO_ALERTS", str(settings))
        done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1, done.output
    places = [done.output.find(day.isoformat()) for day in days]
    assert -1 < places[0] < places[1], done.output
    # the second night failed as the first did: that is no news
    (message,) = posted
    assert message["business_date"] == days[0].isoformat()
    names = [problem["name"] for problem in message["problems"]]
    assert {"one_stop_dossiers: delivery", "payments: delivery"} <= set(names), names
    with duckdb.connect() as con:
        nights = con.execute(
            f"""SELECT business_date, run_outcome, sum(checks_failed) > 0, bool_or(step = 'release')
                FROM '{tmp_path}/data/outcomes/*.parquet' GROUP BY ALL ORDER BY 1"""
        ).fetchall()
    assert nights == [(day, "blocked", True, False) for day in days]


def test_the_service_runs_a_command_that_exists() -> None:
    service = configparser.ConfigParser(strict=False, interpolation=None)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(ROOT / "deploy" / "chiso-nightly.service", encoding="utf-8")
    program, command, *options = shlex.split(service["Service"]["ExecStart"])
    assert Path(program).name == "chiso"
    with main.commands[command].make_context(command, list(options)) as context:
        assert (context.params["catch_up"], context.params["only_complete"]) == (True, True)
    timer = configparser.ConfigParser(interpolation=None)
    timer.read(ROOT / "deploy" / "chiso-nightly.timer", encoding="utf-8")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"] == "*-*-* 01:00:00 Asia/Ho_Chi_Minh"
