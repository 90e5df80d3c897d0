"""The code location: everything that should load does, and the schedule asks for the right night."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.places import DBT_PROJECT, ROOT

SOURCE_NAMES = sorted(path.stem for path in (ROOT / "raw" / "sources").glob("*.yml"))


@pytest.fixture(scope="module")
def repository() -> Any:
    return defs.get_repository_def()


def test_every_source_model_and_seed_is_an_asset(repository: Any) -> None:
    """Expected keys come from the files on disk: an asset that vanished from the graph is missed here."""
    paths = [p for p in (DBT_PROJECT / "models").rglob("*") if p.suffix in (".sql", ".py")]
    # rules are ephemeral: part of the statements that read them, and no asset
    models = {
        (path.relative_to(DBT_PROJECT / "models").parts[0], path.stem)
        for path in paths
        if "rules" not in path.parts
    }
    seeds = {("seeds", path.stem) for path in (DBT_PROJECT / "seeds").rglob("*.csv")}
    landed = {("landed", name) for name in SOURCE_NAMES}
    expected = models | seeds | landed | {("build_database",), ("release",)}
    assert {tuple(key.path) for key in repository.asset_graph.materializable_asset_keys} == expected


def test_every_asset_has_an_owner_a_group_and_words(repository: Any) -> None:
    for key in repository.asset_graph.materializable_asset_keys:
        node = repository.asset_graph.get(key)
        assert node.owners == ["team:data-engineering"], key
        assert node.group_name in {
            "landing", "staging", "intermediate", "marts", "seeds", "publishing"
        }, key  # fmt: skip
        assert node.description, key


@pytest.mark.parametrize("source", SOURCE_NAMES)
def test_both_checks_of_a_landed_source_block(repository: Any, source: str) -> None:
    key = dg.AssetKey(["landed", source])
    checks = {c.name: c for c in repository.asset_graph.asset_check_keys if c.asset_key == key}
    assert set(checks) == {"delivery", "expectations", "freshness"}
    for check in checks.values():
        assert repository.asset_graph.get(check).blocking, check


def test_every_data_test_of_dbt_is_an_asset_check(repository: Any) -> None:
    """Those of models, one primary key each, and those of relations, as the files have them.

    A test that Dagster attaches to nothing still runs, but no manifest and no summary names it.
    """
    declared = {
        f"{path.stem} primary_key"
        for path in (DBT_PROJECT / "models").rglob("*.yml")
        if "primary_key:" in path.read_text(encoding="utf-8")
    }
    declared |= {path.stem for path in (DBT_PROJECT / "tests" / "relations").glob("*.sql")}
    loaded = set()
    for check in repository.asset_graph.asset_check_keys:
        is_key = check.name.endswith("__primary_key") and check.asset_key.path[0] != "seeds"
        loaded.add(f"{check.asset_key.path[-1]} primary_key" if is_key else check.name)
    assert declared - loaded == set()
    assert {name for name in loaded if name.endswith(" primary_key")} <= declared


@pytest.mark.parametrize(
    ("tick", "business_date"),
    [
        # 01:00 in Vietnam is 18:00 UTC of the day before: the date must not come from UTC
        ("2026-10-01T01:00:00+07:00", "2026-09-30"),
        ("2026-09-30T18:00:00+00:00", "2026-09-30"),
        ("2027-01-01T01:00:00+07:00", "2026-12-31"),
    ],
)
def test_the_schedule_runs_nightly_for_the_day_before(repository: Any, tick: str, business_date: str) -> None:
    schedule = repository.get_schedule_def("nightly_at_one")
    assert (schedule.job_name, schedule.cron_schedule) == ("nightly", "0 1 * * *")
    assert schedule.execution_timezone == "Asia/Ho_Chi_Minh"
    with dg.build_schedule_context(scheduled_execution_time=datetime.fromisoformat(tick)) as context:
        requests = schedule.evaluate_tick(context).run_requests
    assert [request.partition_key for request in requests] == [business_date]
