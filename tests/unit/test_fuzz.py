"""A small form of `benchmarks.fuzz_landing`: spoiled files of every form, none of which may do harm."""

from __future__ import annotations

from benchmarks.fuzz_landing import fuzz, spoiled


def test_spoiled_files_do_no_harm() -> None:
    found = list(fuzz(seed=2026, numbers=range(60)))
    assert {n: r.violations for n, r in found if r.violations} == {}
    assert sum(r.landed for _, r in found) > 200, "most are spoiled only in part"
    assert sum(r.quarantined for _, r in found) > 20


def test_the_same_seed_spoils_the_same_way() -> None:
    assert [spoiled(5, n) for n in range(20)] == [spoiled(5, n) for n in range(20)]
    assert spoiled(5, 1) != spoiled(6, 1)
