"""The discrepancies that were planted are found, all of them and no others."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.pipeline.conftest import CLEAN, Province, Run, run
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow


def expected(truth: Path) -> set[tuple[object, ...]]:
    """(dossier, rule) of the truth file."""
    with (truth / "faults.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["dossier_code"], rule)
            for row in csv.DictReader(stream)
            for rule in row["expected_findings"].split(";")
        }


def found(ran: Run) -> set[tuple[object, ...]]:
    """(dossier, rule) of the published findings."""
    return set(ran.rows("SELECT dossier_code, rule_code FROM sync_findings"))


@pytest.mark.parametrize("seed", [11, 22, 33])
def test_planted_faults_are_found_and_no_others(
    make: Callable[[Arguments], Province], tmp_path: Path, seed: int
) -> None:
    province = make(Arguments(dossiers=1500, seed=seed, fault_rate=0.06))
    ran = run(province.raw, tmp_path / "data")
    assert ran.night.published, ran.messages
    truth = expected(province.truth)
    assert {rule for _, rule in truth} == {
        "missing_on_national",
        "missing_on_one_stop",
        "status_differs",
        "due_differs",
    }
    assert sorted(truth - found(ran)) == [], "planted, but not found"
    assert sorted(found(ran) - truth) == [], "found, but not planted"

    # both sides' values, and they differ
    values = ran.rows("SELECT dossier_code, rule_code, one_stop_value, national_value FROM sync_findings")
    for dossier, rule, one_stop, national in values:
        assert one_stop != national, f"{dossier}: {rule} shows the same value twice"
    ids = ran.rows("SELECT count(DISTINCT finding_id), count(*) FROM sync_findings")
    assert ids[0][0] == ids[0][1] == len(truth)


@pytest.mark.xdist_group("clean night")
def test_a_clean_province_has_no_findings(clean_night: Run) -> None:
    assert clean_night.rows("SELECT * FROM sync_findings") == []
    # both sides hold the same, so both bases say the same
    differing = clean_night.rows(
        """SELECT a.agency_code, a.indicator_code, a.period_start, a.numerator, b.numerator
           FROM indicator_results a JOIN indicator_results b
             USING (ruleset, period_type, period_start, agency_code, indicator_code)
           WHERE a.basis = 'national' AND b.basis = 'one_stop'
             AND (a.numerator <> b.numerator OR a.denominator <> b.denominator)"""
    )
    assert differing == []


def test_a_night_sees_only_what_was_delivered_by_its_date(
    make: Callable[[Arguments], Province], tmp_path: Path
) -> None:
    """The night of 31 August is the same whether or not September's extracts lie there already."""
    province = make(CLEAN)
    with_september = run(province.raw, tmp_path / "with", date(2026, 8, 31))
    assert with_september.night.published, with_september.messages
    until_august = tmp_path / "until_august"
    for folder in province.raw.glob("*/2026-08-31"):
        target = until_august / folder.parent.name
        target.mkdir(parents=True)
        (target / folder.name).symlink_to(folder)
    alone = run(until_august, tmp_path / "alone", date(2026, 8, 31))
    assert alone.night.published, alone.messages
    assert _hashes(alone) == _hashes(with_september)
    assert alone.rows("SELECT max(period_start) FROM scorecards WHERE period_type = 'month'") == [
        (date(2026, 8, 1),)
    ]


def _hashes(ran: Run) -> dict[str, bytes]:
    folder = ran.places.releases / "current"
    return {p.name: p.read_bytes() for p in sorted(folder.glob("*.parquet"))}
