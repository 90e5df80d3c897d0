"""What releases there are: found by name, gone back to, forgotten; and the path where readers see them."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.publishing import showing
from orchestration.publishing.readers import ReaderFolders, forget_releases, roll_back
from orchestration.publishing.release import Release
from orchestration.publishing.releases import (
    NoReleaseError,
    current_release,
    find_release,
    last_release_before,
    list_releases,
    name_of,
)
from orchestration.publishing.showing import show, shown_release
from tests.unit.releasing import APRIL, DAY, MARCH, release_of_figures

FIGURE_COLUMNS = [
    "ruleset", "basis", "period_type", "period_start", "period_end", "agency_code", "indicator_code",
    "numerator", "denominator", "rate", "points", "provisional",
]  # fmt: skip
AT = "2026-04-01T08:00:00+07:00"


def _whole(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    return folder


def folders_of(data: Path) -> ReaderFolders:
    return ReaderFolders(data / "releases", data / "published", data / "ledger", data / "outcomes")


def release(data: Path, day: date, numerator: int) -> Release:
    return release_of_figures(data, day, {("H38.1", MARCH): numerator, ("H38.2", APRIL): 1})


def nights(data: Path, count: int) -> list[Path]:
    """So many nights, each shown; the first agency's numerator is the number of the night."""
    folders = []
    for number in range(count):
        done = release(data, DAY + timedelta(days=number), number)
        show(data / "published", done.folder)
        folders.append(done.folder)
    return folders


def numerator(con: duckdb.DuckDBPyConnection) -> int:
    found = con.execute(
        "SELECT numerator FROM marts.indicator_results WHERE agency_code = 'H38.1'"
    ).fetchone()
    assert found is not None
    return int(found[0])


def reader(data: Path) -> duckdb.DuckDBPyConnection:
    """As a BI tool has it: read-only, and kept open."""
    return duckdb.connect(str(data / "published" / "chiso.duckdb"), read_only=True)


def test_a_release_by_its_date_its_number_and_as_the_current_one(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    folders = {name: _whole(releases / name) for name in ("2026-09-29/1", "2026-09-30/9", "2026-09-30/10")}
    (releases / "2026-09-30" / "11").mkdir()  # no manifest: not a release
    with pytest.raises(NoReleaseError, match=r"no release in .* yet; `chiso nightly` makes one"):
        find_release(releases, None)
    (releases / "current").symlink_to("2026-09-29/1")
    assert find_release(releases, None) == folders["2026-09-29/1"].resolve()
    assert find_release(releases, "2026-09-30") == folders["2026-09-30/10"]
    assert find_release(releases, "2026-09-30/9/") == folders["2026-09-30/9"]
    for name in ("2026-09-30/11", "2026-09-28", "current", "../x", "latest"):
        with pytest.raises(NoReleaseError, match=r"The last ones are: .*29/1, .*30/9, .*30/10\."):
            find_release(releases, name)
    with pytest.raises(NoReleaseError, match="There is none at all"):
        find_release(tmp_path / "nothing", "2026-09-30")


def test_the_list_says_what_readers_see_and_what_was_withdrawn(tmp_path: Path) -> None:
    first, second, third = nights(tmp_path, 3)
    roll_back(folders_of(tmp_path), name_of(second), AT)
    listed = list_releases(tmp_path / "releases")
    assert [(r.name, r.folder, r.is_current, r.is_withdrawn) for r in listed] == [
        (name_of(third), third, False, True),
        (name_of(second), second, True, False),
        (name_of(first), first, False, False),
    ]
    assert {(r.rows, r.inputs, r.rulesets, r.published_at) for r in listed} == {
        (6, 1, ("766-v1",), "2026-04-01T01:02:03+07:00")
    }


def test_going_back_shows_readers_the_release_before(tmp_path: Path) -> None:
    first, second, third = nights(tmp_path, 3)
    folders = folders_of(tmp_path)
    releases, published = folders.releases, folders.published
    con = reader(tmp_path)
    assert numerator(con) == 2
    assert roll_back(folders, None, AT) == second
    assert (current_release(releases), shown_release(published), numerator(con)) == (second, second, 1)
    assert roll_back(folders, None, AT) == first
    assert numerator(con) == 0
    with pytest.raises(NoReleaseError, match=r"no release before 2026-03-31/1 to go back to"):
        roll_back(folders, None, AT)
    with pytest.raises(NoReleaseError, match=r"2026-04-02/1 is newer than the current release 2026-03-31/1"):
        roll_back(folders, name_of(third), AT)
    with pytest.raises(NoReleaseError, match=r"no release 2020-01-01 in"):
        roll_back(folders, "2020-01-01", AT)
    assert numerator(con) == 0


def test_no_later_night_goes_on_from_a_withdrawn_release(tmp_path: Path) -> None:
    first, second = nights(tmp_path, 2)
    releases = tmp_path / "releases"
    later = DAY + timedelta(days=2)
    assert last_release_before(releases, later) == second
    roll_back(folders_of(tmp_path), None, AT)
    assert last_release_before(releases, later) == first
    # its night, run again, comes to the same: it is taken for good again, and shown
    again = release(tmp_path, DAY + timedelta(days=1), 1)
    assert (again.is_new, again.is_current, again.folder) == (False, True, second)
    assert last_release_before(releases, later) == second
    assert current_release(releases) == second


def test_a_kept_connection_sees_each_night_with_its_next_query(tmp_path: Path) -> None:
    nights(tmp_path, 1)
    con = reader(tmp_path)
    seen = [numerator(con)]
    for number in (1, 2, 3):
        show(tmp_path / "published", release(tmp_path, DAY + timedelta(days=number), number).folder)
        seen.append(numerator(con))
    assert seen == [0, 1, 2, 3]
    assert [
        column for column, *_ in con.execute("DESCRIBE marts.indicator_results").fetchall()
    ] == FIGURE_COLUMNS


def test_showing_the_same_release_again_changes_nothing(tmp_path: Path) -> None:
    (folder,) = nights(tmp_path, 1)
    published = tmp_path / "published"
    before = {p: p.lstat().st_mtime_ns for p in published.rglob("*")}
    show(published, folder)
    assert {p: p.lstat().st_mtime_ns for p in published.rglob("*") if p.is_file()} == {
        p: at for p, at in before.items() if p.is_file()
    }
    assert sorted(p.name for p in published.iterdir()) == ["chiso.duckdb", "releases", "showing"]


def test_a_link_that_a_killed_run_left_is_not_shown(tmp_path: Path) -> None:
    first, second = (
        nights(tmp_path, 1)[0],
        release(tmp_path, DAY + timedelta(days=1), 9).folder,
    )
    published = tmp_path / "published"
    con = reader(tmp_path)
    # killed after the link, before it was said to be shown
    left = published / "releases" / "showing=9999998"
    shutil.copytree(left.with_name("showing=9999999"), left, symlinks=True)
    (left / "release").unlink()
    (left / "release").symlink_to(os.path.relpath(second, left))
    assert (numerator(con), shown_release(published)) == (0, first)
    show(published, second)
    assert (numerator(con), shown_release(published)) == (9, second)
    assert sorted(p.name for p in (published / "showing").iterdir()) == ["9999997", "9999999"]


def test_odd_signs_in_the_folder_names(tmp_path: Path) -> None:
    nights(tmp_path / "it's [1] a*b", 2)
    with reader(tmp_path / "it's [1] a*b") as con:
        assert numerator(con) == 1


def test_a_new_column_comes_with_the_release_that_has_it(tmp_path: Path) -> None:
    nights(tmp_path, 1)
    done = release(tmp_path, DAY + timedelta(days=1), 1)
    with duckdb.connect() as con:
        file = done.folder / "scorecards.parquet"
        con.execute(f"COPY (SELECT *, 'Tốt' AS word FROM '{file}') TO '{file}.new' (FORMAT parquet)")
        Path(f"{file}.new").replace(file)
    show(tmp_path / "published", done.folder)
    with reader(tmp_path) as con:
        assert con.execute("SELECT DISTINCT word FROM marts.scorecards").fetchall() == [("Tốt",)]


def test_what_was_shown_long_ago_is_forgotten_and_what_may_still_be_read_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = nights(tmp_path, 4)
    published, releases = tmp_path / "published", tmp_path / "releases"
    assert forget_releases(folders_of(tmp_path), keep=1) == []  # shown within the hour
    said = published / "showing"
    for path in said.iterdir():
        if path.name != "9999996":  # the last one was shown just now, the one before it two hours ago
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * showing._GRACE_SECONDS))
    show(published, folders[-1])
    assert sorted(p.name for p in said.iterdir()) == ["9999996", "9999997"]
    assert forget_releases(folders_of(tmp_path), keep=1) == [name_of(f) for f in folders[:2]]
    assert [p.folder for p in list_releases(releases)] == [folders[3], folders[2]]
    assert sorted(p.name for p in releases.iterdir()) == [
        "2026-04-02", "2026-04-03", "current", "forgotten.json",
    ]  # fmt: skip
    with reader(tmp_path) as con:
        assert numerator(con) == 3


def test_the_name_of_a_forgotten_release_is_not_given_again(tmp_path: Path) -> None:
    folders = nights(tmp_path, 2)
    elsewhere = folders_of(tmp_path)._replace(published=tmp_path / "elsewhere")
    assert forget_releases(elsewhere, keep=1) == ["2026-03-31/1"]
    again = release(tmp_path, DAY, 7)
    assert (name_of(again.folder), again.is_current) == ("2026-03-31/2", False)
    assert current_release(tmp_path / "releases") == folders[1]


def test_a_large_mart_is_read_like_any_other_also_where_it_was_small_before(tmp_path: Path) -> None:
    nights(tmp_path, 1)
    con = reader(tmp_path)
    figures = {("H38.1", MARCH): 5, ("H38.2", APRIL): 1, ("H38.3", MARCH): 2}
    done = release_of_figures(tmp_path, DAY + timedelta(days=1), figures, rows_per_part=2)
    parts = sorted(p.name for p in (done.folder / "indicator_results").iterdir())
    assert parts == ["part-00000.parquet", "part-00001.parquet"]
    show(tmp_path / "published", done.folder)
    assert numerator(con) == 5
    whole = con.execute("SELECT agency_code, numerator FROM marts.indicator_results").fetchall()
    assert sorted(whole) == [("H38.1", 5), ("H38.2", 1), ("H38.3", 2)]
    roll_back(folders_of(tmp_path), None, AT)
    assert numerator(con) == 0


def test_the_current_release_stays_however_old(tmp_path: Path) -> None:
    first, *_ = nights(tmp_path, 3)
    elsewhere = folders_of(tmp_path)._replace(published=tmp_path / "elsewhere")
    roll_back(elsewhere, name_of(first), AT)
    assert forget_releases(elsewhere, keep=1) == ["2026-04-01/1"]
    assert current_release(tmp_path / "releases") == first


def test_releases_and_rollback_on_the_command_line(tmp_path: Path) -> None:
    run = CliRunner().invoke
    data = ["--data", str(tmp_path)]
    none = run(main, ["releases", *data])
    assert (none.exit_code, "There is no release in" in none.output) == (0, True)
    refused = run(main, ["rollback", *data])
    assert (refused.exit_code, "There is no release in" in refused.output) == (2, True)
    nights(tmp_path, 2)
    back = run(main, ["rollback", *data])
    assert (back.exit_code, back.output) == (0, "Readers see 2026-03-31/1; before it was 2026-04-01/1.\n")
    lines = run(main, ["releases", *data]).output.splitlines()
    told = [(line.split()[1], line.split()[-2]) for line in lines if "2026-0" in line]
    assert told == [("2026-04-01/1", "withdrawn"), ("2026-03-31/1", "current")]
    withdrawn = tmp_path / "releases" / "2026-04-01" / "1" / "ops" / "withdrawn.json"
    assert json.loads(withdrawn.read_text())["for"] == "2026-03-31/1"
