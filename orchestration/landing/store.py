"""The landed store, `DATA/landed/<source>/<contract>/<batch>/`: content-addressed, all or nothing.

A batch is what one landing read together; its manifest says which files (by SHA-256) gave which rows.
Which of them a run sees is decided by the deliveries dated ≤ its business date, never by the store.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.landing.contracts import Contract
from orchestration.landing.link_key import LinkKey

# Raise it when landing comes to write other rows or files for the same bytes: all is then landed anew.
LAYOUT = 2
MANIFEST = "manifest.json"
QUARANTINE = "quarantine.parquet"
EXAMPLES = 100  # quarantined rows of a file that its account carries; the Parquet file has all of them


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


@dataclass(frozen=True)
class Place:
    """Where rows of a file stand in it: those from `first_row` on are in `name` (a member of an archive, a
    sheet), in the table whose rows begin on line `first_line` as a person sees it; 0 for no lines.
    """

    first_row: int
    name: str | None
    first_line: int


@dataclass(frozen=True)
class Conversion:
    """A column whose text came in an old Vietnamese encoding and was converted, and why."""

    column: str
    encoding: str
    reason: str


@dataclass
class FileAccount:
    """Accounting of one landed file: rows in = landed + quarantined.

    `quarantined` holds the first EXAMPLES of what went to quarantine, rows before items of lists.
    """

    file_sha: str
    size: int
    reader: str = ""  # the forms found in the file, e.g. json, or delimited in .gz
    encoding: str = ""
    rows_in: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    items_quarantined: int = 0
    personal_columns_dropped: list[str] = field(default_factory=list)
    unknown_columns_dropped: list[str] = field(default_factory=list)
    set_aside: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    quarantined: list[QuarantinedRow] = field(default_factory=list)

    def place(self, row_number: int) -> str:
        """Where a person finds a row: its member or sheet, its number there, and where the table begins."""
        found = None
        for place in self.places:
            if place.first_row <= row_number:
                found = place
        if found is None:
            return f", row {row_number}"
        where = f", {found.name}" if found.name else ""
        begins = f" (the table begins on line {found.first_line})" if found.first_line > 2 else ""
        return f"{where}, row {row_number - found.first_row + 1}{begins}"


@dataclass
class Batch:
    """One landed batch as its manifest describes it."""

    folder: Path
    accounts: list[FileAccount]
    seconds: float  # what reading and writing took; of this machine, not of the data


class LandedStore:
    """Reads and writes batches below `DATA/landed`."""

    def __init__(self, root: Path, link_key: LinkKey | None = None) -> None:
        self.root = root
        self.link_key = link_key

    def source_folder(self, contract: Contract) -> Path:
        """Where rows of a source land under the present words of its contract (and its link key)."""
        name = hashlib.sha256(f"{LAYOUT} {contract.fingerprint}".encode()).hexdigest()[:12]
        if contract.has_links and self.link_key is not None:
            name = f"{name}-{self.link_key.identity}"
        return self.root / contract.source / name

    def batches(self, contract: Contract) -> list[Batch]:
        """All whole batches of a source, in the order of their names."""
        found = []
        for manifest in sorted(self.source_folder(contract).glob(f"*/{MANIFEST}")):
            if manifest.parent.name.startswith("."):
                continue  # the draft of a killed run
            content = json.loads(manifest.read_text(encoding="utf-8"))
            accounts = [_account(a) for a in content["files"]]
            found.append(Batch(manifest.parent, accounts, content["seconds"]))
        return found

    def begin(self, contract: Contract, batch: str) -> Path:
        """An empty draft folder for a batch; leftovers of a killed run are removed."""
        draft = self.source_folder(contract) / f".{batch}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        return draft

    def finish(
        self, contract: Contract, batch: str, draft: Path, accounts: Iterable[FileAccount], seconds: float
    ) -> Batch:
        """Write the manifest and show the batch under its name, in one rename."""
        accounts = list(accounts)
        content: dict[str, Any] = {
            "source": contract.source,
            "seconds": round(seconds, 3),
            "files": [asdict(a) for a in accounts],
        }
        (draft / MANIFEST).write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        target = draft.parent / batch
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
        return Batch(target, accounts, seconds)


def _account(content: dict[str, Any]) -> FileAccount:
    content = dict(content)
    content["places"] = [Place(**p) for p in content["places"]]
    content["conversions"] = [Conversion(**c) for c in content["conversions"]]
    content["problems"] = [Problem(**p) for p in content["problems"]]
    content["quarantined"] = [QuarantinedRow(**q) for q in content["quarantined"]]
    return FileAccount(**content)
