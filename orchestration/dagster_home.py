"""Dagster's own storage, `DATA/dagster`: runs and events of this installation, telemetry off."""

from __future__ import annotations

from pathlib import Path

# SQLite below DATA/dagster; one run at a time on a machine of two cores.
_SETTINGS = """\
telemetry:
  enabled: false
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config:
    max_concurrent_runs: 1
"""


def prepare_dagster_home(folder: Path) -> Path:
    """Make sure the folder exists with its dagster.yaml; an existing one is left as its owner has it."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    return folder
