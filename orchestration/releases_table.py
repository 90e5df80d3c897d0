"""The list of releases, as `chiso releases` prints it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from orchestration.publishing.releases import Listed


def print_releases(console: Console, listed: list[Listed], releases: Path) -> None:
    """A line per release, the newest first."""
    if not listed:
        console.print(f"There is no release in {releases} yet; `chiso nightly` makes one.", soft_wrap=True)
        return
    table = Table("Release", "Published")
    table.add_column("Rows", justify="right")
    table.add_column("Inputs", justify="right")
    table.add_column("Rule sets")
    table.add_column("")
    for release in listed:
        words = "current" if release.is_current else "withdrawn" if release.is_withdrawn else ""
        table.add_row(
            release.name,
            release.published_at.replace("T", " "),
            f"{release.rows:,}",
            f"{release.inputs:,}",
            ", ".join(release.rulesets),
            words,
            style="bold" if release.is_current else "dim" if release.is_withdrawn else None,
        )
    console.print(table)
