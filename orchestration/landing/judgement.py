"""What blocks a night: structural faults of deliveries (names.md, "What blocks a night").

What the data say (unknown agency, duplicate, date in the future …) is not judged here; it lands, and the
expectations report it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery, date_folders
from orchestration.landing.store import FileAccount, Problem, QuarantinedRow

MAX_QUARANTINED_SHARE = Decimal("0.01")
_EXAMPLES = 3


def describe_row(file_name: str, row: QuarantinedRow) -> str:
    """One sentence on a quarantined row: file, row, column, value as it may be shown, reason."""
    place = f"{file_name}, row {row.row_number}" + (
        f", item {row.position}" if row.position is not None else ""
    )
    if row.column is None:
        return f"{place}: {row.reason}"
    value = f" {row.value!r}" if row.value is not None else ""
    return f"{place}, column {row.column}:{value} {row.reason}"


def structural_problems(
    contract: Contract, raw: Path, until: date, deliveries: list[Delivery], accounts: list[FileAccount]
) -> list[Problem]:
    """Everything structural that is wrong with what a run sees of one source; empty when nothing is.

    Args:
        contract: the source.
        raw: the drop zone, to find folders that hold no file.
        until: the business date of the run.
        deliveries: the files the run sees.
        accounts: their accounts, from `land_source`.
    """
    by_sha = {a.file_sha: a for a in accounts}
    folders = date_folders(raw, contract.source, until)
    if contract.delivery == "full":
        folders = folders[-1:]  # a whole list replaces the older ones, with whatever was wrong with them
    problems = []
    if contract.required and not deliveries:
        problems.append(
            Problem(
                "source_missing",
                f"{contract.source}: no delivery dated up to {until}. Put the extract of "
                f"{contract.publisher} into {contract.source}/<YYYY-MM-DD>/ of the drop zone.",
            )
        )
    for day, folder in folders:
        files = [d for d in deliveries if d.delivered_on == day]
        here = [by_sha[d.file_sha] for d in files]
        problems.extend(p for a in here for p in a.problems)
        # a file with a fault of its own blocks already; what it has in quarantine follows from that fault
        sound = [(d.file_name, a) for d, a in zip(files, here, strict=True) if not a.problems]
        rows_in = sum(a.rows_in for _, a in sound)
        bad = [(name, q) for name, a in sound for q in a.quarantined]
        bad_rows = sum(a.rows_quarantined for _, a in sound)
        if len(sound) == len(here) and rows_in == 0:
            where = files[0].file_name if len(files) == 1 else f"{contract.source}/{folder.name}"
            problems.append(
                Problem("no_rows", f"{where}: holds no rows. Ask {contract.publisher} to deliver it again.")
            )
        if rows_in and Decimal(bad_rows) / rows_in > MAX_QUARANTINED_SHARE:
            examples = "; ".join(describe_row(name, row) for name, row in bad[:_EXAMPLES])
            problems.append(
                Problem(
                    "too_many_quarantined",
                    f"{contract.source}/{folder.name}: {bad_rows} of {rows_in} rows are in quarantine "
                    f"(more than 1 %). First: {examples}.",
                )
            )
    return problems
