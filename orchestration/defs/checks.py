"""Asset checks on landed rows: Great Expectations suites, in three answers (pass, fail, errored)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import dagster as dg
import duckdb
import pandas as pd

from orchestration.defs.landing import landed_key
from orchestration.defs.partitions import business_dates
from orchestration.defs.resources import Workspace
from orchestration.expectations import judge, load_suite
from orchestration.landing.contracts import Contract
from orchestration.landing.visible import create_landed_views
from orchestration.places import EXPECTATIONS

EXPECTATIONS_CHECK = "expectations"
_ROWS_PER_FRAME = 200_000


def expectations_check(contract: Contract) -> dg.AssetChecksDefinition:
    """The blocking check of one source; only what says `blocks`, or cannot be judged, stops the night."""

    @dg.asset_check(
        asset=landed_key(contract.source),
        name=EXPECTATIONS_CHECK,
        blocking=True,
        partitions_def=business_dates,
        additional_deps=[landed_key("agencies")] if contract.source != "agencies" else None,
        description=f"Great Expectations suite expectations/{contract.source}.yml on the landed rows.",
    )
    def _expectations(context: dg.AssetCheckExecutionContext, workspace: Workspace) -> dg.AssetCheckResult:
        business_date = date.fromisoformat(context.partition_key)
        contracts, deliveries = workspace.all_deliveries(business_date, {contract.source, "agencies"})
        with duckdb.connect(":memory:") as con:
            create_landed_views(con, contracts, deliveries, workspace.store)
            verdict = judge(
                load_suite(EXPECTATIONS, contract.source),
                _frames(con, contract.source),
                _parameters(con, business_date),
            )
        return dg.AssetCheckResult(
            passed=verdict.outcome == "pass",
            severity=dg.AssetCheckSeverity.ERROR if verdict.blocks else dg.AssetCheckSeverity.WARN,
            description="\n".join(verdict.messages) or None,
            metadata={
                "outcome": verdict.outcome,
                "expectations": len(verdict.judgements),
                "rows_unexpected": sum(j.unexpected for j in verdict.judgements),
            },
        )

    return _expectations


def _parameters(con: duckdb.DuckDBPyConnection, business_date: date) -> dict[str, Any]:
    codes = con.execute(
        "SELECT agency_code FROM landed.agencies UNION SELECT old_agency_code FROM landed.agencies "
        "WHERE old_agency_code IS NOT NULL ORDER BY 1"
    ).fetchall()
    end_of_day = pd.Timestamp(business_date + timedelta(days=1)) - pd.Timedelta(seconds=1)
    return {"agency_codes": [c for (c,) in codes], "end_of_business_date": end_of_day}


def _frames(con: duckdb.DuckDBPyConnection, source: str) -> Iterator[pd.DataFrame]:
    rows = con.execute(f'SELECT * FROM landed."{source}" ORDER BY delivered_on, file_name, row_number')
    vectors = _ROWS_PER_FRAME // 2048
    while not (frame := rows.fetch_df_chunk(vectors)).empty:
        yield frame
