"""Petitions (PAKN), and indicators 5.1, 5.2 and 5.3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tests.oracle.agencies import AgencyList
from tests.oracle.extracts import TABLE_TIMES, Row, as_code, as_time, is_true, latest_rows
from tests.oracle.rule_data import seed_rows
from tests.oracle.verdicts import Verdict
from tests.oracle.working_time import working_days_after

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
KINDS = {"TTHC": "procedure", "HÀNH VI": "conduct"}


@dataclass(frozen=True)
class Petition:
    """One petition in its latest state."""

    code: str
    dossier_code: str
    agency: str | None
    kind: str
    is_disliked: bool
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
        kind=KINDS.get(as_code(row["Phân loại"]), ""),
        is_disliked=is_true(row["Không hài lòng"]),
        phase=phase,
        outcome=outcome,
        sent=as_time(row["Ngày gửi"], *TABLE_TIMES),
        received=as_time(row["Ngày tiếp nhận"], *TABLE_TIMES),
        transferred=as_time(row["Ngày chuyển"], *TABLE_TIMES),
        handled=as_time(row["Ngày xử lý"], *TABLE_TIMES),
        published=as_time(row["Ngày công khai"], *TABLE_TIMES),
    )


def read_petitions(raw: Path, business_date: date, agencies: AgencyList) -> list[Petition]:
    """All petitions."""
    rows = latest_rows(raw, "petitions", business_date, "Mã PAKN")
    return [as_petition(row, agencies) for row in rows]


@dataclass(frozen=True)
class Repeats:
    """Petitions that repeat an earlier one, and the day on which others are repeated first."""

    codes: frozenset[str]
    repeated_on: dict[str, date]


def repeats_among(petitions: list[Petition]) -> Repeats:
    """Petitions that name the dossier of an earlier one repeat it; earlier by reception, then by code."""
    by_dossier: dict[str, list[tuple[datetime, str]]] = {}
    for petition in petitions:
        if petition.dossier_code and petition.received is not None:
            by_dossier.setdefault(petition.dossier_code, []).append((petition.received, petition.code))
    codes: set[str] = set()
    repeated_on = {}
    for those in by_dossier.values():
        (_, first), *others = sorted(those)
        codes.update(code for _, code in others)
        if others:
            repeated_on[first] = others[0][0].date()
    return Repeats(frozenset(codes), repeated_on)


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


def judge_satisfaction(petition: Petition, handling: Verdict, repeats: Repeats, last_day: date) -> Verdict:
    """5.3: handled on time, not disliked, and not repeated by the day of judgement."""
    repeated_on = repeats.repeated_on.get(petition.code)
    if petition.is_disliked:
        return Verdict(petition.code, False, "disliked")
    if repeated_on is not None and repeated_on <= last_day:
        return Verdict(petition.code, False, f"repeated on {repeated_on}")
    return handling


def judge_petitions(
    petitions: list[Petition], repeats: Repeats, last_day: date, business_date: date
) -> dict[str, list[Verdict]]:
    """The verdicts on the petitions of one unit and period, by indicator."""
    handling = {p.code: judge_petition(p, last_day, business_date) for p in petitions}
    return {
        "5.1a": [Verdict(p.code, p.kind == "procedure", f"kind {p.kind or 'not given'}") for p in petitions],
        "5.1b": [Verdict(p.code, p.kind == "conduct", f"kind {p.kind or 'not given'}") for p in petitions],
        "5.2": list(handling.values()),
        "5.3": [
            judge_satisfaction(p, handling[p.code], repeats, last_day)
            for p in petitions
            if p.code not in repeats.codes
        ],
    }
