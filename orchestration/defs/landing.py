"""Assets of landing: one per source, with its structural check. Judging the rows stands in checks.py."""

from datetime import date

import dagster as dg

from orchestration.defs.measures import measure
from orchestration.defs.partitions import business_dates, one_date_per_run
from orchestration.defs.resources import NightLock, Workspace
from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import same_content
from orchestration.landing.drop_zone import DropZoneError
from orchestration.landing.judgement import lateness, structural_problems
from orchestration.landing.land import land_source
from orchestration.operations.closing import OWNER

OWNERS = [f"team:{OWNER}"]
DELIVERY_CHECK = "delivery"
FRESHNESS_CHECK = "freshness"


def landed_key(source: str) -> dg.AssetKey:
    """Asset key of a landed source; its nested lists belong to the same asset."""
    return dg.AssetKey(["landed", source])


def landed_asset(contract: Contract) -> dg.AssetsDefinition:
    """The asset that lands every delivery of one source dated up to the business date."""

    @dg.asset(
        key=landed_key(contract.source),
        group_name="landing",
        owners=[f"team:{contract.owner}"],
        kinds={"duckdb", "parquet"},
        description=f"{contract.title_vi}. {contract.description}",
        partitions_def=business_dates,
        backfill_policy=one_date_per_run,
        check_specs=[
            dg.AssetCheckSpec(
                DELIVERY_CHECK,
                asset=landed_key(contract.source),
                blocking=True,
                description="Readable, all required columns, rows there, at most 1 % of them in quarantine.",
            ),
            dg.AssetCheckSpec(
                FRESHNESS_CHECK,
                asset=landed_key(contract.source),
                blocking=True,
                description="The newest delivery is not older than the contract's freshness allows.",
            ),
        ],
    )
    def _landed(
        context: dg.AssetExecutionContext, workspace: Workspace, night_lock: NightLock
    ) -> dg.MaterializeResult:
        business_date = date.fromisoformat(context.partition_key)
        try:
            intake = workspace.take_in(contract, business_date)
            accounts = land_source(
                contract,
                intake.deliveries,
                workspace.store,
                lambda done, files: context.log.info(f"{done} of {files} new files landed"),
            )
        except DropZoneError as error:
            # its words say what to do; where in the code it happened helps nobody
            raise dg.Failure(str(error), allow_retries=False) from None
        problems = structural_problems(contract, intake, business_date, accounts)
        late = lateness(contract, intake, business_date)
        measure(
            context.op_execution_context,
            landed_key(contract.source),
            rows=sum(a.rows_landed for a in accounts),
            size=sum(a.size for a in accounts),
        )
        return dg.MaterializeResult(
            metadata={
                "files": len(intake.deliveries),
                "rows_in": sum(a.rows_in for a in accounts),
                "rows_landed": sum(a.rows_landed for a in accounts),
                "rows_quarantined": sum(a.rows_quarantined for a in accounts),
                "personal_columns_dropped": sorted({c for a in accounts for c in a.personal_columns_dropped}),
                "unknown_columns_dropped": sorted({c for a in accounts for c in a.unknown_columns_dropped}),
                "folders_without_marker": [f.name for f in intake.taken if not f.has_marker],
                "same_content": same_content(intake),
                "folders_arriving": [f.why_arriving() for f in intake.arriving],
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=DELIVERY_CHECK,
                    passed=not problems,
                    severity=dg.AssetCheckSeverity.ERROR,
                    description="\n".join(p.message for p in problems) or None,
                    metadata={
                        "outcome": "fail" if problems else "pass",
                        "problems": [p.code for p in problems],
                    },
                ),
                dg.AssetCheckResult(
                    check_name=FRESHNESS_CHECK,
                    passed=late.problem is None,
                    severity=dg.AssetCheckSeverity.ERROR if late.blocks else dg.AssetCheckSeverity.WARN,
                    description=late.problem,
                    metadata={
                        "outcome": "pass" if late.problem is None else "fail",
                        "days": "never delivered" if late.days is None else late.days,
                    },
                ),
            ],
        )

    return _landed
