"""The code location: one function that collects everything. `dagster dev -m orchestration.definitions`."""

import dagster as dg

from orchestration.defs.checks import expectations_check
from orchestration.defs.jobs import nightly
from orchestration.defs.landing import landed_asset
from orchestration.defs.models import build_database, dbt_models
from orchestration.defs.release import release
from orchestration.defs.resources import (
    NightLock,
    Workspace,
    night_lock_from_environment,
    workspace_from_environment,
)
from orchestration.defs.schedules import nightly_schedule
from orchestration.defs.sensors import complete_delivery, ended_nights
from orchestration.landing.contracts import load_contracts
from orchestration.places import SOURCES


def build_definitions(
    workspace: Workspace | None = None, night_lock: NightLock | None = None
) -> dg.Definitions:
    """All definitions; the two say which RAW and DATA they work on (default: the environment)."""
    contracts = load_contracts(SOURCES).values()
    return dg.Definitions(
        assets=[*(landed_asset(c) for c in contracts), build_database, dbt_models, release],
        asset_checks=[expectations_check(c) for c in contracts],
        jobs=[nightly],
        schedules=[nightly_schedule],
        sensors=[complete_delivery, *ended_nights],
        resources={
            "workspace": workspace or workspace_from_environment(),
            "night_lock": night_lock or night_lock_from_environment(),
        },
        # a step costs 0.2 s in the process and 3 s in one of its own
        executor=dg.in_process_executor,
    )


defs = build_definitions()
