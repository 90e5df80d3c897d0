"""What was known of the dossiers of a chunk at a time, and which of them had news since another.

Both writers take their columns from here, so that wire files and Parquet tell the same story.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tests.province.clock import DAY, NEVER, Bools, Ints
from tests.province.dossiers import EVENT, EVENT_STATUS, MOST_SUPPLEMENTS, Dossiers
from tests.province.texts import dossier_codes
from tests.province.world import World


def up_to(times: Ints, now: int) -> Ints:
    """Times that lie after `now` are not known yet."""
    return np.where(times <= now, times, NEVER)


def known_status(dossiers: Dossiers, now: int) -> Ints:
    """Status code at a time (of dossiers not filed yet: 1)."""
    status = np.where(dossiers.refused_at <= now, 3, 1)
    for i, code in enumerate(EVENT_STATUS):
        reached = dossiers.events[:, i] <= now
        status = np.where(reached, dossiers.final_status if i == EVENT["ended"] else code, status)
    return status


def header_due(dossiers: Dossiers, now: int) -> Ints:
    """NgayHenTra at a time."""
    due = np.where(dossiers.happened("received") <= now, dossiers.due_at, NEVER)
    moved = dossiers.due_follows_supplement & (dossiers.happened("answered_1") <= now)
    return np.where(moved, dossiers.new_due_at, due)


def has_news(dossiers: Dossiers, after: int, now: int) -> Bools:
    """Dossiers filed, or to which something happened, after one time and up to another."""
    times = np.column_stack((dossiers.filed_at, dossiers.refused_at, dossiers.paid_at, dossiers.events))
    return np.asarray(((times > after) & (times <= now)).any(axis=1))


@dataclass(frozen=True)
class Known:
    """Columns of the dossier message that depend on the time."""

    received_at: Ints
    due_at: Ints
    ended_at: Ints
    returned_at: Ints
    refused_at: Ints
    status: Ints
    payment_code: Ints
    has_digitized_component: Bools
    result_count: Ints


def known_at(dossiers: Dossiers, now: int) -> Known:
    """The one-stop system's knowledge at a time."""
    end = up_to(dossiers.happened("ended"), now)
    placed = np.arange(dossiers.component_is_digitized.shape[1]) < dossiers.component_count[:, None]
    return Known(
        received_at=up_to(dossiers.happened("received"), now),
        due_at=header_due(dossiers, now),
        ended_at=np.where(dossiers.end_told, end, NEVER),
        returned_at=up_to(dossiers.happened("returned"), now),
        refused_at=up_to(dossiers.refused_at, now),
        status=known_status(dossiers, now),
        payment_code=np.where(dossiers.paid_at <= now, dossiers.payment_code, 0),
        has_digitized_component=np.asarray((dossiers.component_is_digitized & placed).any(axis=1)),
        result_count=np.where(end != NEVER, dossiers.result_count, 0),
    )


@dataclass(frozen=True)
class Sending:
    """What the one-stop system says of its own work: the last change, its push to the portal, its apology."""

    modified_at: Ints
    synced_at: Ints
    is_sent: Bools
    apology_sent_at: Ints


_PUSHED_AFTER, _APOLOGISES_AT = 900, 9 * 3600


def sending_at(dossiers: Dossiers, known: Known, now: int) -> Sending:
    """Every change is pushed a quarter of an hour later; a push that waits for the next day is not seen."""
    is_late = (known.ended_at != NEVER) & (known.due_at != NEVER) & (known.ended_at > known.due_at)
    apologises = is_late & (dossiers.filed_at % 3 != 0)
    next_morning = (known.ended_at // DAY + 1) * DAY + _APOLOGISES_AT
    apology = up_to(np.where(apologises, next_morning, NEVER), now)
    times = np.column_stack(
        (dossiers.filed_at, dossiers.refused_at, dossiers.paid_at, apology, dossiers.events)
    )
    modified = np.where(times <= now, times, dossiers.filed_at[:, None]).max(axis=1)
    is_sent = ~dossiers.is_missing_on_national
    synced = np.where(is_sent, np.minimum(modified + _PUSHED_AFTER, now), NEVER)
    return Sending(modified, synced, is_sent, apology)


@dataclass(frozen=True)
class Items:
    """A nested list of all dossiers laid end to end: parent row and position (0-based) of each item."""

    row: Ints
    position: Ints

    def __len__(self) -> int:
        return len(self.row)


def lay_out(counts: Ints) -> Items:
    """Items of a list with so many items per dossier."""
    total = int(counts.sum())
    row = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return Items(row, np.arange(total) - first)


@dataclass(frozen=True)
class Supplements:
    """Supplement requests known at a time."""

    items: Items
    asked_at: Ints
    answered_at: Ints
    previous_due_at: Ints
    new_due_at: Ints


def supplements_at(dossiers: Dossiers, now: int) -> Supplements:
    """Supplement rounds, with a new due date where the first one set it."""
    asked = np.column_stack([dossiers.happened(f"asked_{i + 1}") for i in range(MOST_SUPPLEMENTS)])
    answered = np.column_stack([dossiers.happened(f"answered_{i + 1}") for i in range(MOST_SUPPLEMENTS)])
    items = lay_out((asked <= now).sum(axis=1))
    row, position = items.row, items.position
    answered_at = up_to(answered[row, position], now)
    new_due = np.where((answered_at != NEVER) & (position == 0), dossiers.new_due_at[row], NEVER)
    return Supplements(items, asked[row, position], answered_at, dossiers.due_at[row], new_due)


def fee_items(world: World, dossiers: Dossiers) -> tuple[Items, Ints]:
    """Fee items and their amounts: the first by number of copies, all 0 where the owner is exempt."""
    fees = [p.fees for p in world.procedures]
    count = np.array([len(f) for f in fees], dtype=np.int64)[dossiers.procedure]
    table = np.array([(*f, 0, 0)[:2] for f in fees], dtype=np.int64)
    items = lay_out(count)
    amount = table[dossiers.procedure[items.row], items.position]
    amount = amount * np.where(items.position == 0, dossiers.fee_copies[items.row], 1)
    return items, np.where(dossiers.fee_is_zero[items.row], 0, amount)


@dataclass(frozen=True)
class Steps:
    """Processing steps of a chunk, by dossier and time."""

    row: Ints
    at: Ints
    status: Ints

    def __len__(self) -> int:
        return len(self.row)

    def between(self, after: int, now: int) -> Steps:
        """Steps after one time and up to another."""
        wanted = (self.at > after) & (self.at <= now)
        return Steps(self.row[wanted], self.at[wanted], self.status[wanted])


def all_steps(dossiers: Dossiers) -> Steps:
    """Every step that ever happens."""
    n = len(dossiers)
    times = np.column_stack(
        (
            np.where(dossiers.tells_registered, dossiers.filed_at, NEVER),
            dossiers.refused_at,
            dossiers.events,
        )
    )
    ended = 2 + EVENT["ended"]
    times[:, ended] = np.where(dossiers.skips_nine, NEVER, times[:, ended])
    status = np.tile(np.array([1, 3, *EVENT_STATUS], dtype=np.int64), (n, 1))
    status[:, ended] = dossiers.final_status
    row, column = np.nonzero(times != NEVER)
    return Steps(row, times[row, column], status[row, column])


def codes_of(world: World, dossiers: Dossiers) -> pa.StringArray:
    """Codes of all dossiers of a chunk."""
    yymmdd = world.clock.digits(dossiers.filed_at) // 1_000_000 % 1_000_000
    return dossier_codes([u.code for u in world.agencies.units], dossiers.unit, yymmdd, dossiers.sequence)
