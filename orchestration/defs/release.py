"""The last asset of a night: the release that readers see. It runs only when every gate before it passed."""

from datetime import date

import dagster as dg

from orchestration.dbt_runs import released_marts, unreleased_models
from orchestration.defs.landing import OWNERS
from orchestration.defs.models import dbt_models
from orchestration.defs.partitions import business_dates, one_date_per_run
from orchestration.defs.resources import Workspace
from orchestration.history import find_history
from orchestration.places import today
from orchestration.publishing.release import publish
from orchestration.release_facts import release_facts

RELEASE = dg.AssetKey("release")


@dg.asset(
    key=RELEASE,
    group_name="publishing",
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    # every model, not only the released marts: a failed test anywhere keeps the last release in place
    deps=[dbt_models],
    partitions_def=business_dates,
    backfill_policy=one_date_per_run,
    description="One Parquet file per mart, chiso.duckdb and manifest.json; the link `current` flips last.",
)
def release(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    business_date = date.fromisoformat(context.partition_key)
    places = workspace.places
    _, deliveries = workspace.all_deliveries(business_date)
    manifest = places.dbt_target / "manifest.json"
    published = publish(
        places.releases,
        places.build_database,
        business_date,
        released_marts(manifest),
        release_facts(business_date, deliveries, find_history(places.releases, business_date)),
        {"run_id": context.run.run_id, "published_at": today().isoformat(timespec="seconds")},
        unreleased_models(manifest),
    )
    return dg.MaterializeResult(
        metadata={
            "folder": str(published.folder.relative_to(places.data)),
            "is_new": published.is_new,
            "is_current": published.is_current,
            **{f"rows/{mart}": facts["rows"] for mart, facts in published.manifest["marts"].items()},
        }
    )
