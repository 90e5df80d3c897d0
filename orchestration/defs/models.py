"""The dbt models as assets, their tests as asset checks, in one step."""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import metadata
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets
from packaging.version import Version

from orchestration.build_database import create_build_database, finish_build
from orchestration.dbt_runs import build_environment, code_version, dbt_executable, prepare_manifest
from orchestration.defs.landing import OWNERS, landed_key
from orchestration.defs.measures import measure
from orchestration.defs.partitions import business_dates, one_date_per_run
from orchestration.defs.resources import NightLock, Workspace
from orchestration.history import find_history
from orchestration.landing.contracts import load_contracts
from orchestration.places import DBT_PROJECT, SOURCES

BUILD_DATABASE = dg.AssetKey("build_database")


class _Translator(DagsterDbtTranslator):
    """Names and groups of dbt assets as the house has them."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        # as the table is called: two versions of a mart have one name in dbt
        return dg.AssetKey([_layer(dbt_resource_props), dbt_resource_props["alias"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return _layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return OWNERS


def _layer(dbt_resource_props: Mapping[str, Any]) -> str:
    if dbt_resource_props["resource_type"] == "seed":
        return "seeds"
    return str(dbt_resource_props["fqn"][1])


@dg.asset(
    key=BUILD_DATABASE,
    group_name="landing",
    owners=OWNERS,
    kinds={"duckdb"},
    deps=[landed_key(source) for source in load_contracts(SOURCES)],
    partitions_def=business_dates,
    backfill_policy=one_date_per_run,
    description="The private build file of the run: the landed rows it sees, its business date, and which "
    "dossiers it works on.",
)
def build_database(
    context: dg.AssetExecutionContext, workspace: Workspace, night_lock: NightLock
) -> dg.MaterializeResult:
    business_date = date.fromisoformat(context.partition_key)
    contracts, deliveries = workspace.all_deliveries(business_date)
    places = workspace.places
    build = create_build_database(
        places.build_database,
        business_date,
        contracts,
        deliveries,
        workspace.store,
        code_version(),
        find_history(places.releases, business_date),
    )
    works_on = (
        f"all dossiers: {build.why_whole}" if build.changed is None else f"{build.changed} changed codes"
    )
    measure(
        context.op_execution_context,
        BUILD_DATABASE,
        rows=sum(build.rows.values()),
        size=places.build_database.stat().st_size,
    )
    return dg.MaterializeResult(
        metadata={"works_on": works_on} | {f"rows/{source}": count for source, count in build.rows.items()}
    )


@dbt_assets(
    manifest=prepare_manifest(),
    # the nested lists of a source land with it, in one asset
    dagster_dbt_translator=_Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
    partitions_def=business_dates,
    backfill_policy=one_date_per_run,
)
def dbt_models(
    context: dg.AssetExecutionContext, workspace: Workspace, night_lock: NightLock
) -> Iterator[Any]:
    """Staging, intermediate and marts, with their data tests; unit tests run in `make test`."""
    places = workspace.places
    dbt = DbtCliResource(
        project_dir=str(DBT_PROJECT), profiles_dir=str(DBT_PROJECT), dbt_executable=dbt_executable()
    )
    # otherwise dagster-dbt starts dbt once more, only to ask for its version: 2 s
    dbt.__dict__["_cli_version"] = Version(metadata.version("dbt-core"))
    # dagster-dbt hands its own environment on to dbt
    os.environ.update(build_environment(places))
    invocation = dbt.cli(
        ["build", "--exclude-resource-type", "unit_test"],
        context=context,
        target_path=places.dbt_target,
        raise_on_error=True,
    )
    yield from invocation.stream()
    finish_build(places.build_database)
    # on the page of the file that they stand in: the models are many, the step is one
    measure(
        context.op_execution_context, BUILD_DATABASE, rows=None, size=places.build_database.stat().st_size
    )
