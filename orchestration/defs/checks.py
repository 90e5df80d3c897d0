"""Asset checks on landed rows: Great Expectations suites, in three answers (pass, fail, errored)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import dagster as dg
import duckdb
import pandas as pd

from orchestration.defs.landing import landed_key
from orchestration.defs.measures import measure
from orchestration.defs.partitions import business_dates
from orchestration.defs.resources import Workspace
from orchestration.expectations import Verdict, judge
from orchestration.landed_frames import LandedFrames, landed_this_night
from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import LandedStore
from orchestration.landing.visible import create_landed_views
from orchestration.places import EXPECTATIONS
from orchestration.suites import Suite, load_suite

EXPECTATIONS_CHECK = "expectations"
_AGENCIES = "agencies"
# together with the frames, judging takes less than 1 GB (measured on a million dossiers)
_LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "300MB", "threads": 2}


def expectations_check(contract: Contract) -> dg.AssetChecksDefinition:
    """The blocking check of one source; only what says `blocks`, or cannot be judged, stops the night."""
    suite = load_suite(EXPECTATIONS, contract)
    needed = suite.needed_sources

    @dg.asset_check(
        asset=landed_key(contract.source),
        name=EXPECTATIONS_CHECK,
        blocking=True,
        partitions_def=business_dates,
        additional_deps=[landed_key(source) for source in sorted(needed)] or None,
        description="Great Expectations on the rows that landed this night: the contract's rules and those "
        f"of expectations/{contract.source}.yml. Rows of earlier nights were judged then.",
    )
    def _expectations(context: dg.AssetCheckExecutionContext, workspace: Workspace) -> dg.AssetCheckResult:
        business_date = date.fromisoformat(context.partition_key)
        contracts, deliveries = workspace.all_deliveries(business_date, {contract.source, *needed})
        deliveries[contract.source] = landed_this_night(deliveries[contract.source])
        verdict = judge_landed(suite, contracts, deliveries, workspace.store, business_date)
        measure(context.op_execution_context, landed_key(contract.source), rows=None, size=None)
        return dg.AssetCheckResult(
            passed=verdict.outcome == "pass",
            severity=dg.AssetCheckSeverity.ERROR if verdict.blocks else dg.AssetCheckSeverity.WARN,
            description="\n".join(verdict.messages) or None,
            metadata={
                "outcome": verdict.outcome,
                "expectations": len(verdict.judgements),
                "not_judged_no_rows": verdict.not_judged,
                "rows_unexpected": sum(j.unexpected for j in verdict.judgements),
            },
        )

    return _expectations


def judge_landed(
    suite: Suite,
    contracts: dict[str, Contract],
    deliveries: dict[str, list[Delivery]],
    store: LandedStore,
    business_date: date,
) -> Verdict:
    """Judge the landed rows of a source by its suite, in chunks of bounded memory.

    Args:
        suite: of the source to judge.
        contracts: of that source and of those its suite needs.
        deliveries: of the same; all rows of them are judged.
    """
    contract = contracts[suite.source]
    with _database() as con:
        create_landed_views(con, contracts, deliveries, store)
        return judge(
            suite,
            LandedFrames(con, contract, suite.computed),
            _parameters(con, business_date, _AGENCIES in contracts),
        )


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A private DuckDB; what does not fit spills to the system's temporary folder, never under DATA."""
    with (
        tempfile.TemporaryDirectory(prefix="chiso-spill-") as spill,
        duckdb.connect(":memory:", config=_LIMITS | {"temp_directory": spill}) as con,
    ):
        yield con


def _parameters(con: duckdb.DuckDBPyConnection, business_date: date, with_agencies: bool) -> dict[str, Any]:
    end_of_day = pd.Timestamp(business_date + timedelta(days=1)) - pd.Timedelta(seconds=1)
    parameters: dict[str, Any] = {"end_of_business_date": end_of_day}
    if with_agencies:
        codes = con.execute(
            "SELECT agency_code FROM landed.agencies UNION SELECT old_agency_code FROM landed.agencies "
            "WHERE old_agency_code IS NOT NULL ORDER BY 1"
        ).fetchall()
        parameters["agency_codes"] = [code for (code,) in codes]
    return parameters
