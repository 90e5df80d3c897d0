"""What a step read or wrote, and the memory it took: told to Dagster, and kept in `ops.run_outcomes`."""

from __future__ import annotations

import resource
import sys

import dagster as dg


def measure(context: dg.OpExecutionContext, asset: dg.AssetKey, rows: int | None, size: int | None) -> None:
    """Tell what a step did, at its end.

    Args:
        context: of the step.
        asset: whose page in Dagster shows it.
        rows: read or written; None where nobody counted.
        size: bytes read or written; None likewise.
    """
    metadata = {"rows": rows, "bytes": size, "peak_memory_bytes": peak_memory()}
    told = {name: value for name, value in metadata.items() if value is not None}
    context.log_event(dg.AssetObservation(asset, metadata=told, partition=context.partition_key))


def peak_memory() -> int:
    """The most bytes that this process, or one that it started and that has ended, ever held."""
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most if sys.platform == "darwin" else most * 1024  # Linux counts in KiB
