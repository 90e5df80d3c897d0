"""The last asset of a night: the release that readers see. It runs only when every gate before it passed."""

from datetime import date

import dagster as dg

from orchestration.dbt_runs import lineage, released_marts, unreleased_models
from orchestration.defs.landing import OWNERS
from orchestration.defs.models import dbt_models
from orchestration.defs.partitions import business_dates, one_date_per_run
from orchestration.defs.resources import Workspace
from orchestration.history import find_history
from orchestration.places import releases_kept, today
from orchestration.publishing.ledger import Recorded
from orchestration.publishing.readers import forget_releases, let_readers_see
from orchestration.publishing.release import Gate, publish
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
    description="One Parquet file per mart, chiso.duckdb and manifest.json; then readers are shown it.",
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
        _gates(context),
        lineage(manifest),
    )
    recorded = Recorded(0, 0)
    if published.is_current:
        recorded = let_readers_see(places.readers, published.folder, today().isoformat(timespec="seconds"))
    forgotten = forget_releases(places.readers, releases_kept())
    return dg.MaterializeResult(
        metadata={
            "figures_said_anew": recorded.figures,
            "figures_restated": recorded.restated,
            "forgotten": forgotten,
            "folder": str(published.folder.relative_to(places.data)),
            "is_new": published.is_new,
            "is_current": published.is_current,
            **{f"rows/{mart}": facts["rows"] for mart, facts in published.manifest["marts"].items()},
        }
    )


def _gates(context: dg.AssetExecutionContext) -> list[Gate]:
    """What every check of this run has said so far."""
    gates = []
    for entry in context.instance.all_logs(
        context.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ):
        assert entry.dagster_event is not None
        said = entry.dagster_event.asset_check_evaluation_data
        outcome = said.metadata.get("outcome")
        gates.append(
            Gate(
                asset=said.asset_key.to_user_string(),
                check=said.check_name,
                outcome=str(outcome.value) if outcome is not None else "pass" if said.passed else "fail",
                blocks=said.severity == dg.AssetCheckSeverity.ERROR,
            )
        )
    return gates
