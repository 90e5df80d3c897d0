"""Indicators 2.1, is a dossier early, on time or still within its time, and 2.2, how long it took."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.oracle.dossiers import Dossier, Supplement
from tests.oracle.verdicts import Verdict
from tests.oracle.working_time import NO_TIME, end_of, moved_forward, working_time

ONE_MINUTE = timedelta(minutes=1)


def known_end(dossier: Dossier) -> datetime | None:
    """NgayKetThucXuLy, else the first step of state 9, else of 10, else the first of 8, 3 or 7."""
    if dossier.ended is not None:
        return dossier.ended
    for states in (("9",), ("10",), ("8", "3", "7")):
        times = [step.at for step in dossier.steps if step.status in states]
        if times:
            return min(times)
    return None


def only_supplement(dossier: Dossier) -> Supplement | None:
    """The request for papers, when there was exactly one."""
    return dossier.supplements[0] if len(dossier.supplements) == 1 else None


def end_by_open_request(dossier: Dossier) -> datetime | None:
    """The last request, when nobody answered it and nothing but state 5 came after it: it is the end."""
    asked = [(s.requested, s) for s in dossier.supplements if s.requested is not None]
    if not asked:
        return None
    requested, last = max(asked, key=lambda pair: pair[0])
    if last.completed is not None:
        return None
    worked_on = [step.at for step in dossier.steps if step.status != "5"]
    answered = [s.completed for s in dossier.supplements if s.completed is not None]
    return None if any(at > requested for at in worked_on + answered) else requested


def end_seen_on(dossier: Dossier, business_date: date) -> datetime | None:
    """The end as far as it is known on the business date; a later one does not count yet."""
    for end in (known_end(dossier), end_by_open_request(dossier)):
        if end is not None and end.date() <= business_date:
            return end
    return None


def waited(dossier: Dossier) -> timedelta:
    """Working time spent waiting for papers: one request, answered, and no new due date set."""
    request = only_supplement(dossier)
    if request is None or request.new_due is not None:
        return NO_TIME
    if request.requested is None or request.completed is None:
        return NO_TIME
    return working_time(request.requested, request.completed)


def waited_in_all(dossier: Dossier) -> timedelta:
    """Working time spent waiting for papers, all answered requests together."""
    spans = [
        working_time(request.requested, request.completed)
        for request in dossier.supplements
        if request.requested is not None and request.completed is not None
    ]
    return sum(spans, NO_TIME)


def judge_duration(dossier: Dossier, business_date: date) -> Verdict | None:
    """2.2: whole working minutes from reception to the end without the time waited; nothing if not ended."""
    end = end_seen_on(dossier, business_date)
    if end is None or dossier.received is None:
        return None
    work = max(NO_TIME, working_time(dossier.received, end) - waited_in_all(dossier))
    return Verdict(dossier.code, True, f"ended {end:%d/%m/%Y %H:%M:%S}", work // ONE_MINUTE)


def due_of(dossier: Dossier) -> datetime | None:
    """The due time: a new one set with the request, else the first one moved by the time waited."""
    request = only_supplement(dossier)
    if request is not None and request.new_due is not None:
        return request.new_due
    if dossier.due is None:
        return None
    return moved_forward(dossier.due, waited(dossier))


def judge_progress(dossier: Dossier, last_day: date, business_date: date) -> Verdict:
    """On time or not, in a period whose open dossiers are judged at the end of `last_day`."""
    if len(dossier.supplements) >= 2:
        return Verdict(dossier.code, False, f"{len(dossier.supplements)} requests for papers")
    end = end_seen_on(dossier, business_date)
    due = due_of(dossier)
    if due is not None:
        return judge_by_due(dossier, end, due, last_day)
    return judge_by_time_limit(dossier, end, last_day)


def judge_by_due(dossier: Dossier, end: datetime | None, due: datetime, last_day: date) -> Verdict:
    """Ended: not after the due time. Not ended: the due day is still to come."""
    if end is not None:
        return Verdict(
            dossier.code, end <= due, f"ended {end:%d/%m/%Y %H:%M:%S}, due {due:%d/%m/%Y %H:%M:%S}"
        )
    return Verdict(
        dossier.code,
        due.date() > last_day,
        f"not ended, due {due:%d/%m/%Y %H:%M:%S}, judged at the end of {last_day:%d/%m/%Y}",
    )


def hours(work: timedelta) -> str:
    """Working time in words."""
    return f"{work.total_seconds() / 3600:.4f} h"


def judge_by_time_limit(dossier: Dossier, end: datetime | None, last_day: date) -> Verdict:
    """No due date: the working time spent must not exceed the procedure's limit and the time waited."""
    if dossier.time_limit is None or dossier.received is None:
        return Verdict(dossier.code, True, "no due date and no known time limit")
    most = dossier.time_limit + waited(dossier)
    spent = working_time(dossier.received, end if end is not None else end_of(last_day))
    until = f"ended {end:%d/%m/%Y %H:%M:%S}" if end is not None else f"not ended by {last_day:%d/%m/%Y}"
    return Verdict(
        dossier.code, spent <= most, f"no due date, {until}, worked {hours(spent)} of at most {hours(most)}"
    )
