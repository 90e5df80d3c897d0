"""Real SFTP and S3 servers on localhost as drop zone: the same bytes land as from a folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg
import fsspec
import pytest

from orchestration import nightly
from orchestration.defs.landing import landed_asset
from orchestration.defs.resources import NightLock, Workspace
from orchestration.landing import drop_zone
from orchestration.landing.contracts import load_contract
from orchestration.landing.deliveries import HashCache, date_folders, fetch, take_in
from orchestration.landing.drop_zone import DropZoneError, RemoteZone, check_zone
from orchestration.landing.land import land_source
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import LandedStore
from orchestration.nightly import Night
from orchestration.places import ROOT, SOURCES
from tests.services.servers import Sshd

SAMPLE = ROOT / "raw" / "sample"
SAMPLE_DAY = date(2026, 9, 30)
LANDED = ("agencies", "petitions", "one_stop_dossiers", "portal_scores")


def upload(folder: Path, bucket: str) -> str:
    """Put the files of a folder into a new bucket, below a prefix."""
    system = fsspec.filesystem("s3", skip_instance_cache=True)
    system.mkdir(bucket)
    for file in folder.rglob("*"):
        if file.is_file():
            system.pipe(f"{bucket}/extracts/{file.relative_to(folder).as_posix()}", file.read_bytes())
    return f"s3://{bucket}/extracts"


@pytest.fixture(params=["sftp", "s3"])
def zone_of(request: pytest.FixtureRequest) -> Callable[[Path], RemoteZone]:
    """Makes a remote drop zone that holds what a folder holds."""
    if request.param == "sftp":
        sshd: Sshd = request.getfixturevalue("sshd")
        return lambda folder: RemoteZone(sshd.url(folder))
    request.getfixturevalue("s3")
    bucket = f"b{abs(hash(request.node.nodeid))}"
    return lambda folder: RemoteZone(upload(folder, bucket))


def landed(raw: Path | RemoteZone, data: Path) -> dict[str, bytes]:
    """Every Parquet file that landing makes of some sources of the sample."""
    for source in LANDED:
        contract = load_contract(SOURCES / f"{source}.yml")
        intake = take_in(raw, source, SAMPLE_DAY, HashCache(data / source / "hashes.json"))
        land_source(contract, intake.deliveries, LandedStore(data, LinkKey(bytes(32))))
    return {p.relative_to(data).as_posix(): p.read_bytes() for p in data.rglob("*.parquet")}


def test_the_same_bytes_land_from_afar(zone_of: Callable[[Path], RemoteZone], tmp_path: Path) -> None:
    zone = zone_of(SAMPLE)
    check_zone(zone)
    here = landed(SAMPLE, tmp_path / "here")
    assert len(here) > len(LANDED)
    assert landed(zone, tmp_path / "afar") == here


def test_what_a_remote_zone_says_of_its_folders(
    zone_of: Callable[[Path], RemoteZone], tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    for name in ("2026-01-01/a.json", "2026-01-01/_COMPLETE", "2026-01-02/sub/b.json", "2026-01-02/.c"):
        file = raw / "papers" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (raw / "papers" / "note.txt").write_text("no delivery")
    zone = zone_of(raw)
    afar = take_in(zone, "papers", SAMPLE_DAY, HashCache(tmp_path / "h.json"), only_complete=True)
    here = take_in(raw, "papers", SAMPLE_DAY, HashCache(tmp_path / "h.json"), only_complete=True)
    assert [(d.file_name, d.file_sha, d.size) for d in afar.deliveries] == [
        (d.file_name, d.file_sha, d.size) for d in here.deliveries
    ]
    assert [f.why_arriving() for f in afar.arriving] == [f.why_arriving() for f in here.arriving]
    assert len(afar.arriving) == 1
    assert [
        (f.name, [e.name for e in f.data_files]) for _, f in date_folders(zone, "papers", SAMPLE_DAY)
    ] == [
        ("2026-01-01", ["a.json"]),
        ("2026-01-02", ["sub/b.json"]),
    ]
    assert take_in(zone, "letters", SAMPLE_DAY, HashCache(tmp_path / "h.json")).taken == []


def test_a_file_written_anew_is_read_anew(sshd: Sshd, tmp_path: Path) -> None:
    file = tmp_path / "raw" / "papers" / "2026-01-01" / "a.json"
    file.parent.mkdir(parents=True)
    zone = RemoteZone(sshd.url(tmp_path / "raw"))
    digests = []
    for content in ("one", "three", "three"):
        file.write_text(content)
        cache = HashCache(tmp_path / "h.json")
        digests += [d.file_sha for d in take_in(zone, "papers", SAMPLE_DAY, cache).deliveries]
        cache.save()
    assert digests[0] != digests[1] == digests[2]


def test_a_cut_connection_is_made_again(sshd: Sshd, tmp_path: Path) -> None:
    zone = RemoteZone(sshd.url(SAMPLE))
    deliveries = take_in(zone, "agencies", SAMPLE_DAY, HashCache(tmp_path / "h.json")).deliveries
    sshd.cut_connections()
    (file,) = fetch(deliveries[:1], tmp_path).values()
    assert file.read_bytes() == (SAMPLE / deliveries[0].file_name).read_bytes()


def test_only_servers_and_keys_that_are_known(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Path(tempfile.mkdtemp(dir=sshd.folder))
    shutil.copytree(sshd.home, stranger, dirs_exist_ok=True)
    monkeypatch.setenv("HOME", str(stranger))
    (stranger / ".ssh" / "known_hosts").unlink()
    with pytest.raises(
        DropZoneError, match=r"UnknownServer.*not in ~/\.ssh/known_hosts.*compare the fingerp"
    ):
        RemoteZone(sshd.url(SAMPLE)).check()
    shutil.copy(sshd.known_hosts, stranger / ".ssh")
    (stranger / ".ssh" / "id_ed25519").unlink()
    with pytest.raises(DropZoneError, match="cannot be read"):
        RemoteZone(sshd.url(SAMPLE)).check()


def test_a_wrong_bucket_and_a_wrong_folder(s3: str, sshd: Sshd) -> None:
    for url in ("s3://no-such-bucket/extracts", sshd.url(Path("/nowhere"))):
        with pytest.raises(DropZoneError, match="is no folder"):
            RemoteZone(url).check()


def chiso(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "orchestration.cli", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def test_a_night_on_a_zone_that_cannot_be_reached_is_one_sentence(sshd: Sshd, tmp_path: Path) -> None:
    sshd.stop()
    try:
        ran = chiso("nightly", "--raw", sshd.url(SAMPLE), "--data", str(tmp_path), "--date", "2026-09-30")
    finally:
        sshd.start()
    assert ran.returncode == 2
    assert ran.stdout.startswith(f"The drop zone {sshd.url(SAMPLE)} cannot be read (")
    assert "Traceback" not in ran.stdout + ran.stderr


def land_asset(raw: str, data: Path) -> tuple[Night, dict[str, object]]:
    """Run the landing step of one source as a night does; what the night says, and what the step recorded."""
    workspace = Workspace(raw=raw, data=str(data))
    asset = landed_asset(load_contract(SOURCES / "agencies.yml"))
    result = dg.materialize(
        [asset],
        partition_key=SAMPLE_DAY.isoformat(),
        resources={"workspace": workspace, "night_lock": NightLock(data=workspace.data, is_held=True)},
        raise_on_error=False,
    )
    night = Night(SAMPLE_DAY)
    nightly._read(result, night, workspace.places)
    recorded = result.asset_materializations_for_node("landed__agencies") if result.success else []
    return night, {k: v.value for m in recorded for k, v in m.metadata.items()}


def test_a_night_lists_a_remote_zone_once(sshd: Sshd, tmp_path: Path) -> None:
    night, recorded = land_asset(sshd.url(SAMPLE), tmp_path)
    assert (night.errors, night.not_passed, night.arriving) == ([], [], [])
    assert recorded["files"] == len(list(SAMPLE.glob("agencies/*/[!_]*")))
    workspace = Workspace(raw=sshd.url(SAMPLE), data=str(tmp_path))
    sshd.stop()
    try:
        later = workspace.deliveries(load_contract(SOURCES / "agencies.yml"), SAMPLE_DAY)
    finally:
        sshd.start()
    assert len(later) == recorded["files"]


def test_a_zone_that_goes_away_in_the_night_is_one_sentence(
    sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_zone, "_PAUSES", ())
    sshd.stop()
    try:
        night, recorded = land_asset(sshd.url(SAMPLE), tmp_path)
    finally:
        sshd.start()
    (error,) = night.errors
    assert error.startswith(f"landed__agencies: The drop zone {sshd.url(SAMPLE)} cannot be read (")
    assert error.endswith("then start the night again.")
    assert recorded == {}
