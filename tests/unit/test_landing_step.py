"""The landing step of a night: what it takes, what it leaves for the next night, and what the night says."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration import nightly
from orchestration.defs.landing import landed_asset
from orchestration.defs.resources import NightLock, Workspace
from orchestration.landing.contracts import load_contract
from orchestration.nightly import Night
from tests.unit.helpers import ROOT, SOURCES

SAMPLE = ROOT / "raw" / "sample" / "agencies"
LAST = date(2026, 1, 31)
AGENCIES = load_contract(SOURCES / "agencies.yml")


@pytest.fixture(autouse=True)
def link_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_LINK_KEY_FILE", str(tmp_path / "link.key"))


def land(workspace: Workspace) -> Night:
    """Land the agencies, as the night of the last date does; what the night says of it."""
    result = dg.materialize(
        [landed_asset(AGENCIES)],
        partition_key=LAST.isoformat(),
        resources={"workspace": workspace, "night_lock": NightLock(data=workspace.data, is_held=True)},
        raise_on_error=False,
    )
    night = Night(LAST)
    nightly._read(result, night, workspace.places)
    return night


def deliver(folder: Path, day: str, marker: bool) -> None:
    """The sample's agencies, dated anew."""
    target = folder / "raw" / "agencies" / day
    newest = max(p for p in SAMPLE.iterdir() if p.is_dir())
    shutil.copytree(newest, target)
    (target / "_COMPLETE").unlink(missing_ok=True)
    if marker:
        (target / "_COMPLETE").touch()
    for path in [*target.iterdir(), target]:
        path.touch()


def test_the_schedule_leaves_what_is_still_arriving(tmp_path: Path) -> None:
    deliver(tmp_path, "2026-01-01", marker=True)
    deliver(tmp_path, "2026-01-02", marker=False)
    workspace = Workspace(raw=str(tmp_path / "raw"), data=str(tmp_path / "data"))
    night = land(workspace)
    assert night.arriving == [
        "agencies/2026-01-02 is still arriving: no _COMPLETE and last change 0 min ago; "
        "left for the next night"
    ]
    assert (night.unmarked, night.not_passed, night.errors) == ([], [], [])
    # what is complete now belongs to the next night, for every later step of this one
    (tmp_path / "raw" / "agencies" / "2026-01-02" / "_COMPLETE").touch()
    assert {d.delivered_on.isoformat() for d in workspace.deliveries(AGENCIES, LAST)} == {"2026-01-01"}

    assert land(workspace).arriving == []
    assert {d.delivered_on.isoformat() for d in workspace.deliveries(AGENCIES, LAST)} == {
        "2026-01-01",
        "2026-01-02",
    }


def test_by_hand_takes_what_is_there_and_says_so(tmp_path: Path) -> None:
    deliver(tmp_path, "2026-01-02", marker=False)
    workspace = Workspace(raw=str(tmp_path / "raw"), data=str(tmp_path / "data"), only_complete=False)
    night = land(workspace)
    assert (night.unmarked, night.arriving) == (["agencies/2026-01-02"], [])


def test_a_zone_that_cannot_be_read_stops_the_step_in_plain_words(tmp_path: Path) -> None:
    night = land(Workspace(raw="carrierpigeon://loft", data=str(tmp_path / "data")))
    assert night.errors == [
        "landed__agencies: The drop zone carrierpigeon://loft cannot be read "
        "(ValueError: Protocol not known: carrierpigeon). "
        "Check the address, the network and the access rights, then start the night again."
    ]
