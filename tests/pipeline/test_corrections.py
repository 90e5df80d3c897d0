"""Deliveries that come again: corrected for an old date, or the same bytes under another name and date."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.landing.store import MANIFEST
from tests.pipeline.conftest import Corrected, Run, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clean night")]

OLD, NEW = "2026-08-31", "2026-09-30"


def batches(data: Path) -> dict[str, int]:
    """Manifests of landed batches and when each was written."""
    landed = data / "landed"
    return {str(m.relative_to(landed)): m.stat().st_mtime_ns for m in landed.rglob(MANIFEST)}


@pytest.fixture
def places(small_raw: Path, clean_night: Run, tmp_path: Path) -> tuple[Path, Path]:
    """A drop zone and what one night made of it, to be spoilt."""
    shutil.copytree(clean_night.places.data, tmp_path / "data", symlinks=True)
    return small_raw, tmp_path / "data"


def test_a_corrected_file_for_an_old_date_is_landed_alone(clean_night: Run, corrected: Corrected) -> None:
    second = corrected.ran
    assert second.night.published, second.messages
    assert second.night.is_new
    data = second.places.data
    before, after = batches(clean_night.places.data), batches(data)
    assert {k: v for k, v in after.items() if k in before} == before, "a batch was landed again"
    new = set(after) - set(before)
    assert len(new) == 1
    assert next(iter(new)).startswith("one_stop_dossiers/")
    assert second.rows(f"SELECT rows_in FROM landing_files WHERE file_name = '{corrected.file}'") == [
        (corrected.rows,)
    ]
    # the release of before the correction is still there as it was
    assert clean_night.night.release is not None
    assert bytes_of(corrected.before) == bytes_of(clean_night.night.release)
    assert second.night.release != corrected.before


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_a_corrected_file_restates_is_said_with_the_reason(corrected: Corrected) -> None:
    """What the ledger calls restated is what the two releases say differently of periods that were over."""
    assert corrected.ran.night.release is not None
    con = duckdb.connect(str(corrected.ran.places.published / "chiso.duckdb"), read_only=True)
    key = "ruleset, basis, period_type, period_start, agency_code, indicator_code"
    was, now = (
        {
            tuple(row[:6]): (str(row[6]), str(row[7]), str(row[8]))
            for row in con.execute(
                f"""SELECT {key}, numerator, denominator, rate FROM read_parquet(?)
                    WHERE period_end <= DATE '{NEW}'""",
                [str(release / "indicator_results.parquet")],
            ).fetchall()
        }
        for release in (corrected.before, corrected.ran.night.release)
    )
    changed = {k: (was[k], now[k]) for k in was if was[k] != now[k]}
    assert was.keys() == now.keys()
    assert changed, "a dossier of August came to another channel, and no figure of August changed"
    told = con.execute(
        f"""SELECT {key.replace("indicator_code", "figure_code")}, previous_numerator, previous_denominator,
                   previous_rate, numerator, denominator, rate, reason, because, previous_release, release
            FROM marts.restatements WHERE figure_kind = 'indicator'"""
    ).fetchall()
    con.close()
    of_rates = {
        tuple(row[:6]): (tuple(map(str, row[6:9])), tuple(map(str, row[9:12])))
        for row in told
        if row[6:9] != row[9:12]  # the others got other points by a rate of the province's
    }
    assert of_rates == changed
    assert {tuple(row[12:]) for row in told} == {
        ("corrected_file", f"corrected_file: {corrected.file}", f"{NEW}/1", f"{NEW}/2")
    }


def test_the_same_bytes_for_a_later_date_are_a_delivery_that_says_so(places: tuple[Path, Path]) -> None:
    small_raw, data = places
    before = batches(data)
    later = date.fromisoformat(NEW) + timedelta(days=1)
    for source in small_raw.iterdir():
        if (source / NEW).is_dir():
            shutil.copytree(source / NEW, source / later.isoformat())
    again = run(small_raw, data, later)
    assert again.night.published, again.messages
    assert batches(data) == before, "bytes that were known were read again"
    assert any(
        words.startswith(f"one_stop_dossiers/{later}/") and "holds the same bytes as" in words
        for words in again.night.same_content
    )
    assert again.rows(
        f"SELECT count(*) > 0 AND bool_and(same_content_as IS NOT NULL) FROM landing_files "
        f"WHERE delivered_on = DATE '{later}'"
    ) == [(True,)]


def test_a_late_source_blocks_by_name_and_an_optional_one_warns(places: tuple[Path, Path]) -> None:
    small_raw, data = places
    released = (data / "releases" / "current").resolve()
    late = run(small_raw, data, date(2026, 11, 15))
    assert not late.night.published
    blocking = [a.message for a in late.night.not_passed if a.blocks]
    assert any(
        m.startswith("one_stop_dossiers is late: its newest delivery is of 2026-09-30") for m in blocking
    )
    assert not any(m.startswith("ministry_dossiers") for m in blocking)
    assert any(
        a.message.startswith("ministry_dossiers is late") for a in late.night.not_passed if not a.blocks
    )
    assert (data / "releases" / "current").resolve() == released
