"""What the files of a release are called, and how they stay whole through a power cut."""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.landing.values import file_literal

MANIFEST = "manifest.json"
DATABASE = "chiso.duckdb"
CATALOG = "chiso"  # as DuckDB calls a file of that name: a view remembers it
CURRENT = "current"
LINEAGE = "lineage.json"


def mart_files(release: Path, mart: str) -> list[Path]:
    """The Parquet files of a mart in the order of its key: one, or a large one's parts; none without it."""
    whole = release / f"{mart}.parquet"
    return [whole] if whole.exists() else sorted((release / mart).glob("part-*.parquet"))


def marts_in(release: Path) -> list[str]:
    """The marts of a release, in alphabetical order."""
    return sorted(
        {path.stem for path in release.glob("*.parquet")}
        | {path.parent.name for path in release.glob("*/part-*.parquet")}
    )


def mart_rows(release: Path, mart: str) -> str:
    """SQL of the rows of a mart, for DuckDB."""
    return f"read_parquet([{', '.join(file_literal(path) for path in mart_files(release, mart))}])"


def sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point(link: Path, target: Path) -> None:
    """Make a link show another folder, at one moment, by rename.

    Args:
        link: the symbolic link; made when it is not there.
        target: what it shall show, below the link's own folder.
    """
    draft = link.with_name(f".{link.name}")  # one name, so that what a killed run left is used up
    draft.unlink(missing_ok=True)
    draft.symlink_to(target.relative_to(link.parent))
    draft.replace(link)
    sync(link.parent)
