"""The interval of the satisfaction index against scipy's."""

from __future__ import annotations

import importlib.util
from decimal import Decimal

import pytest
from scipy.stats import binomtest  # type: ignore[import-untyped]

from orchestration.places import DBT_PROJECT

MODEL = DBT_PROJECT / "models" / "marts" / "steering" / "satisfaction_index.py"


@pytest.mark.parametrize("answers", [1, 2, 7, 30, 1_000, 123_457])
def test_the_interval_is_scipys(answers: int) -> None:
    specification = importlib.util.spec_from_file_location("satisfaction_index", MODEL)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    for satisfied in sorted({0, 1, answers // 3, answers // 2, answers - 1, answers}):
        expected = binomtest(satisfied, answers).proportion_ci(0.95, method="wilson")
        for ours, theirs in zip(module.wilson(satisfied, answers), expected, strict=True):
            assert abs(ours - Decimal(float(theirs))) < Decimal("1e-12"), f"{satisfied} of {answers}"
