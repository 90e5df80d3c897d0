"""What landing saw for a business date, so that every later step of the run sees the same.

A file that arrives while a night runs belongs to the next one; a remote drop zone is listed once a night.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path, PurePosixPath

from orchestration.landing.deliveries import Delivery


def write_seen(folder: Path, business_date: date, deliveries: list[Delivery]) -> None:
    """Remember the deliveries under `folder`, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [[d.delivered_on.isoformat(), d.file_name, d.file_sha, d.size] for d in deliveries]
    draft = folder / f".{business_date}.tmp"
    draft.write_text(json.dumps(rows, indent=0, ensure_ascii=False), encoding="utf-8")
    draft.replace(folder / f"{business_date}.json")


def read_seen(folder: Path, source: str, business_date: date) -> list[Delivery] | None:
    """The remembered deliveries, for their names and digests; None when none were landed for the date."""
    file = folder / f"{business_date}.json"
    if not file.exists():
        return None
    return [
        Delivery(source, date.fromisoformat(day), name, sha, size, PurePosixPath(name))
        for day, name, sha, size in json.loads(file.read_text(encoding="utf-8"))
    ]
