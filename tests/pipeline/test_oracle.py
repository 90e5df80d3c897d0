"""The pipeline against the independent oracle: every row of eight indicators, both directions.

Three provinces of different seeds as of 30/09/2026, one of them also as of 31/08/2026 (the later deliveries
must not be seen), and one province with rows that stand on the edge of a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.nightly import run_night
from orchestration.places import Places
from tests.oracle.comparing import PipelineDossier, Published, differences
from tests.oracle.edge_files import add_edges
from tests.oracle.edges import EDGE_CASES, EdgeCases
from tests.oracle.figures import INDICATORS, Figure, FigureKey, figures_of, read_province
from tests.oracle.periods import YEAR
from tests.province.making import make_province
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow

SHOWN = 15


@dataclass(frozen=True)
class Case:
    """One night: which province, and as of when."""

    name: str
    province: Arguments
    business_date: date
    edges: EdgeCases | None = None

    def __str__(self) -> str:
        return self.name


DAY = date(2026, 9, 30)
PLAIN = Arguments(1500, YEAR, seed=11, fault_rate=0.05)
CASES = [
    Case("plain", PLAIN, DAY),
    Case("a-month-before", PLAIN, date(2026, 8, 31)),
    Case("packed", Arguments(1500, YEAR, seed=12, fault_rate=0.05, gzip=True), DAY),
    Case("four-deliveries", Arguments(1500, YEAR, seed=13, fault_rate=0.05, deliveries=4), DAY),
    Case("edges", Arguments(300, YEAR, seed=14, fault_rate=0.05), DAY, EDGE_CASES),
]


@dataclass(frozen=True)
class Compared:
    """Both computations of one night."""

    business_date: date
    oracle: dict[FigureKey, Figure]
    pipeline: dict[FigureKey, Published]
    dossiers: dict[tuple[str, str], PipelineDossier]


def compare(case: Case, out: Path) -> Compared:
    """Make the province, run the night into an empty DATA, and the oracle on the same RAW."""
    make_province(case.province, out / "province")
    raw = out / "province" / "raw"
    places = Places(raw, out / "data")
    if case.edges is not None:
        add_edges(raw, case.edges)
    night = run_night(case.business_date, places, lambda news: None)
    assert night.published, f"the night did not publish: {night.errors} {night.not_passed}"
    oracle = figures_of(read_province(raw, case.business_date))
    return Compared(case.business_date, oracle, published_figures(places), pipeline_dossiers(places))


def published_figures(places: Places) -> dict[FigureKey, Published]:
    """Every published row of the eight indicators, months and the year."""
    mart = places.releases / "current" / "indicator_results.parquet"
    rows = duckdb.execute(
        """
        select basis, period_type, period_start, period_end, agency_code, indicator_code,
            numerator, denominator, points
        from read_parquet(?)
        where period_type in ('month', 'year')
            and list_contains(?, indicator_code)
            and period_start between make_date(?, 1, 1) and make_date(?, 12, 31)
        """,
        [str(mart), list(INDICATORS), YEAR, YEAR],
    ).fetchall()
    figures = {FigureKey(*row[:6]): Published(*row[6:]) for row in rows}
    assert len(figures) == len(rows), "indicator_results has two rows of one key"
    return figures


def pipeline_dossiers(places: Places) -> dict[tuple[str, str], PipelineDossier]:
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


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_figure_is_the_oracles(case: Case, tmp_path: Path) -> None:
    """No figure is missing on a side or has other numbers; and there is something to compare."""
    compared = compare(case, tmp_path)
    found = differences(compared.oracle, compared.pipeline, compared.business_date, compared.dossiers)
    assert not found, f"{len(found)} of {len(compared.oracle)} figures differ:\n" + "\n".join(found[:SHOWN])
    assert len(compared.oracle) > 10_000
    for basis in ("one_stop", "national"):
        for indicator in INDICATORS:
            assert any(
                0 < figure.numerator < figure.denominator
                for key, figure in compared.oracle.items()
                if (key.basis, key.indicator_code) == (basis, indicator)
            ), f"no telling figure of {indicator} on the basis {basis}"
