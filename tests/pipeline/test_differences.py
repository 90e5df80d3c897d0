"""The field-level differences of 100,000 pairs, against datacompy, which shares nothing with the models."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import datacompy
import duckdb
import polars as pl
import pytest

from benchmarks.landed_province import adopt, make_landed
from orchestration.build_database import create_build_database
from orchestration.dbt_runs import prepare_manifest, run_dbt
from orchestration.landing.contracts import load_contracts
from orchestration.landing.store import LandedStore
from orchestration.places import DBT_PROJECT, SOURCES, Places
from tests.pipeline.building import LINK_KEY

pytestmark = pytest.mark.slow

DAY = date(2026, 9, 30)


def compared_columns() -> list[str]:
    """What the models compare, as their macro lists it."""
    macro = (DBT_PROJECT / "macros" / "pairing.sql").read_text(encoding="utf-8")
    listed = re.search(r"macro compared_columns\(\).*?return\(\[(.*?)\]\)", macro, re.DOTALL)
    assert listed
    return re.findall(r"'(\w+)'", listed[1])


def test_differences_are_those_of_datacompy(tmp_path: Path) -> None:
    prepare_manifest()
    places = Places(raw=tmp_path / "raw", data=tmp_path / "data")
    store = LandedStore(places.landed, LINK_KEY)
    deliveries = adopt(make_landed(tmp_path / "province", 100_000, 5), store, DAY, "all")
    create_build_database(places.build_database, DAY, load_contracts(SOURCES), deliveries, store)
    models = ("+int_pair_differences", "+int_dossier_pairs")
    run_dbt(
        places, "build", "--select", *models, "--exclude-resource-type", "unit_test", "test",
        target=tmp_path / "target",
    )  # fmt: skip
    columns = compared_columns()
    listed = ", ".join(["dossier_code", *columns])
    with duckdb.connect(str(places.build_database), read_only=True) as con:
        one_stop, national = (
            con.execute(f"SELECT {listed} FROM staging.stg_{side}__dossiers").pl()
            for side in ("one_stop", "national")
        )
        ours = {
            column: {
                str(code)
                for (code,) in con.execute(
                    f"""SELECT dossier_code FROM intermediate.int_pair_differences
                        WHERE one_stop_{column} IS DISTINCT FROM national_{column}"""
                ).fetchall()
            }
            for column in columns
        }
        alone = {
            side: {
                str(code)
                for (code,) in con.execute(
                    f"SELECT dossier_code FROM intermediate.int_dossier_pairs WHERE pairing = '{side}_only'"
                ).fetchall()
            }
            for side in ("one_stop", "national")
        }
    compared = datacompy.PolarsCompare(one_stop, national, join_columns="dossier_code")
    assert alone == {
        "one_stop": set(compared.df1_unq_rows["dossier_code"]),
        "national": set(compared.df2_unq_rows["dossier_code"]),
    }
    theirs = {
        column: set(compared.intersect_rows.filter(~pl.col(f"{column}_match"))["dossier_code"])
        for column in columns
    }
    assert ours == theirs
    assert len(compared.intersect_rows) > 98_000
    assert all(len(codes) > 300 for codes in (theirs["status_code"], theirs["due_at"], *alone.values()))
