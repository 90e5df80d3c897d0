"""A small form of `make readers`: nobody who reads is disturbed by who publishes."""

from __future__ import annotations

from pathlib import Path

from tests.readers_under_fire import under_fire


def test_readers_see_whole_releases_and_the_newest_one(tmp_path: Path) -> None:
    seen = under_fire(tmp_path, readers=6, publications=6)
    assert [fault for reader in seen for fault in reader.faults] == []
    assert all(reader.sets > 1 and max(reader.publications) == 6 for reader in seen)
    assert any(len(reader.publications) > 2 for reader in seen)
