"""Dossiers whose counts are set: channel and fate are dealt out, everything else is drawn to fit them.

A fate says how a dossier stands at the end of the last day. Filing days are chosen so that a fate can come
true, then agency and procedure so that the time limit allows it, then the end. `filing` draws the same
things the other way round.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.province.clock import (
    AFTERNOON_ENDS,
    DAY,
    MORNING,
    MORNING_STARTS,
    WORKING_DAY,
    Bools,
    Clock,
    Floats,
    Ints,
    day_number,
    end_of_day,
)
from tests.province.filing import (
    SCENARIO_CODE,
    Filed,
    draw_channels,
    draw_filing,
    draw_reception,
    draw_units,
    limits_of,
    lives,
    online_rates,
    procedure_choices,
)
from tests.province.goals import FATES, Goals
from tests.province.plan import (
    FAULT_SHARES,
    Arguments,
    ChunkPlan,
    apportion,
    busy,
    carried_over_weights,
    chunk_spans,
    filing_days,
)
from tests.province.world import World

_EARLY, _ON_TIME, _OVERDUE, _OPEN_IN_TIME, _OPEN_OVERDUE = range(len(FATES))

# Of the dossiers carried over, how many end early, on time, overdue; none is still open a year later.
_CARRIED_OVER_FATES = (0.80, 0.12, 0.08, 0.0, 0.0)
# What was carried over and was not late was filed at most so many working days before the year.
_MOST_DAYS_INTO_YEAR = 15
# Fewest working days from the filing to the last day (reception may be one later), the most, and after how
# many the share of the still open ones falls to a third.
_AGES: dict[int, tuple[int, int, float]] = {
    _EARLY: (0, 10_000, np.inf),
    _ON_TIME: (3, 10_000, np.inf),
    _OVERDUE: (5, 10_000, np.inf),
    _OPEN_IN_TIME: (0, 15, 6.0),
    _OPEN_OVERDUE: (4, 90, 20.0),
}
# Share of the special lives within each fate; the rest is ordinary. Whoever is on time under the statutory
# form ends on the very second of the due time.
_LIVES: dict[int, dict[str, float]] = {
    _EARLY: {
        "not_collected": 0.04,
        "supplement": 0.02,
        "supplement_new_due": 0.012,
        "withdrawn": 0.009,
        "end_not_told": 0.006,
        "stopped": 0.005,
        "no_due_short": 0.004,
    },
    _ON_TIME: {"exactly_due": 1.0},
    _OVERDUE: {"supplements": 0.15, "no_due_long": 0.06, "stopped": 0.05, "not_collected": 0.04},
    _OPEN_IN_TIME: {
        "left_processing": 0.25,
        "left_received": 0.15,
        "left_obligation": 0.08,
        "no_due_open_new": 0.06,
    },
    _OPEN_OVERDUE: {
        "left_processing": 0.45,
        "left_received": 0.20,
        "left_obligation": 0.15,
        "no_due_open": 0.06,
    },
}
# Working days between due and last day that lives with waiting for somebody need.
_ROOM = 25
_NEEDS_ROOM = ("supplement", "supplement_new_due", "supplements", "no_due_long")
_LAST_RECEPTION = 16 * 3600
_LEAST_DURATION = 900
_TRIES = 20_000


def deal_chunks(arguments: Arguments, goals: Goals, clock: Clock) -> list[ChunkPlan]:
    """Spread dossiers of each fate and channel over the days on which they can be filed."""
    rng = np.random.default_rng([arguments.seed, 1])
    before, inside = filing_days(arguments)
    carried = apportion(goals.carried_over, np.array(_CARRIED_OVER_FATES))
    current = np.array(goals.fates, dtype=np.int64) - carried
    online = apportion(goals.online, current)
    if (np.minimum(online, current - online) < 0).any():
        raise ValueError("More came online, or was carried over, than there are dossiers.")
    cases = np.zeros((len(before) + len(inside), len(FATES), 2), dtype=np.int64)
    prior, year = cases[: len(before)], cases[len(before) :]

    to_year = clock.working_days_between(before * DAY, int(inside[0]) - 1)
    early = carried_over_weights(clock, before)
    for fate, count in enumerate(carried):
        weights = np.where((to_year <= _MOST_DAYS_INTO_YEAR) | (fate == _OVERDUE), early, 0)
        # on days off there is no counter
        at_home = rng.random(int(count)) < 0.9
        for offered, wanted in ((1, at_home.sum()), (0, (~at_home).sum())):
            prior[:, fate, offered] = rng.multinomial(wanted, _shares(clock, before, weights, offered))

    left = clock.working_days_between(inside * DAY, int(inside[-1]))
    for fate in range(len(FATES)):
        least, most, fades = _AGES[fate]
        weights = np.where((left >= least) & (left <= most), busy(clock, inside) * np.exp(-left / fades), 0)
        for offered, wanted in ((1, online[fate]), (0, current[fate] - online[fate])):
            year[:, fate, offered] = rng.multinomial(wanted, _shares(clock, inside, weights, offered))

    days, counts = np.concatenate((before, inside)), cases.sum(axis=(1, 2))
    filled = counts > 0
    days, counts, cases = days[filled], counts[filled], cases[filled]
    return [
        ChunkPlan(i, days[a:b], counts[a:b], dict.fromkeys(FAULT_SHARES, 0), cases[a:b])
        for i, (a, b) in enumerate(chunk_spans(arguments, counts))
    ]


def _shares(clock: Clock, days: Ints, weights: Floats, offered: int) -> Floats:
    """Weights as shares of one; the counter is open on working days and Saturdays."""
    if not offered:
        weights = np.where(clock.is_working_day(days) | ((days + 3) % 7 == 5), weights, 0)
    shares: Floats = weights / weights.sum()
    return shares


def file_dealt(world: World, plan: ChunkPlan, rng: np.random.Generator) -> Filed:
    """Dossiers of one chunk whose channels and fates are those of its plan."""
    if plan.cases is None:
        raise ValueError("This chunk has no cases to deal out.")
    clock, last = world.clock, day_number(world.arguments.last_day)
    year_starts = day_number(date(world.arguments.year, 1, 1))
    places = np.repeat(np.arange(plan.cases.size), plan.cases.ravel())
    place, fate, offered = np.unravel_index(places, plan.cases.shape)
    day, online = plan.days[place], offered == 1
    prior = day < year_starts

    # --- filing and reception ---
    filed_at = draw_filing(clock, rng, day, online)
    received = draw_reception(clock, rng, filed_at, online)
    # What would be received in the next year, or too late on the last day, was filed that very morning.
    too_late = received > np.where(prior, year_starts * DAY - 1, last * DAY + _LAST_RECEPTION)
    in_the_morning = day * DAY + MORNING_STARTS + rng.integers(0, MORNING // 2, len(day))
    filed_at = np.where(too_late, in_the_morning, filed_at)
    received = np.where(too_late, in_the_morning + np.where(online, 60, 0), received)

    # --- who and what, so that the time limit allows the fate ---
    left = clock.working_days_between(received, last)
    to_year = clock.working_days_between(received, year_starts - 1)
    least, most = _limits(fate, left, to_year, prior)
    unit, procedure = _draw_fitting(world, rng, day, online, fate, least, most)

    order = np.lexsort((filed_at, unit, day))
    day, unit, procedure, fate = (a[order] for a in (day, unit, procedure, fate))
    filed_at, received, left = (a[order] for a in (filed_at, received, left))
    online, prior = online[order], prior[order]
    limit = limits_of(world, procedure)
    channel = draw_channels(rng, online)
    channel[~online & (rng.random(len(day)) < 0.1)] = 0
    scenario = _draw_lives(rng, fate, limit, left, prior)
    due_at, end_working = _times(world, rng, received, limit, prior, fate, scenario)
    return Filed(
        day, unit, procedure, channel, online, filed_at, received, limit, prior, scenario, due_at, end_working
    )


def _limits(fate: Ints, left: Ints, to_year: Ints, prior: Bools) -> tuple[Ints, Ints]:
    """Least and greatest time limit that a fate allows, by the working days left in either year."""
    # what was carried over and kept its limit falls due in the year, not before its second working day
    least = np.where(prior & (fate != _OVERDUE), to_year + 2, 1)
    least = np.where(fate == _OPEN_IN_TIME, left + 1, least)
    most = np.select(
        [(fate == _ON_TIME) | (fate == _OPEN_OVERDUE), fate == _OVERDUE], [left, left - 1], 10_000
    ).astype(np.int64)
    return least, most


def _draw_fitting(
    world: World, rng: np.random.Generator, day: Ints, online: Bools, fate: Ints, least: Ints, most: Ints
) -> tuple[Ints, Ints]:
    """Agencies and procedures, drawn again until limit, channel and lateness are likely of them."""
    choices, late_rate = procedure_choices(world), world.agencies.late_rate
    unit, procedure = np.zeros(len(day), dtype=np.int64), np.zeros(len(day), dtype=np.int64)
    is_late = (fate == _OVERDUE) | (fate == _OPEN_OVERDUE)
    waiting = np.arange(len(day))
    for _ in range(_TRIES):
        if not len(waiting):
            return unit, procedure
        unit[waiting] = draw_units(world, rng, day[waiting])
        procedure[waiting] = choices.draw(rng, unit[waiting])
        limit = limits_of(world, procedure[waiting])
        by_channel = online_rates(world, unit[waiting], procedure[waiting])
        by_lateness = late_rate[unit[waiting]] / late_rate.max()
        fits = (limit >= least[waiting]) & (limit <= most[waiting])
        fits &= rng.random(len(waiting)) < np.where(online[waiting], by_channel, 1 - by_channel)
        fits &= ~is_late[waiting] | (rng.random(len(waiting)) < by_lateness)
        waiting = waiting[~fits]
    raise ValueError(f"No procedure fits {len(waiting)} dossiers.")


def _draw_lives(rng: np.random.Generator, fate: Ints, limit: Ints, left: Ints, prior: Bools) -> Ints:
    """A life for each dossier that leads to its fate."""
    scenario = np.full(len(fate), SCENARIO_CODE["ordinary"], dtype=np.int64)
    drawn = rng.random(len(fate))
    for of_fate, shares in _LIVES.items():
        low = 0.0
        for name, share in shares.items():
            chosen = (fate == of_fate) & (drawn >= low) & (drawn < low + share)
            low += share
            if name in _NEEDS_ROOM:
                chosen &= left - limit >= _ROOM
            if name == "supplement_new_due":
                chosen &= limit >= 3
            # without a due date the maximum counts from the second of the reception: keep off the last day
            if name == "no_due_open_new":
                chosen &= limit >= left + 2
            if name == "no_due_open":
                chosen &= limit <= left - 2
            if name != "exactly_due":
                chosen &= ~prior
            scenario[chosen] = SCENARIO_CODE[name]
    return scenario


def _times(
    world: World,
    rng: np.random.Generator,
    received: Ints,
    limit: Ints,
    prior: Bools,
    fate: Ints,
    scenario: Ints,
) -> tuple[Ints, Ints]:
    """Due dates, and ends before supplements push them back, in working seconds."""
    clock, n = world.clock, len(received)
    now, year = (
        int(clock.working_seconds(np.array([at]))[0])
        for at in (end_of_day(world.arguments.last_day), day_number(date(world.arguments.year, 1, 1)) * DAY)
    )
    start, whole = clock.working_seconds(received), limit * WORKING_DAY
    # received on a day off, it falls due when the day ends
    at_day_end = (rng.random(n) < 0.7) | ~clock.is_working_day(received // DAY)
    due_at = clock.due_day(received, limit) * DAY + np.where(at_day_end, AFTERNOON_ENDS, received % DAY)
    no_due = lives(scenario, "no_due_short", "no_due_long", "no_due_open", "no_due_open_new")
    due = np.where(no_due, start + whole, clock.working_seconds(due_at))

    earliest = start + _LEAST_DURATION
    earliest = np.where(prior, np.maximum(earliest, year + 60), earliest)
    latest = np.minimum(due, now) - 60
    # Waiting moves the due date by whole days at least, or by what the requests say, less some work before.
    new_due, waits = lives(scenario, "supplement_new_due"), lives(scenario, "supplement")
    latest = np.where(new_due, latest - WORKING_DAY, latest)
    latest = np.where(waits, start + (due - start) * 4 // 5, latest)
    early = earliest + (rng.beta(1.6, 2.2, n) * (latest - earliest)).astype(np.int64)

    behind = due + 600 + rng.exponential(1.6 * WORKING_DAY, n).astype(np.int64)
    behind = np.where(prior, np.maximum(behind, year + 600 + behind % WORKING_DAY), behind)
    behind = np.where(lives(scenario, "supplements"), np.minimum(behind, due + 5 * WORKING_DAY), behind)
    overdue = np.minimum(behind, now - 60)
    overdue = np.where(
        lives(scenario, "no_due_long"), due + WORKING_DAY + behind % (5 * WORKING_DAY), overdue
    )

    span = np.where(fate == _OPEN_IN_TIME, np.maximum(due - now, 2 * WORKING_DAY), 15 * WORKING_DAY)
    afterwards = now + 600 + (rng.random(n) * span).astype(np.int64)
    end = np.select(
        [fate == _EARLY, fate == _ON_TIME, fate == _OVERDUE], [early, due, overdue], afterwards
    ).astype(np.int64)
    return due_at, end
