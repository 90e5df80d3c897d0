"""The pipeline against the independent oracle: every row of eight indicators, both directions.

Three provinces of different seeds as of 30/09/2026, one of them also as of 31/08/2026 (the later deliveries must
not be seen), and one province with rows that stand on the edge of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

from orchestration.nightly import run_night
from orchestration.places import Places
from tests.oracle.comparing import PipelineDossier, Published, differences
from tests.oracle.figures import INDICATORS, Figure, FigureKey, figures_of, read_province
from tests.oracle.periods import YEAR
from tests.province.making import make_province
from tests.province.plan import Arguments

pytestmark = pytest.mark.slow

DOSSIERS = 1500
FAULT_RATE = 0.05
SHOWN = 15

MakeRaw = Callable[[int], Path]


@dataclass(frozen=True)
class Case:
    """One night to compare."""

    seed: int
    business_date: date

    def __str__(self) -> str:
        return f"seed-{self.seed}-{self.business_date}"


CASES = [
    Case(11, date(2026, 9, 30)),
    Case(11, date(2026, 8, 31)),
    Case(12, date(2026, 9, 30)),
    Case(13, date(2026, 9, 30)),
]


@dataclass(frozen=True)
class Compared:
    """Both computations of one night."""

    business_date: date
    oracle: dict[FigureKey, Figure]
    pipeline: dict[FigureKey, Published]
    dossiers: dict[tuple[str, str], PipelineDossier]


@pytest.fixture(scope="session")
def make_raw(tmp_path_factory: pytest.TempPathFactory) -> MakeRaw:
    """The extracts of a made-up province, made once for each seed."""

    @cache
    def make(seed: int) -> Path:
        out = tmp_path_factory.mktemp(f"oracle-seed-{seed}")
        make_province(Arguments(DOSSIERS, YEAR, seed=seed, fault_rate=FAULT_RATE), out)
        return out / "raw"

    return make


@pytest.fixture(scope="session", params=CASES, ids=str)
def compared(
    request: pytest.FixtureRequest, make_raw: MakeRaw, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Compared]:
    """One night of the real pipeline, and the oracle on the same extracts."""
    case: Case = request.param
    yield compare(make_raw(case.seed), tmp_path_factory.mktemp("oracle-data"), case.business_date)


def compare(raw: Path, data: Path, business_date: date) -> Compared:
    """Run the night into an empty DATA, and the oracle on the same RAW."""
    places = Places(raw, data)
    night = run_night(business_date, places, lambda news: None)
    assert night.published, f"the night did not publish: {night.errors} {night.not_passed}"
    oracle = figures_of(read_province(raw, business_date))
    return Compared(business_date, oracle, published_figures(places), pipeline_dossiers(places))


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


def test_every_figure_is_the_oracles(compared: Compared) -> None:
    found = differences(compared.oracle, compared.pipeline, compared.business_date, compared.dossiers)
    assert not found, f"{len(found)} of {len(compared.oracle)} figures differ:\n" + "\n".join(found[:SHOWN])


def test_the_comparison_is_not_empty(compared: Compared) -> None:
    """Every indicator has figures that are neither empty nor nothing nor all, on both bases."""
    assert len(compared.oracle) > 10_000
    for basis in ("one_stop", "national"):
        for indicator in INDICATORS:
            assert any(
                0 < figure.numerator < figure.denominator
                for key, figure in compared.oracle.items()
                if (key.basis, key.indicator_code) == (basis, indicator)
            ), f"no telling figure of {indicator} on the basis {basis}"
