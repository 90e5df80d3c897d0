"""The landed store, `DATA/landed/<source>/<contract>/<batch>/`: content-addressed, all or nothing.

A batch is what one landing read together; its manifest says which files (by SHA-256) gave which rows.
Which of them a run sees is decided by the deliveries dated ≤ its business date, never by the store.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.landing.contracts import Contract

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Problem:
    """Something structural that is wrong with one file; it blocks the night (names.md)."""

    code: str  # unreadable, missing_column, no_rows, too_many_quarantined, source_missing
    message: str


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that could not be typed or keyed, or broke its file."""

    table: str
    file_sha: str
    row_number: int
    position: int | None
    column: str | None
    value: str | None
    reason: str


@dataclass
class FileAccount:
    """Accounting of one landed file: rows in = landed + quarantined."""

    file_sha: str
    size: int
    reader: str
    rows_in: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    personal_columns_dropped: list[str] = field(default_factory=list)
    unknown_columns_dropped: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    quarantined: list[QuarantinedRow] = field(default_factory=list)


@dataclass
class Batch:
    """One landed batch as its manifest describes it."""

    folder: Path
    accounts: list[FileAccount]


class LandedStore:
    """Reads and writes batches below `DATA/landed`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def source_folder(self, contract: Contract) -> Path:
        """Where rows of a source land under the present words of its contract."""
        return self.root / contract.source / contract.fingerprint[:12]

    def batches(self, contract: Contract) -> list[Batch]:
        """All whole batches of a source, in the order of their names."""
        found = []
        for manifest in sorted(self.source_folder(contract).glob(f"*/{MANIFEST}")):
            if manifest.parent.name.startswith("."):
                continue  # the draft of a killed run
            content = json.loads(manifest.read_text(encoding="utf-8"))
            found.append(Batch(manifest.parent, [_account(a) for a in content["files"]]))
        return found

    def begin(self, contract: Contract, batch: str) -> Path:
        """An empty draft folder for a batch; leftovers of a killed run are removed."""
        draft = self.source_folder(contract) / f".{batch}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        return draft

    def finish(self, contract: Contract, batch: str, draft: Path, accounts: Iterable[FileAccount]) -> Batch:
        """Write the manifest and show the batch under its name, in one rename."""
        accounts = list(accounts)
        content: dict[str, Any] = {"source": contract.source, "files": [asdict(a) for a in accounts]}
        (draft / MANIFEST).write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        target = draft.parent / batch
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
        return Batch(target, accounts)


def _account(content: dict[str, Any]) -> FileAccount:
    content = dict(content)
    content["problems"] = [Problem(**p) for p in content["problems"]]
    content["quarantined"] = [QuarantinedRow(**q) for q in content["quarantined"]]
    return FileAccount(**content)
