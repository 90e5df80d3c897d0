"""Who files what, when and how, and which life each dossier has: its filing and reception, due date and end.

Here all of it is drawn. Where counts are set, `dealing` does the same so that they come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.province.agencies import VEHICLE_DEPARTMENT
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
from tests.province.plan import ChunkPlan
from tests.province.world import World

# Share of the dossiers that each special life gets; the rest is ordinary.
SCENARIOS = {
    "ordinary": 0.0,
    "registered": 0.005,  # 1, never received
    "refused": 0.009,  # 3
    "left_received": 0.005,  # 2, never worked on
    "left_processing": 0.008,  # 4, never ended
    "left_supplement": 0.006,  # 5, the citizen never answers
    "left_obligation": 0.004,  # 6, never paid
    "withdrawn": 0.009,  # 7
    "stopped": 0.007,  # 8
    "exactly_due": 0.010,  # ended on the second of the due time
    "end_not_told": 0.006,  # 9 or 10, but NgayKetThucXuLy stays empty
    "no_due_short": 0.004,
    "no_due_long": 0.003,
    "no_due_open": 0.003,
    "supplement": 0.020,  # one, closed, due date not set anew
    "supplement_new_due": 0.012,
    "supplements": 0.007,  # two or three
    "not_collected": 0.040,  # 9, the result waits
    "no_due_open_new": 0.003,  # received lately
}
SCENARIO_NAMES = tuple(SCENARIOS)
SCENARIO_CODE = {name: i for i, name in enumerate(SCENARIO_NAMES)}


@dataclass(frozen=True)
class Filed:
    """Columns of one chunk, in the order of filing day, agency, filing time.

    Attributes:
        limit: the procedure's, in working days.
        prior: filed before the year.
        due_at: NgayHenTra, also of those that will not tell it.
        end_working: when it ends, before supplements push that back, in working seconds.
    """

    day: Ints
    unit: Ints
    procedure: Ints
    channel: Ints
    online: Bools
    filed_at: Ints
    received: Ints
    limit: Ints
    prior: Bools
    scenario: Ints
    due_at: Ints
    end_working: Ints

    def lives(self, *names: str) -> Bools:
        """Dossiers with one of these lives."""
        return lives(self.scenario, *names)


def lives(scenario: Ints, *names: str) -> Bools:
    """Where a scenario is one of these."""
    return np.isin(scenario, [SCENARIO_CODE[name] for name in names])


@dataclass(frozen=True)
class Choices:
    """Procedures by agency, laid end to end with the weight at which each ends."""

    cumulated: Floats
    procedure: Ints
    start: Floats  # by unit: the weight at which its procedures start, and how much they weigh
    total: Floats

    def draw(self, rng: np.random.Generator, unit: Ints) -> Ints:
        """One procedure per dossier out of those its agency handles, by how often they are asked for."""
        point = self.start[unit] + rng.random(len(unit)) * self.total[unit]
        place = np.minimum(np.searchsorted(self.cumulated, point, side="right"), len(self.procedure) - 1)
        procedure: Ints = self.procedure[place]
        return procedure


def draw_units(world: World, rng: np.random.Generator, days: Ints) -> Ints:
    agencies = world.agencies
    cumulated = np.cumsum(agencies.weight)
    drawn = rng.random(len(days)) * cumulated[-1]
    department_share = float(agencies.weight[: len(agencies.departments)].sum())
    if agencies.departments and agencies.communes:
        # Communes in their present form exist from 1 July 2025 only.
        starts = day_number(date(2025, 7, 1))
        drawn = np.where(days < starts, drawn / cumulated[-1] * department_share, drawn)
    unit: Ints = np.minimum(np.searchsorted(cumulated, drawn, side="right"), len(cumulated) - 1)
    return unit


def procedure_choices(world: World) -> Choices:
    """The procedures that each agency handles."""
    procedures = world.procedures
    cumulated: list[float] = []
    choice: list[int] = []
    start, total = [], []
    communal = [(i, p.popularity) for i, p in enumerate(procedures) if p.level == "XÃ"]
    running = 0.0

    def add(handled: list[tuple[int, float]]) -> tuple[float, float]:
        nonlocal running
        before = running
        for index, weight in handled:
            running += weight
            cumulated.append(running)
            choice.append(index)
        return before, running - before

    for department in world.agencies.departments:
        handled = [(i, p.popularity) for i, p in enumerate(procedures) if department.code in p.departments]
        if department.code == VEHICLE_DEPARTMENT:
            handled = [(i, w * (6.0 if procedures[i].is_vehicle_inspection else 1.0)) for i, w in handled]
        first, width = add(handled)
        start.append(first)
        total.append(width)
    first, width = add(communal)
    start += [first] * len(world.agencies.communes)
    total += [width] * len(world.agencies.communes)
    return Choices(np.array(cumulated), np.array(choice, dtype=np.int64), np.array(start), np.array(total))


def online_rates(world: World, unit: Ints, procedure: Ints) -> Floats:
    """How likely a dossier comes online, by its agency and procedure."""
    service_level = np.array([int(p.service_level_code) for p in world.procedures])[procedure]
    inspection = np.array([p.is_vehicle_inspection for p in world.procedures])[procedure]
    rates: Floats = (
        world.agencies.online_rate[unit]
        * np.where(service_level >= 3, 1.0, 0.0)
        * np.where(inspection, 0.01, 1)
    )
    return rates


def draw_channels(rng: np.random.Generator, online: Bools) -> Ints:
    """The channel as on the wire: online, or one in eight by post."""
    return np.where(online, 2, np.where(rng.random(len(online)) < 0.12, 3, 1)).astype(np.int64)


def draw_filing(clock: Clock, rng: np.random.Generator, day: Ints, online: Bools) -> Ints:
    """When dossiers are filed on their day: at the counter while it is open, at home also late."""
    n = len(day)
    saturday = ~clock.is_working_day(day) & ((day + 3) % 7 == 5)
    inside = rng.integers(0, WORKING_DAY, n)
    morning = rng.integers(0, MORNING, n)
    at_counter = np.where(
        saturday,
        MORNING_STARTS + morning,
        np.where(inside < MORNING, MORNING_STARTS + inside, AFTERNOON_ENDS - WORKING_DAY + inside),
    )
    night = np.where(rng.random(n) < 0.8, rng.integers(18 * 3600, 84_600, n), rng.integers(18_000, 25_200, n))
    at_home = np.where(rng.random(n) < 0.15, night, rng.integers(25_200, 64_800, n))
    return day * DAY + np.where(online, at_home, at_counter)


def draw_reception(clock: Clock, rng: np.random.Generator, filed_at: Ints, online: Bools) -> Ints:
    """When they are received: at the counter at once, online when somebody has looked at them."""
    checked = clock.time_at(
        clock.working_seconds(filed_at) + 60 + rng.exponential(4000.0, len(filed_at)).astype(np.int64)
    )
    return np.where(online, np.maximum(checked, filed_at + 60), filed_at)


def limits_of(world: World, procedure: Ints) -> Ints:
    """Time limits in working days."""
    limits: Ints = np.array([p.limit_days for p in world.procedures], dtype=np.int64)[procedure]
    return limits


def _deal_scenarios(
    world: World, rng: np.random.Generator, filed_at: Ints, limit: Ints, prior: Bools
) -> Ints:
    """Deal the special lives out in their shares; "received lately" only where it can be."""
    n = len(filed_at)
    scenario = np.zeros(n, dtype=np.int64)
    end = end_of_day(world.arguments.last_day)
    now = world.clock.working_seconds(np.array([end]))[0]
    age = (now - world.clock.working_seconds(filed_at)) // WORKING_DAY
    lately = np.flatnonzero((age < np.minimum(limit - 1, 8)) & (age >= 1))
    new = rng.permutation(lately)[: round(SCENARIOS["no_due_open_new"] * n) + 1]
    scenario[new] = SCENARIO_CODE["no_due_open_new"]
    # The others need time to unfold.
    free = rng.permutation(np.flatnonzero((scenario == 0) & (age > 8) & ~prior))
    at = 0
    for name, share in SCENARIOS.items():
        if name not in ("ordinary", "no_due_open_new"):
            count = int(share * n + rng.random())
            scenario[free[at : at + count]] = SCENARIO_CODE[name]
            at += count
    return scenario


def file_drawn(world: World, plan: ChunkPlan, rng: np.random.Generator) -> Filed:
    """Dossiers of one chunk, everything drawn."""
    arguments, clock, agencies = world.arguments, world.clock, world.agencies
    n = plan.rows
    day = np.repeat(plan.days, plan.counts)

    # --- who, what, how ---
    unit = draw_units(world, rng, day)
    procedure = procedure_choices(world).draw(rng, unit)
    worked = clock.is_working_day(day)
    saturday = ~worked & ((day + 3) % 7 == 5)
    online = (rng.random(n) < online_rates(world, unit, procedure)) | (~worked & ~saturday)
    channel = draw_channels(rng, online)
    channel[rng.random(n) < 0.01] = 0

    # --- filing and reception ---
    filed_at = draw_filing(clock, rng, day, online)
    order = np.lexsort((filed_at, unit, day))
    day, unit, procedure, channel = day[order], unit[order], procedure[order], channel[order]
    online, filed_at = online[order], filed_at[order]
    limit = limits_of(world, procedure)
    received = draw_reception(clock, rng, filed_at, online)
    year_starts = day_number(date(arguments.year, 1, 1)) * DAY
    prior = filed_at < year_starts
    scenario = _deal_scenarios(world, rng, filed_at, limit, prior)

    # --- due dates ---
    start = clock.working_seconds(received)
    whole = limit * WORKING_DAY
    due_second = np.where(rng.random(n) < 0.7, AFTERNOON_ENDS, received % DAY)
    due_at = clock.due_day(received, limit) * DAY + due_second
    due_working = clock.working_seconds(due_at)

    # --- the end, before supplements push it back ---
    late = rng.random(n) < agencies.late_rate[unit] * np.where(lives(scenario, "stopped"), 4.0, 1.0)
    quick = start + 300 + (rng.beta(1.6, 2.2, n) * (whole - 900)).astype(np.int64)
    behind = due_working + 600 + rng.exponential(1.6 * WORKING_DAY, n).astype(np.int64)
    end_working = np.where(late, behind, np.minimum(quick, due_working - 60))
    end_working = np.where(
        lives(scenario, "no_due_long"),
        start + whole + WORKING_DAY + behind % (5 * WORKING_DAY),
        end_working,
    )
    end_working = np.where(lives(scenario, "no_due_short"), quick, end_working)
    into_year = clock.working_seconds(np.array([year_starts]))[0] + rng.exponential(
        2.5 * WORKING_DAY, n
    ).astype(np.int64)
    end_working = np.where(prior, np.maximum(end_working, into_year), end_working)
    return Filed(
        day, unit, procedure, channel, online, filed_at, received, limit, prior, scenario, due_at, end_working
    )
