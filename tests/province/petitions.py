"""Petitions (PAKN): every status and deadline situation, and what was known of each at a time."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, islice

import numpy as np

from tests.province.clock import DAY, NEVER, WORKING_DAY, day_number, end_of_day
from tests.province.people import People, make_people
from tests.province.plan import Arguments
from tests.province.world import World

_WAITING = ("Tiếp nhận ở địa phương", "Phản ánh đã bổ sung", "Mới tiếp nhận VPCP")
_IN_PROGRESS = (
    "xử lý ở địa phương", "PAKN đã bổ sung", "Phản ánh trực tiếp xử lý", "tiếp nhận ở địa phương",
    "Đã gửi email",
    "trả lại tiếp nhận địa phương",
)  # fmt: skip
_SENT_ELSEWHERE = (
    "BNĐP gửi trả BNĐP khác", "gửi trả VPCP", "Trả lại VPCP", "gửi đơn vị khác bằng phần mềm riêng",
)  # fmt: skip
_REFUSED, _FOR_SUPPLEMENT = ("Từ chối tiếp nhận",), ("chờ bổ sung",)
_TO_PUBLISH, _PUBLISHED = "chờ công khai", "đã công khai"

# Situation → statuses, working days to the handling (from, to), working days from there to publication
# (from, to; None = not published), handed on before. Handling None = still open.
_Span = tuple[float, float] | None
_SITUATIONS: dict[str, tuple[tuple[str, ...], _Span, _Span, bool]] = {
    "resolved_on_time_published_in_time": ((_PUBLISHED,), (1, 14), (0.2, 1.8), False),
    "in_progress_in_time": (_IN_PROGRESS, None, None, False),
    "resolved_late_published": ((_PUBLISHED,), (16, 30), (0.2, 1.8), False),
    "refused_in_time": (_REFUSED, (0.2, 1.9), None, False),
    "refused_late": (_REFUSED, (3, 8), None, False),
    "sent_elsewhere_in_time": (_SENT_ELSEWHERE, (0.2, 1.9), None, False),
    "sent_elsewhere_late": (_SENT_ELSEWHERE, (3, 8), None, False),
    "for_supplement_in_time": (_FOR_SUPPLEMENT, (0.5, 4.9), None, False),
    "for_supplement_late": (_FOR_SUPPLEMENT, (6, 12), None, False),
    "in_progress_overdue": (_IN_PROGRESS, None, None, False),
    "waiting_in_time": (_WAITING, None, None, False),
    "waiting_overdue": (_WAITING, None, None, False),
    "to_publish_in_time": ((_TO_PUBLISH,), (1, 14), None, False),
    "to_publish_overdue": ((_TO_PUBLISH,), (1, 14), None, False),
    "published_late": ((_PUBLISHED,), (1, 14), (3, 9), False),
    "transferred_resolved_on_time": ((_PUBLISHED,), (8, 14), (0.2, 1.8), True),
    "transferred_resolved_late": ((_PUBLISHED,), (16, 22), (0.2, 1.8), True),
    "transferred_in_progress": (_IN_PROGRESS, None, None, True),
    "resolved_on_time_often": ((_PUBLISHED,), (1, 14), (0.2, 1.8), False),
    "resolved_on_time_most": ((_PUBLISHED,), (1, 14), (0.2, 1.8), False),
}
# Those that a year set to counts is made of: every way to be resolved and published, and to be neither
# resolved nor in progress. What is in progress is handled and published afterwards.
_RESOLVED = tuple(name for name, (statuses, *_) in _SITUATIONS.items() if statuses == (_PUBLISHED,))
_ELSEWHERE = tuple(
    name
    for name, (statuses, *_) in _SITUATIONS.items()
    if statuses in (_REFUSED, _SENT_ELSEWHERE, _FOR_SUPPLEMENT)
)
_HANDLED_AFTERWARDS = {
    "handled_afterwards_in_time": ((_PUBLISHED,), (0.5, 6.0), (0.2, 1.8), False),
    "handled_afterwards_overdue": ((_PUBLISHED,), (0.5, 6.0), (0.2, 1.8), False),
}
# How many working days before the last day an open petition was sent.
_OPEN_AGE = {
    "in_progress_in_time": (2, 13),
    "transferred_in_progress": (8, 13),
    "in_progress_overdue": (17, 40),
    "waiting_in_time": (0.5, 1.5),
    "waiting_overdue": (17, 40),
    "to_publish_in_time": (3, 14),
    "handled_afterwards_in_time": (2, 8),
    "handled_afterwards_overdue": (17, 40),
}


@dataclass(frozen=True)
class PetitionAbout:
    """A dossier that a petition may name."""

    dossier_code: str
    unit: int
    received_at: int


@dataclass(frozen=True)
class Petition:
    """One petition with the times of all that happens to it."""

    code: str
    dossier_code: str
    agency_code: str
    kind: str
    sent_at: int
    received_at: int
    transferred_at: int
    handled_at: int
    published_at: int
    status: str
    is_disliked: bool
    situation: str
    person: int

    def has_news(self, after: int, now: int) -> bool:
        """Whether something happened after one time and up to another."""
        times = (self.received_at, self.transferred_at, self.handled_at, self.published_at)
        return self.received_at <= now and any(after < t <= now for t in times)

    def known_at(self, now: int) -> Petition:
        """The petition as it stood at a time."""
        status = self.status
        if self.handled_at <= now < self.published_at != NEVER:
            status = _TO_PUBLISH
        elif now < self.handled_at != NEVER:
            status = _IN_PROGRESS[0]
        transferred, handled, published = (
            t if t <= now else int(NEVER) for t in (self.transferred_at, self.handled_at, self.published_at)
        )
        return replace(
            self, status=status, transferred_at=transferred, handled_at=handled, published_at=published
        )


def petition_count(arguments: Arguments) -> int:
    """How many petitions come with so many dossiers, where their number is not set."""
    return arguments.goals.petitions if arguments.goals is not None else max(40, arguments.dossiers // 250)


def _situations(arguments: Arguments, count: int) -> list[str]:
    """The situation of each petition: all in turn, or as many of each kind as the goals say."""
    goals = arguments.goals
    if goals is None:
        return list(islice(cycle(_SITUATIONS), count))
    dealt = [
        *islice(cycle(_RESOLVED), goals.petitions_published),
        *islice(cycle(_HANDLED_AFTERWARDS), goals.petitions_in_progress),
        *islice(cycle(_ELSEWHERE), goals.petitions_elsewhere),
    ]
    order = np.random.default_rng([arguments.seed, 6]).permutation(len(dealt))
    return [dealt[i] for i in order]


def make_petitions(world: World, about: list[PetitionAbout]) -> tuple[list[Petition], People]:
    """All petitions, about half of them on a dossier, in the order of reception."""
    arguments, clock = world.arguments, world.clock
    rng = np.random.default_rng([arguments.seed, 5])
    count = petition_count(arguments)
    situations, all_situations = _situations(arguments, count), _SITUATIONS | _HANDLED_AFTERWARDS
    people = make_people(rng, count)
    end = end_of_day(arguments.last_day)
    now = int(clock.working_seconds(np.array([end]))[0])
    year_starts = int(clock.working_seconds(np.array([clock.first_day * DAY]))[0]) + 85 * WORKING_DAY
    year_begins = int(clock.working_seconds(np.array([day_number(date(arguments.year, 1, 1)) * DAY]))[0])
    about = sorted(about, key=lambda a: (a.received_at, a.dossier_code))
    received_on = [a.received_at for a in about]
    kinds, places = len(_SITUATIONS), [u.code for u in world.agencies.units]
    departments = len(world.agencies.departments)

    def at(working: float) -> int:
        return int(clock.time_at(np.array([int(working)]))[0])

    petitions: list[Petition] = []
    for i in range(count):
        situation = situations[i]
        statuses, handling, publishing, handed_on = all_situations[situation]
        draw = rng.random(6)
        if situation in _OPEN_AGE:
            low, high = _OPEN_AGE[situation]
            start = now - (low + (high - low) * draw[0]) * WORKING_DAY
        else:
            latest = now - 45 * WORKING_DAY
            # petitions that are counted by the year are received in it
            earliest = min(year_starts, latest - 20 * WORKING_DAY) if arguments.goals is None else year_begins
            start = earliest + draw[0] * (latest - earliest)
        sent = at(start)
        # Every other petition of a situation names a dossier, one that was received before it.
        named = None
        if (i + i // kinds) % 2 == 0:
            place = bisect_left(received_on, sent - 5 * DAY)
            named = about[int(draw[1] * place)] if place else None
        base, transferred = start, int(NEVER)
        if handed_on:
            base = start + (1 + 4 * draw[2]) * WORKING_DAY
            transferred = at(base)
        handled = published = int(NEVER)
        if handling is not None:
            done = base + (handling[0] + (handling[1] - handling[0]) * draw[3]) * WORKING_DAY
            if situation in _HANDLED_AFTERWARDS:
                done = now + (handling[0] + (handling[1] - handling[0]) * draw[3]) * WORKING_DAY
            if situation == "to_publish_in_time":
                done = min(max(done, now - (0.2 + 1.5 * draw[4]) * WORKING_DAY), now - 600)
            handled = at(done)
            if publishing is not None:
                published = at(
                    done + (publishing[0] + (publishing[1] - publishing[0]) * draw[4]) * WORKING_DAY
                )
        level = draw[5]
        if named is not None:
            agency = places[named.unit]
        elif i % 5 == 1 or level < 0.05:
            agency = world.agencies.province.code
        else:
            first, last = (0, departments) if level < 0.45 and departments else (departments, len(places))
            if first == last:
                first, last = 0, len(places)
            agency = places[int(rng.integers(first, last))]
        received = min(sent + 60 + int(draw[2] * 0.3 * WORKING_DAY), handled - 60, transferred - 60)
        petitions.append(
            Petition(
                code=f"PAKN.{arguments.year}.{i + 1:06d}",
                dossier_code=named.dossier_code if named is not None else "",
                agency_code=agency,
                kind="Hành vi" if i % 3 == 0 else "TTHC",
                sent_at=sent,
                received_at=max(received, sent),
                transferred_at=transferred,
                handled_at=handled,
                published_at=published,
                status=statuses[(i // kinds) % len(statuses)],
                is_disliked=bool(handled != NEVER and rng.random() < 0.12),
                situation=situation,
                person=i,
            )
        )
    return sorted(petitions, key=lambda p: (p.received_at, p.code)), people
