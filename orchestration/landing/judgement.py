"""What blocks a night: structural faults of deliveries (names.md, "What blocks a night").

What the data say (unknown agency, duplicate, date in the future …) is not judged here; it lands, and the
expectations report it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Intake
from orchestration.landing.readers.staging import UNANSWERED
from orchestration.landing.store import FileAccount, Problem, QuarantinedRow

MAX_QUARANTINED_SHARE = Decimal("0.01")
_EXAMPLES = 3


def describe_row(file_name: str, account: FileAccount, row: QuarantinedRow) -> str:
    """One sentence on a quarantined row: file, row, column, value as it may be shown, reason."""
    item = f", item {row.position}" if row.position is not None else ""
    place = f"{file_name}{account.place(row.row_number)}{item}"
    if row.column is None:
        return f"{place}: {row.reason}"
    value = f" {row.value!r}" if row.value is not None else ""
    return f"{place}, column {row.column}:{value} {row.reason}"


def structural_problems(
    contract: Contract, intake: Intake, until: date, accounts: list[FileAccount]
) -> list[Problem]:
    """Everything structural that is wrong with what a run sees of one source; empty when nothing is.

    Args:
        contract: the source.
        intake: the folders and files the run sees; a folder may hold no file.
        until: the business date of the run.
        accounts: their accounts, from `land_source`.
    """
    by_sha = {a.file_sha: a for a in accounts}
    folders, deliveries = intake.taken, intake.deliveries
    if contract.delivery == "full":
        folders = folders[-1:]  # a whole list replaces the older ones, with whatever was wrong with them
    problems = []
    if contract.required and not deliveries:
        problems.append(
            Problem(
                "source_missing",
                f"{contract.source}: no delivery dated up to {until}. Put the extract of "
                f"{contract.publisher} into {contract.source}/<YYYY-MM-DD>/ of the drop zone."
                + "".join(f" {f.why_arriving()}." for f in intake.arriving),
            )
        )
    for folder in folders:
        files = [d for d in deliveries if d.delivered_on == folder.day]
        here = [by_sha[d.file_sha] for d in files]
        problems.extend(p for a in here for p in a.problems)
        # a file with a fault of its own blocks already; what it has in quarantine follows from that fault
        sound = [(d.file_name, a) for d, a in zip(files, here, strict=True) if not a.problems]
        rows_in = sum(a.rows_in for _, a in sound)
        bad = [(name, a, q) for name, a in sound for q in a.quarantined]
        bad_rows = sum(a.rows_quarantined for _, a in sound)
        # a form that came back empty is no answer, but no fault of the delivery either
        is_form = any(UNANSWERED in a.set_aside for a in here)
        if len(sound) == len(here) and rows_in == 0 and not is_form:
            where = files[0].file_name if len(files) == 1 else f"{contract.source}/{folder.name}"
            problems.append(
                Problem("no_rows", f"{where}: holds no rows. Ask {contract.publisher} to deliver it again.")
            )
        if rows_in and Decimal(bad_rows) / rows_in > MAX_QUARANTINED_SHARE:
            examples = "; ".join(describe_row(name, account, row) for name, account, row in bad[:_EXAMPLES])
            problems.append(
                Problem(
                    "too_many_quarantined",
                    f"{contract.source}/{folder.name}: {bad_rows} of {rows_in} rows are in quarantine "
                    f"(more than 1 %). First: {examples}.",
                )
            )
    return problems


@dataclass(frozen=True)
class Lateness:
    """How old the newest delivery of a source is on the business date; `problem` says it when it is late."""

    days: int | None
    problem: str | None = None
    blocks: bool = False


def lateness(contract: Contract, intake: Intake, until: date) -> Lateness:
    """Whether the newest delivery is older than the contract's freshness allows.

    A source that never came is not late: whether it is missing stands in `structural_problems`. A late source
    that is not required warns, however late: the night is whole without it.
    """
    newest = max((d.delivered_on for d in intake.deliveries), default=None)
    if newest is None or contract.freshness is None:
        return Lateness(None)
    days = (until - newest).days
    if days <= contract.freshness.warn_after_days:
        return Lateness(days)
    blocks = contract.required and days > contract.freshness.fail_after_days
    allowed = contract.freshness.fail_after_days if blocks else contract.freshness.warn_after_days
    return Lateness(
        days,
        f"{contract.source} is late: its newest delivery is of {newest}, {days} days before {until} "
        f"({allowed} are allowed). Ask {contract.publisher} for it"
        + ("; the last release stays in place until it comes." if blocks else ".")
        + "".join(f" {f.why_arriving()}." for f in intake.arriving),
        blocks,
    )
