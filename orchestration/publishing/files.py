"""What the files of a release are called, and how they stay whole through a power cut."""

from __future__ import annotations

import os
from pathlib import Path

MANIFEST = "manifest.json"
DATABASE = "chiso.duckdb"
CATALOG = "chiso"  # as DuckDB calls a file of that name: a view remembers it
CURRENT = "current"
LINEAGE = "lineage.json"


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
