"""The last asset of a night: the release that readers see. It runs only when every gate before it passed."""

from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.dbt_runs import lineage, released_marts, unreleased_models
from orchestration.defs.landing import OWNERS
from orchestration.defs.measures import measure
from orchestration.defs.models import dbt_models
from orchestration.defs.partitions import business_dates, one_date_per_run
from orchestration.defs.resources import NightLock, Workspace
from orchestration.history import find_history
from orchestration.marts import announced, read_marts
from orchestration.operations.closing import run_so_far, status_page
from orchestration.operations.run_events import check_answers
from orchestration.places import postgres_url, releases_kept, today
from orchestration.publishing.ledger import Recorded
from orchestration.publishing.outcomes import tell_outcomes
from orchestration.publishing.postgres_copy import PostgresCopyError, copy_to_postgres
from orchestration.publishing.readers import forget_releases, let_readers_see
from orchestration.publishing.release import Gate, Promise, publish
from orchestration.publishing.showing import shown_release
from orchestration.release_facts import release_facts

RELEASE = dg.AssetKey("release")
COPY_CHECK = "postgres_copy"


@dg.asset(
    key=RELEASE,
    group_name="publishing",
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    # every model, not only the released marts: a failed test anywhere keeps the last release in place
    deps=[dbt_models],
    partitions_def=business_dates,
    backfill_policy=one_date_per_run,
    check_specs=[
        dg.AssetCheckSpec(
            COPY_CHECK,
            asset=RELEASE,
            description="PostgreSQL holds the release that readers see (CHISO_POSTGRES_URL).",
        )
    ]
    if postgres_url()
    else None,
    description="One Parquet file per mart, chiso.duckdb and manifest.json; then readers are shown it.",
)
def release(
    context: dg.AssetExecutionContext, workspace: Workspace, night_lock: NightLock
) -> dg.MaterializeResult:
    business_date = date.fromisoformat(context.partition_key)
    places = workspace.places
    _, deliveries = workspace.all_deliveries(business_date)
    manifest = places.dbt_target / "manifest.json"
    so_far = run_so_far(context.instance, context.run.run_id, business_date)
    tell_outcomes(places.build_database, places.outcomes, so_far)
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
        promised={mart.name: Promise(mart.version, announced(mart)) for mart in read_marts(manifest)},
    )
    recorded = Recorded(0, 0)
    if published.is_current:
        recorded = let_readers_see(places.readers, published.folder, today().isoformat(timespec="seconds"))
    forgotten = forget_releases(places.readers, releases_kept())
    marts = published.manifest["marts"]
    measure(
        context.op_execution_context,
        RELEASE,
        rows=sum(facts["rows"] for facts in marts.values()),
        size=sum(path.stat().st_size for path in published.folder.rglob("*") if path.is_file()),
    )
    url = postgres_url()
    return dg.MaterializeResult(
        check_results=[_copied(url, published.folder, places.published)] if url else [],
        metadata={
            "status": status_page(so_far)["status"],
            "figures_said_anew": recorded.figures,
            "figures_restated": recorded.restated,
            "forgotten": forgotten,
            "folder": str(published.folder.relative_to(places.data)),
            "is_new": published.is_new,
            "is_current": published.is_current,
            **{f"rows/{mart}": facts["rows"] for mart, facts in marts.items()},
        },
    )


def _copied(url: str, release: Path, published: Path) -> dg.AssetCheckResult:
    """Copy what readers see into PostgreSQL; where that fails the night is published all the same."""
    shown = shown_release(published)
    if shown != release.resolve():
        return dg.AssetCheckResult(
            check_name=COPY_CHECK,
            passed=True,
            description="Readers see a later business date.",
            metadata={"outcome": "pass"},
        )
    try:
        done = copy_to_postgres(url, release, published)
    except PostgresCopyError as error:
        return dg.AssetCheckResult(
            check_name=COPY_CHECK,
            passed=False,
            severity=dg.AssetCheckSeverity.WARN,
            description=str(error),
            metadata={"outcome": "errored"},
        )
    return dg.AssetCheckResult(
        check_name=COPY_CHECK,
        passed=True,
        metadata={"outcome": "pass", "rows": done.rows, "is_new": done.is_new},
    )


def _gates(context: dg.AssetExecutionContext) -> list[Gate]:
    """What every check of this run has said so far."""
    entries = context.instance.all_logs(context.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    events = [entry.dagster_event for entry in entries if entry.dagster_event is not None]
    return [Gate(said.asset, said.check, said.outcome, said.blocks) for said in check_answers(events)]
