"""The pipeline against the independent oracle: every row of every indicator, both directions.

Two provinces of different seeds as of 30/09/2026, one of them also as of 31/08/2026 (the later deliveries
must not be seen), and one province with rows that stand on the edge of a rule. `make oracle` compares ten
more, each with all edges; CHISO_PROVINCES says how many.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

from benchmarks.build import in_pandas
from benchmarks.floor import run_floor
from orchestration.places import Places
from tests.oracle.by_procedure import Divided, DividedKey, figures_by_procedure
from tests.oracle.comparing import (
    PipelineDossier,
    PipelineDossiers,
    Published,
    PublishedPart,
    Telling,
    figures_that_differ,
    parts_that_differ,
)
from tests.oracle.edge_files import add_edges
from tests.oracle.edges import EDGE_CASES, EdgeCases
from tests.oracle.figures import BASES, Figure, FigureKey, figures_of, read_province
from tests.oracle.rule_data import seed_rows
from tests.peak_memory import apart
from tests.pipeline.building import build
from tests.province.making import make_province
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow

SHOWN = 15
KEY = "ruleset, basis, period_type, period_start, period_end, agency_code, indicator_code"
# Working minutes by dossiers; and a component that is the same in every observation.
NO_SHARE = ("2.2", "4.6")


@dataclass(frozen=True)
class Case:
    """One night: which province, and as of when."""

    name: str
    province: Arguments
    business_date: date
    edges: EdgeCases | None = None


DAY = date(2026, 9, 30)
PLAIN = Arguments(1500, 2026, seed=15, fault_rate=0.05)
CASES = [
    Case("plain", PLAIN, DAY),
    Case("a-month-before", PLAIN, date(2026, 8, 31)),
    Case("four-deliveries", Arguments(1500, 2026, seed=13, fault_rate=0.05, deliveries=4, gzip=True), DAY),
    Case("edges", Arguments(300, 2026, seed=14, fault_rate=0.05), DAY, EDGE_CASES),
]
CASES += [
    Case(f"province-{seed}", Arguments(1200, 2026, seed=seed, fault_rate=0.05), DAY, EDGE_CASES)
    for seed in range(100, 100 + int(os.environ.get("CHISO_PROVINCES", "0")))
]


@dataclass(frozen=True)
class Compared:
    """Both computations of one night, and where it left its files."""

    places: Places
    telling: Telling
    oracle: dict[FigureKey, Figure]
    pipeline: dict[FigureKey, Published]
    oracle_parts: dict[DividedKey, Divided]
    pipeline_parts: dict[DividedKey, PublishedPart]


# what benchmarks/floor.sql computes too
FLOOR = {
    "dossier_facts", "indicator_counts", "indicator_results", "indicator_results_by_procedure", "scorecards",
    "scorecard_totals", "on_time_definitions", "on_time_differences", "synchronization_bases", "table_ii_06",
}  # fmt: skip


# A night takes long: the tests of one night stay on one worker.
@pytest.fixture(
    scope="module",
    params=[pytest.param(case, id=case.name, marks=pytest.mark.xdist_group(case.name)) for case in CASES],
)
def compared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """Make the province, build every table of it, and run the oracle on the same RAW."""
    case: Case = request.param
    out = tmp_path_factory.mktemp("oracle")
    make_province(case.province, out / "province")
    raw = out / "province" / "raw"
    if case.edges is not None:
        add_edges(raw, case.edges)
    places = build(raw, out / "data", case.business_date, FLOOR).places
    province = read_province(raw, case.business_date)
    figures = figures_of(province)
    return Compared(
        places,
        Telling(case.business_date, cache(lambda: pipeline_dossiers(places))),
        figures,
        published_figures(places),
        figures_by_procedure(province, figures),
        published_parts(places),
    )


def published_figures(places: Places) -> dict[FigureKey, Published]:
    """Every row of the mart."""
    with duckdb.connect(str(places.build_database), read_only=True) as con:
        rows = con.execute(
            f"""
            select {KEY}, agency_level, numerator, denominator, rate, points, max_points, empty_reason
            from marts.indicator_results
            """
        ).fetchall()
    figures = {FigureKey(*row[:7]): Published(*row[7:]) for row in rows}
    assert len(figures) == len(rows), "indicator_results has two rows of one key"
    return figures


def published_parts(places: Places) -> dict[DividedKey, PublishedPart]:
    """Every row of the mart by field and procedure."""
    with duckdb.connect(str(places.build_database), read_only=True) as con:
        rows = con.execute(
            f"""
            select {KEY}, field_code, procedure_code, numerator, denominator
            from marts.indicator_results_by_procedure
            """
        ).fetchall()
    parts = {DividedKey(FigureKey(*row[:7]), *row[7:9]): PublishedPart(*row[9:]) for row in rows}
    assert len(parts) == len(rows), "indicator_results_by_procedure has two rows of one key"
    return parts


def pipeline_dossiers(places: Places) -> PipelineDossiers:
    """What the pipeline holds of each dossier, for the message of a failure only."""
    with duckdb.connect(str(places.build_database), read_only=True) as build:
        rows = build.execute(
            """
            select basis, dossier_code, is_received, is_on_time, open_due_on, has_petition, counted_due_at,
                ended_at
            from intermediate.int_dossiers
            """
        ).fetchall()
    return {(row[0], row[1]): PipelineDossier(*row[2:]) for row in rows}


def is_telling(figure: Figure) -> bool:
    """Whether some members count and some do not."""
    numerator, denominator = figure.numerator, figure.denominator
    return numerator is not None and denominator is not None and 0 < numerator < denominator


def test_every_figure_is_the_oracles(compared: Compared) -> None:
    """No figure is missing on a side or says something else; and there is something to compare."""
    oracle, pipeline = compared.oracle, compared.pipeline
    found = figures_that_differ(oracle, pipeline)
    told = [compared.telling.figure(key, oracle.get(key), pipeline.get(key)) for key in found[:SHOWN]]
    assert not found, f"{len(found)} of {len(oracle)} figures differ:\n" + "\n".join(told)
    assert len(oracle) > 100_000
    shares = {(key.basis, key.indicator_code) for key, figure in oracle.items() if is_telling(figure)}
    for indicator in {row["indicator_code"] for row in seed_rows("rule_sets/indicators")} - {*NO_SHARE}:
        for basis in BASES:
            assert (basis, indicator) in shares, f"no telling figure of {indicator} on the basis {basis}"


def test_every_figure_of_a_procedure_is_the_oracles(compared: Compared) -> None:
    """The same for the figures that are divided by field and procedure."""
    oracle, pipeline = compared.oracle_parts, compared.pipeline_parts
    found = parts_that_differ(oracle, pipeline)
    told = [compared.telling.part(key, oracle.get(key), pipeline.get(key)) for key in found[:SHOWN]]
    assert not found, f"{len(found)} of {len(oracle)} divided figures differ:\n" + "\n".join(told)
    assert len(oracle) > 10_000


def test_what_the_build_is_measured_against_says_the_same(compared: Compared, tmp_path: Path) -> None:
    """The floor and pandas, each in a process of its own."""
    places = compared.places
    floor, _ = apart(run_floor, places.build_database, tmp_path)
    assert floor.differing == []
    assert {mart for mart, (rows, _) in floor.marts.items() if rows} == set(floor.marts)
    assert set(floor.marts) == FLOOR
    (_, differ), _ = apart(in_pandas, places.landed, places.build_database)
    assert differ == 0
