"""What was planted is found, all of it and nothing else: every rule, alone and in pairs."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.pipeline.building import Built, build
from tests.pipeline.conftest import CLEAN, LAST_DAY, SEEDS, Province, Run, clean, planted
from tests.province.plan import Arguments
from tests.province.planting import fault_codes
from tests.province.rearranging import shuffled, swapped

pytestmark = pytest.mark.slow

Findings = set[tuple[object, ...]]
# what is built where findings alone are looked at
FOUND = ("int_found_tonight", "count_bridge")
# Found alike whichever side is which, with the values changed over.
SYMMETRIC = (
    "channel_differs", "code_form_differs", "day_month_swapped", "due_differs", "ended_differs",
    "filed_differs", "owner_type_differs", "payment_flag_differs", "procedure_differs", "received_differs",
    "status_differs", "time_shifted",
)  # fmt: skip


def expected(truth: Path) -> Findings:
    """(dossier or agency, rule) of the truth file."""
    with (truth / "faults.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["dossier_code"], rule)
            for row in csv.DictReader(stream)
            for rule in row["expected_findings"].split(";")
        }


def found(built: Built) -> Findings:
    """The same of what was found."""
    return set(
        built.rows(
            """SELECT coalesce(dossier_code, 'agency:' || agency_code), rule_code
               FROM intermediate.int_found_tonight"""
        )
    )


def the_bridge_closes(built: Built) -> None:
    """Of every unit and period the labelled findings are the whole difference between the two counts."""
    open_ = built.rows(
        """SELECT period_type, period_start, agency_code, difference, sum(dossiers), max(label)
           FROM marts.count_bridge GROUP BY ALL
           HAVING national_received - one_stop_received <> difference OR sum(dossiers) <> difference
               OR bool_or(label = 'unexplained')"""
    )
    assert open_ == []
    assert built.rows("SELECT count(*) FROM marts.count_bridge WHERE dossiers <> 0")[0][0]


def the_same(there: Findings, truth: Findings) -> None:
    assert sorted(truth - there) == [], "planted, but not found"
    assert sorted(there - truth) == [], "found, but not planted"


@pytest.mark.xdist_group("findings")
def test_every_fault_is_found_and_nothing_else(faulty: tuple[Province, Built]) -> None:
    province, built = faulty
    truth = expected(province.truth)
    the_same(found(built), truth)
    rules = {str(code) for (code,) in built.rows("SELECT rule_code FROM seeds.sync_rules")}
    assert {rule for _, rule in truth} == rules, "a rule that no fault was planted for, or the reverse"
    ids = built.rows("SELECT count(DISTINCT finding_id), count(*) FROM intermediate.int_found_tonight")
    assert ids[0][0] == ids[0][1]
    the_bridge_closes(built)


@pytest.mark.parametrize("seed", SEEDS[1:])
def test_every_fault_is_found_on_other_provinces(
    make: Callable[[Arguments], Province], tmp_path: Path, seed: int
) -> None:
    province = planted(make, seed, tmp_path)
    built = build(province.raw, tmp_path / "data", LAST_DAY, FOUND)
    the_same(found(built), expected(province.truth))
    the_bridge_closes(built)


@pytest.mark.xdist_group("findings")
def test_sides_that_change_places_mirror_the_findings(faulty: tuple[Province, Built], tmp_path: Path) -> None:
    province, built = faulty
    swapped(province.raw, tmp_path / "raw")
    mirrored = build(tmp_path / "raw", tmp_path / "data", LAST_DAY, FOUND)
    rules = ", ".join(f"'{code}'" for code in SYMMETRIC)
    sql = f"""SELECT rule_code, field, {{}}, {{}} FROM intermediate.int_found_tonight
              WHERE rule_code IN ({rules}) ORDER BY ALL"""
    there = mirrored.rows(sql.format("national_value", "one_stop_value"))
    assert there == built.rows(sql.format("one_stop_value", "national_value"))
    assert len({row[0] for row in there}) == len(SYMMETRIC)
    missing = """SELECT dossier_code FROM intermediate.int_found_tonight AS findings
                 WHERE rule_code = '{}' AND dossier_code NOT IN (
                     SELECT dossier_code FROM intermediate.int_dossier_pairs WHERE is_deleted)
                 ORDER BY ALL"""
    for one, other in (("national", "one_stop"), ("one_stop", "national")):
        was = built.rows(missing.format(f"missing_on_{one}"))
        assert was
        assert set(was) <= set(mirrored.rows(missing.format(f"missing_on_{other}")))


@pytest.mark.xdist_group("findings")
def test_other_files_and_another_order_change_nothing(faulty: tuple[Province, Built], tmp_path: Path) -> None:
    province, built = faulty
    shuffled(province.raw, tmp_path / "raw", 7)
    again = build(tmp_path / "raw", tmp_path / "data", LAST_DAY, FOUND)
    sql = "SELECT * EXCLUDE (seen_since_on) FROM intermediate.int_found_tonight ORDER BY finding_id"
    assert again.rows(sql) == built.rows(sql)


@pytest.mark.xdist_group("findings")
def test_put_right_they_are_gone(
    make: Callable[[Arguments], Province], faulty: tuple[Province, Built], tmp_path: Path
) -> None:
    """The next night works on the files that were corrected, and finds half of the faults less, then none."""
    codes = fault_codes()
    half = planted(make, SEEDS[0], tmp_path / "half", codes=set(codes[::2]))
    raw = tmp_path / "raw"
    shutil.copytree(faulty[0].raw, raw)
    first = build(raw, tmp_path / "data", LAST_DAY, FOUND)
    assert found(first) == found(faulty[1])
    for province in (half, make(clean(SEEDS[0]))):
        shutil.rmtree(raw)
        shutil.copytree(province.raw, raw)
        truth = expected(province.truth) if province is half else set()
        the_same(found(build(raw, tmp_path / "data", LAST_DAY, FOUND)), truth)


def test_recoded_copies_are_matched(make: Callable[[Arguments], Province], tmp_path: Path) -> None:
    """Recall and precision of the relaxed layer, among as many copies that really have no counterpart."""
    codes = {"recoded", "missing_on_national", "missing_on_one_stop"}
    province = planted(make, SEEDS[0], tmp_path, per_fault=100, codes=codes)
    truth = {dossier for dossier, rule in expected(province.truth) if rule == "recoded"}
    built = build(province.raw, tmp_path / "data", LAST_DAY, FOUND)
    matched = {dossier for dossier, rule in found(built) if rule == "recoded"}
    assert len(truth) == 100
    recall, precision = len(matched & truth) / len(truth), len(matched & truth) / len(matched)
    assert (recall, precision) == (1, 1), f"recall {recall:.2f}, precision {precision:.2f}"


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
    august = date(2026, 8, 31)
    with_september = build(province.raw, tmp_path / "with", august)
    until_august = tmp_path / "until_august"
    for folder in province.raw.glob("*/2026-08-31"):
        target = until_august / folder.parent.name
        target.mkdir(parents=True)
        (target / folder.name).symlink_to(folder)
    alone = build(until_august, tmp_path / "alone", august)
    assert _sums(alone) == _sums(with_september)
    assert alone.rows("SELECT max(period_start) FROM marts.scorecards WHERE period_type = 'month'") == [
        (date(2026, 8, 1),)
    ]


def _sums(built: Built) -> dict[str, list[tuple[object, ...]]]:
    """Of every mart the number of its rows and the sum of their hashes."""
    marts = built.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'marts'")
    sql = "SELECT count(*), sum(CAST(hash(mart) AS HUGEINT)) FROM marts.{} AS mart"
    return {str(name): built.rows(sql.format(name)) for (name,) in marts}
