"""What counts as a delivery, when a folder is complete, and the memory of digests."""

from __future__ import annotations

import hashlib
import json
import os
import time
from datetime import date
from pathlib import Path

import pytest

from orchestration.landing.deliveries import (
    DeliveryFolder,
    HashCache,
    date_folders,
    fetch,
    find_deliveries,
    take_in,
)
from tests.unit.helpers import LAST, put

NOON = 1_800_000_000.0


def looked_at(folder: Path) -> DeliveryFolder:
    """The delivery folder as it stands now: it is looked into once only."""
    (found,) = [f for _, f in date_folders(folder.parents[1], folder.parent.name, LAST)]
    return found


def aged(folder: Path, seconds: float) -> None:
    """As if everything in the folder had changed so many seconds before NOON."""
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (NOON - seconds, NOON - seconds))


def test_only_folders_named_as_a_date_up_to_the_business_date(tmp_path: Path) -> None:
    for name in ("2026-01-02", "2026-01-01", "2026-01-03", "2026-02-30", "2026-1-1", "20260101", "tmp"):
        (tmp_path / "papers" / name).mkdir(parents=True)
    (tmp_path / "papers" / "2025-12-31").write_text("a file, not a folder")
    found = date_folders(tmp_path, "papers", date(2026, 1, 2))
    assert [(day, folder.name) for day, folder in found] == [
        (date(2026, 1, 1), "2026-01-01"),
        (date(2026, 1, 2), "2026-01-02"),
    ]
    assert date_folders(tmp_path, "letters", date(2026, 1, 2)) == []


def test_markers_and_hidden_files_are_no_data(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "sub/c.json", "_COMPLETE", "_note.txt", ".DS_Store", ".part/d.json"):
        put(tmp_path, name, "x")
    folder = tmp_path / "papers" / "2026-03-31"
    assert [e.name for e in looked_at(folder).data_files] == [
        "a.json",
        "b.json",
        "sub/c.json",
    ]


def test_a_folder_with_its_marker_is_complete_at_once(tmp_path: Path) -> None:
    folder = put(tmp_path, "a.json", "x").parent
    aged(folder, 0)
    assert not looked_at(folder).is_complete(NOON)
    assert not looked_at(folder).has_marker
    put(tmp_path, "_COMPLETE", "")
    aged(folder, 0)
    assert looked_at(folder).is_complete(NOON)
    assert looked_at(folder).has_marker


@pytest.mark.parametrize(("seconds", "complete"), [(599, False), (600, True), (86_400, True)])
def test_without_marker_a_folder_is_complete_after_ten_quiet_minutes(
    tmp_path: Path, seconds: float, complete: bool
) -> None:
    folder = put(tmp_path, "a.json", "x").parent
    put(tmp_path, "b.json", "x")
    aged(folder, seconds)
    assert looked_at(folder).is_complete(NOON) is complete


def test_one_fresh_file_keeps_a_folder_open(tmp_path: Path) -> None:
    folder = put(tmp_path, "a.json", "x").parent
    fresh = put(tmp_path, "sub/b.json", "x")
    aged(folder, 3600)
    os.utime(fresh, (NOON - 10, NOON - 10))
    assert not looked_at(folder).is_complete(NOON)


def test_an_empty_folder_is_never_complete_without_marker(tmp_path: Path) -> None:
    folder = tmp_path / "papers" / "2026-03-31"
    folder.mkdir(parents=True)
    aged(folder, 86_400)
    assert not looked_at(folder).is_complete(NOON)


def test_deliveries_are_found_oldest_first_then_by_name(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "two", day="2026-01-01")
    put(tmp_path, "a.csv", "one", day="2026-01-01")
    put(tmp_path, "sub/0.csv", "three", day="2025-12-31")
    put(tmp_path, "later.csv", "four", day="2026-01-02")
    put(tmp_path, "_COMPLETE", "", day="2026-01-01")
    found = find_deliveries(tmp_path, "papers", date(2026, 1, 1), HashCache(tmp_path / "h.json"))
    assert [(d.delivered_on.isoformat(), d.file_name, d.size, d.file_sha) for d in found] == [
        ("2025-12-31", "papers/2025-12-31/sub/0.csv", 5, hashlib.sha256(b"three").hexdigest()),
        ("2026-01-01", "papers/2026-01-01/a.csv", 3, hashlib.sha256(b"one").hexdigest()),
        ("2026-01-01", "papers/2026-01-01/b.csv", 3, hashlib.sha256(b"two").hexdigest()),
    ]


def test_the_same_bytes_under_two_names_have_one_digest(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "same")
    put(tmp_path, "b.csv", "same")
    found = find_deliveries(tmp_path, "papers", LAST, HashCache(tmp_path / "h.json"))
    assert [d.path.name for d in found] == ["a.csv", "b.csv"]
    assert {d.file_sha for d in found} == {hashlib.sha256(b"same").hexdigest()}


def test_a_file_is_not_read_again_while_size_and_time_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("one")
    os.utime(file, ns=(1_000, 1_000))
    first = HashCache(tmp_path / "cache" / "h.json")
    assert first.sha256(file) == hashlib.sha256(b"one").hexdigest()
    first.save()

    # other bytes, but the same size and time: only who reads could know
    file.write_text("two")
    os.utime(file, ns=(1_000, 1_000))
    second = HashCache(tmp_path / "cache" / "h.json")
    assert second.sha256(file) == hashlib.sha256(b"one").hexdigest()

    os.utime(file, ns=(1_000, 2_000))
    assert second.sha256(file) == hashlib.sha256(b"two").hexdigest()
    file.write_text("three")
    os.utime(file, ns=(1_000, 2_000))
    assert second.sha256(file) == hashlib.sha256(b"three").hexdigest()


def test_saving_keeps_what_other_runs_knew(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        cache = HashCache(tmp_path / "h.json")
        cache.sha256(tmp_path / name)
        cache.save()
    known = json.loads((tmp_path / "h.json").read_text())
    assert set(known) == {str(tmp_path / "a"), str(tmp_path / "b")}
    assert [p.name for p in tmp_path.glob("*.tmp")] == []


@pytest.mark.parametrize(
    "content",
    [b"", b'{"a": [1, 2', b"[]", b"null", b"\xff\xfe\x00", b"\x00" * 100],
    ids=["empty", "cut", "a list", "null", "no text", "zeros"],
)
def test_a_broken_cache_file_costs_one_more_reading(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "h.json").write_bytes(content)
    (tmp_path / "a").write_text("one")
    cache = HashCache(tmp_path / "h.json")
    assert cache.sha256(tmp_path / "a") == hashlib.sha256(b"one").hexdigest()
    cache.save()
    assert list(json.loads((tmp_path / "h.json").read_text())) == [str(tmp_path / "a")]


def test_a_folder_that_is_still_arriving_is_left_for_the_next_night(tmp_path: Path) -> None:
    put(tmp_path, "a.json", "marked", day="2026-01-01")
    put(tmp_path, "_COMPLETE", "", day="2026-01-01")
    old = put(tmp_path, "a.json", "quiet", day="2026-01-02").parent
    then = time.time() - 700
    for path in [*old.rglob("*"), old]:
        os.utime(path, (then, then))
    young = put(tmp_path, "a.json", "half", day="2026-01-03").parent
    then = time.time() - 130
    for path in [*young.rglob("*"), young]:
        os.utime(path, (then, then))
    (tmp_path / "papers" / "2026-01-04").mkdir()

    night = take_in(tmp_path, "papers", LAST, HashCache(tmp_path / "h.json"), only_complete=True)
    assert [d.file_name for d in night.deliveries] == ["papers/2026-01-01/a.json", "papers/2026-01-02/a.json"]
    assert [f.name for f in night.taken] == ["2026-01-01", "2026-01-02"]
    assert [f.why_arriving() for f in night.arriving] == [
        f"papers/2026-01-0{day} is still arriving: no _COMPLETE and {state}; left for the next night"
        for day, state in ((3, "last change 2 min ago"), (4, "no file yet"))
    ]

    by_hand = take_in(tmp_path, "papers", LAST, HashCache(tmp_path / "h.json"))
    assert [f.name for f in by_hand.taken if not f.has_marker] == ["2026-01-02", "2026-01-03", "2026-01-04"]
    assert by_hand.arriving == []

    put(tmp_path, "_COMPLETE", "", day="2026-01-03")
    next_night = take_in(tmp_path, "papers", LAST, HashCache(tmp_path / "h.json"), only_complete=True)
    assert [f.name for f in next_night.arriving] == ["2026-01-04"]
    assert next_night.deliveries[-1].file_name == "papers/2026-01-03/a.json"


def test_what_is_here_is_not_copied(tmp_path: Path) -> None:
    file = put(tmp_path / "raw", "a.csv", "one")
    deliveries = find_deliveries(tmp_path / "raw", "papers", LAST, HashCache(tmp_path / "h.json"))
    assert fetch(deliveries, tmp_path / "nowhere") == {deliveries[0].file_sha: file}
    assert not (tmp_path / "nowhere").exists()
