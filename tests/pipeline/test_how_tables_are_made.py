"""The project's own way to make tables and views (decision 0033), in a small dbt project with its macros."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.dbt_runs import build_environment, dbt_executable
from orchestration.places import DBT_PROJECT, Places

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("how tables are made")]

# dbt's own date_spine asks the database while it is compiled, and begins a transaction to do so
ASKS = """{{ dbt.date_spine('day', "cast('2026-01-01' as date)", "cast('2026-01-04' as date)") }}"""


def run(folder: Path, models: dict[str, tuple[str, str, dict[str, str] | None]]) -> dict[str, str]:
    """Model → what dbt says of it, after a run of these: (materialized, SQL, contract: column → type)."""
    project = folder / "project"
    (project / "models").mkdir(parents=True, exist_ok=True)
    for name, (kind, sql, _) in models.items():
        text = f"{{{{ config(materialized='{kind}') }}}}\n{sql}"
        (project / "models" / f"{name}.sql").write_text(text, encoding="utf-8")
    told: list[dict[str, Any]] = [
        {
            "name": name,
            "config": {"contract": {"enforced": True}},
            "columns": [{"name": column, "data_type": kind} for column, kind in contract.items()],
        }
        for name, (_, _, contract) in models.items()
        if contract is not None
    ]
    (project / "models" / "models.yml").write_text(yaml.safe_dump({"models": told}), encoding="utf-8")
    settings = {"name": "tried", "profile": "chiso", "macro-paths": [str(DBT_PROJECT / "macros")]}
    (project / "dbt_project.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    places = Places(raw=folder / "raw", data=folder / "data")
    places.build.mkdir(parents=True, exist_ok=True)
    target = folder / "target"
    command = [dbt_executable(), "run", "--project-dir", str(project), "--profiles-dir", str(DBT_PROJECT)]
    done = subprocess.run(
        [*command, "--target-path", str(target), "--log-path", str(target)],
        env={**os.environ, **build_environment(places)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (target / "run_results.json").exists(), done.stdout
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {
        r["unique_id"].split(".")[2]: "made" if r["status"] == "success" else str(r["message"])
        for r in results
    }


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    places = Places(raw=folder / "raw", data=folder / "data")
    with duckdb.connect(str(places.build_database), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_tables_and_views_take_the_place_of_what_was_there(tmp_path: Path) -> None:
    first = run(
        tmp_path,
        {"one": ("table", "select 1 as a", None), "other": ("view", "select 1 as a", None),
         "same": ("table", "select 1 as a", None), "asks": ("view", ASKS, None)},
    )  # fmt: skip
    assert set(first.values()) == {"made"}, first
    second = run(
        tmp_path,
        {"one": ("view", "select 2 as a", None), "other": ("table", "select 2 as a", None),
         "same": ("table", "select 2 as a", None), "asks": ("table", ASKS, None)},
    )  # fmt: skip
    assert set(second.values()) == {"made"}, second
    made = rows(tmp_path, "SELECT table_name, table_type FROM information_schema.tables ORDER BY table_name")
    assert made == [("asks", "BASE TABLE"), ("one", "VIEW"), ("other", "BASE TABLE"), ("same", "BASE TABLE")]
    assert rows(tmp_path, "SELECT (FROM one), (FROM other), (FROM same), (SELECT count(*) FROM asks)") == [
        (2, 2, 2, 3)
    ]


@pytest.mark.parametrize("kind", ["table", "view"])
def test_a_model_that_breaks_its_contract_is_not_made(tmp_path: Path, kind: str) -> None:
    sql = "select cast(1 as integer) as a, cast('x' as string) as b"
    found = run(
        tmp_path,
        {
            "held": (kind, sql, {"a": "integer", "b": "string"}),
            "other_type": (kind, sql, {"a": "bigint", "b": "string"}),
            "one_too_many": (kind, sql, {"a": "integer"}),
            "one_missing": (kind, sql, {"a": "integer", "b": "string", "c": "date"}),
        },
    )
    assert found.pop("held") == "made"
    for name, words in found.items():
        assert "contract" in words, f"{name}: {words}"
    assert rows(tmp_path, "SELECT table_name FROM information_schema.tables") == [("held",)]
