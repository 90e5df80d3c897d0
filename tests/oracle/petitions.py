"""Petitions (PAKN), and indicator 5.2: are they handled on time?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tests.oracle.agencies import AgencyList
from tests.oracle.extracts import Row, as_code, as_time, latest_petitions
from tests.oracle.rule_data import seed_rows
from tests.oracle.verdicts import Verdict
from tests.oracle.working_time import working_days_after

TIME_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
PHASES = {
    row["status_text"]: (row["phase"], row["outcome"]) for row in seed_rows("code_lists/petition_statuses")
}
HANDLING_LIMITS = {
    row["outcome"]: int(row["limit_working_days"]) for row in seed_rows("code_lists/petition_limits")
}
PUBLISHING_LIMITS = {
    row["outcome"]: int(row["publish_limit_working_days"])
    for row in seed_rows("code_lists/petition_limits")
    if row["publish_limit_working_days"]
}
LIMIT_WITHOUT_OUTCOME = 15


@dataclass(frozen=True)
class Petition:
    """One petition in its latest state."""

    code: str
    dossier_code: str
    agency: str | None
    phase: str
    outcome: str
    sent: datetime | None
    received: datetime | None
    transferred: datetime | None
    handled: datetime | None
    published: datetime | None


def as_petition(row: Row, agencies: AgencyList) -> Petition:
    """One row of the export; a status nobody knows means waiting."""
    status = row["Trạng thái"].strip().lower()
    phase, outcome = PHASES.get(status, ("waiting", ""))
    return Petition(
        code=as_code(row["Mã PAKN"]),
        dossier_code=as_code(row["Mã hồ sơ"]),
        agency=agencies.code_of(as_code(row["Mã cơ quan"])),
        phase=phase,
        outcome=outcome,
        sent=as_time(row["Ngày gửi"], *TIME_FORMATS),
        received=as_time(row["Ngày tiếp nhận"], *TIME_FORMATS),
        transferred=as_time(row["Ngày chuyển"], *TIME_FORMATS),
        handled=as_time(row["Ngày xử lý"], *TIME_FORMATS),
        published=as_time(row["Ngày công khai"], *TIME_FORMATS),
    )


def read_petitions(raw: Path, business_date: date, agencies: AgencyList) -> list[Petition]:
    """All petitions."""
    return [as_petition(row, agencies) for row in latest_petitions(raw, business_date).values()]


def deadline_of(petition: Petition) -> date:
    """The last day for handling: counted from the last transfer, else the sending, else the reception."""
    start = petition.transferred or petition.sent or petition.received
    assert start is not None, f"{petition.code} has no reception date and is in no period"
    days = HANDLING_LIMITS[petition.outcome] if petition.outcome else LIMIT_WITHOUT_OUTCOME
    return working_days_after(start.date(), days)


def judge_petition(petition: Petition, last_day: date, business_date: date) -> Verdict:
    """Handled and published in time, or still in time at the end of `last_day`."""
    deadline = deadline_of(petition)
    handled = petition.handled
    if petition.phase != "handled" or handled is None or handled.date() > business_date:
        return Verdict(
            petition.code, deadline >= last_day, f"not handled, deadline {deadline}, judged on {last_day}"
        )
    said = f"{petition.outcome} on {handled.date()}, deadline {deadline}"
    if handled.date() > deadline:
        return Verdict(petition.code, False, said)
    if petition.outcome not in PUBLISHING_LIMITS:
        return Verdict(petition.code, True, said)
    publish_by = working_days_after(handled.date(), PUBLISHING_LIMITS[petition.outcome])
    published = petition.published
    if published is None or published.date() > business_date:
        return Verdict(
            petition.code,
            publish_by >= last_day,
            f"{said}; not published, to publish by {publish_by}, judged on {last_day}",
        )
    return Verdict(
        petition.code,
        published.date() <= publish_by,
        f"{said}; published on {published.date()}, to publish by {publish_by}",
    )
