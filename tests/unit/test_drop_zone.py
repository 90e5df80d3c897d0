"""The drop zone behind a URL: what it is asked, what a broken connection does, what is never shown."""

from __future__ import annotations

import hashlib
import stat
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import fsspec
import pytest

from orchestration.landing import drop_zone as module
from orchestration.landing.deliveries import HashCache, date_folders, fetch, take_in
from orchestration.landing.drop_zone import DropZoneError, RemoteZone, check_zone, drop_zone

LAST = date(2026, 12, 31)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[RemoteZone]:
    """A zone in memory, with two days of one source."""
    system = fsspec.filesystem("memory")
    for name, content in {
        "2026-01-01/a.csv": b"one",
        "2026-01-01/_COMPLETE": b"",
        "2026-01-02/sub/b.csv.gz": b"two",
        "2026-01-02/.part": b"half",
        "2025-12-31x/no.csv": b"x",
        "readme.txt": b"x",
    }.items():
        system.pipe(f"/zone/papers/{name}", content)
    monkeypatch.setattr(module, "_PAUSES", (0.0, 0.0))
    yield RemoteZone("memory://zone/")
    system.rm("/zone", recursive=True)


class Counting:
    """Stands between the zone and its file system: counts fetches, breaks the first ones."""

    def __init__(self, zone: RemoteZone, monkeypatch: pytest.MonkeyPatch, breaks: int = 0) -> None:
        zone.check()
        self.fetches = 0
        self.breaks = breaks
        self.system = zone._system
        monkeypatch.setattr(zone, "_connected", self.connected)

    def connected(self) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.system, name)

    def get_file(self, source: str, target: str) -> None:
        self.fetches += 1
        if self.fetches <= self.breaks:
            Path(target).write_bytes(b"t")  # cut in the middle
            raise EOFError("connection lost")
        self.system.get_file(source, target)


def test_a_path_is_a_folder_of_this_machine(tmp_path: Path) -> None:
    assert drop_zone(str(tmp_path)) == tmp_path
    assert drop_zone(tmp_path) == tmp_path
    assert drop_zone(f"file://{tmp_path}") == tmp_path
    check_zone(tmp_path)
    with pytest.raises(DropZoneError, match=r"does not exist\. Give it with --raw or CHISO_RAW"):
        check_zone(tmp_path / "absent")


def test_all_sources_share_one_connection() -> None:
    assert drop_zone("s3://bucket/prefix") is drop_zone("s3://bucket/prefix")


@pytest.mark.parametrize(
    "url", ["sftp://user:geheim@host/x", "s3://k:geheim@b/x", "https://host/x?sig=geheim"]
)
def test_a_url_with_a_secret_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(DropZoneError, match="Leave it out of the URL") as caught:
        drop_zone(url)
    assert "geheim" not in str(caught.value)


def test_what_a_remote_zone_holds(zone: RemoteZone, tmp_path: Path) -> None:
    check_zone(zone)
    intake = take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json"))
    assert [(d.delivered_on.isoformat(), d.file_name, d.size, d.file_sha) for d in intake.deliveries] == [
        ("2026-01-01", "papers/2026-01-01/a.csv", 3, hashlib.sha256(b"one").hexdigest()),
        ("2026-01-02", "papers/2026-01-02/sub/b.csv.gz", 3, hashlib.sha256(b"two").hexdigest()),
    ]
    assert [(f.name, f.has_marker) for f in intake.taken] == [("2026-01-01", True), ("2026-01-02", False)]
    assert [d.path.suffix for d in intake.deliveries] == [".csv", ".gz"]
    earlier = take_in(zone, "papers", date(2026, 1, 1), HashCache(tmp_path / "h.json"))
    assert [f.name for f in earlier.taken] == ["2026-01-01"]
    assert take_in(zone, "letters", LAST, HashCache(tmp_path / "h.json")).taken == []


def test_folder_by_folder_says_the_same_as_all_at_once(zone: RemoteZone, tmp_path: Path) -> None:
    at_once = take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json")).taken
    one_by_one = [f for _, f in date_folders(zone, "papers", LAST)]
    assert [(f.day, f.data_files, f.has_marker, f.last_change) for f in one_by_one] == [
        (f.day, f.data_files, f.has_marker, f.last_change) for f in at_once
    ]
    assert date_folders(zone, "letters", LAST) == []


def test_a_young_folder_is_left_for_the_next_night(zone: RemoteZone, tmp_path: Path) -> None:
    intake = take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json"), only_complete=True)
    assert [f.name for f in intake.taken] == ["2026-01-01"]
    assert [f.why_arriving() for f in intake.arriving] == [
        "papers/2026-01-02 is still arriving: no _COMPLETE and last change 0 min ago; left for the next night"
    ]
    folder = intake.arriving[0]
    assert folder.last_change is not None
    assert folder.is_complete(folder.last_change + 600)


def test_a_night_reads_only_what_is_new(
    zone: RemoteZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(zone, monkeypatch)
    for expected in (2, 2):
        cache = HashCache(tmp_path / "h.json")
        take_in(zone, "papers", LAST, cache)
        cache.save()
        assert counting.fetches == expected
    fsspec.filesystem("memory").pipe("/zone/papers/2026-01-01/a.csv", b"corrected")
    (corrected, _) = take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json")).deliveries
    assert corrected.file_sha == hashlib.sha256(b"corrected").hexdigest()
    assert counting.fetches == 3


def test_fetching_gives_the_bytes_under_their_own_name(zone: RemoteZone, tmp_path: Path) -> None:
    deliveries = take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json")).deliveries
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    found = fetch(deliveries, folder)
    assert {p.name: p.read_bytes() for p in found.values()} == {"a.csv": b"one", "b.csv.gz": b"two"}
    assert all(p.is_relative_to(folder) for p in found.values())
    assert {stat.S_IMODE(p.parent.stat().st_mode) for p in found.values()} == {0o700}


def test_what_is_read_for_its_digest_does_not_stay(
    zone: RemoteZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    Counting(zone, monkeypatch, breaks=4)
    with pytest.raises(DropZoneError):
        take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json"))
    take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json"))
    assert list(tmp_path.iterdir()) == []


def test_a_cut_connection_is_made_again_and_then_reported(
    zone: RemoteZone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = Counting(zone, monkeypatch, breaks=2)
    zone.fetch("papers/2026-01-01/a.csv", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == b"one"
    assert twice.fetches == 3

    twice.fetches, twice.breaks = 0, 99
    with pytest.raises(DropZoneError) as caught:
        zone.fetch("papers/2026-01-01/a.csv", tmp_path / "f")
    assert str(caught.value) == (
        "The drop zone memory://zone cannot be read (EOFError: connection lost). "
        "Check the address, the network and the access rights, then start the night again."
    )
    assert twice.fetches == 3


def test_other_bytes_than_a_moment_ago_are_no_delivery(zone: RemoteZone, tmp_path: Path) -> None:
    deliveries = take_in(zone, "papers", LAST, HashCache(tmp_path / "h.json")).deliveries
    fsspec.filesystem("memory").pipe("/zone/papers/2026-01-01/a.csv", b"new")
    with pytest.raises(DropZoneError, match=r"papers/2026-01-01/a\.csv changed while the night ran"):
        fetch(deliveries, tmp_path)


def test_half_a_listing_is_an_error(zone: RemoteZone, monkeypatch: pytest.MonkeyPatch) -> None:
    """fsspec's own find() would leave out the folder that it fails to list."""
    counting = Counting(zone, monkeypatch)

    def ls(path: str, detail: bool) -> Any:
        if path.endswith("sub"):
            raise OSError("connection reset")
        return counting.system.ls(path, detail=detail)

    monkeypatch.setattr(counting, "ls", ls, raising=False)
    with pytest.raises(DropZoneError, match="connection reset"):
        zone.entries("papers")


def test_no_such_place_and_no_such_protocol(zone: RemoteZone) -> None:
    with pytest.raises(DropZoneError, match="The drop zone memory://nowhere is no folder"):
        RemoteZone("memory://nowhere").check()
    with pytest.raises(DropZoneError, match="Protocol not known: carrierpigeon"):
        RemoteZone("carrierpigeon://x").check()
