"""The core: dossiers of one chunk as numpy columns, each with the times of all that happens to it.

A dossier is drawn once, with its whole future. `events` then says what was known at a time; the writers
only ask for that. Rates of the edge cases stand in `filing.SCENARIOS`; they are dealt out, not drawn, so
that each occurs in every chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.province.clock import AFTERNOON_ENDS, DAY, NEVER, WORKING_DAY, Bools, Floats, Ints
from tests.province.dealing import file_dealt
from tests.province.filing import file_drawn
from tests.province.plan import ChunkPlan
from tests.province.world import World

# What happens to a dossier, in this order (every later one strictly after the one before).
EVENT_NAMES = (
    "received", "worked_on", "asked_1", "answered_1", "asked_2", "answered_2", "asked_3", "answered_3",
    "obliged", "obligation_met", "ended", "returned",
)  # fmt: skip
EVENT_STATUS = (2, 4, 5, 4, 5, 4, 5, 4, 6, 4, 9, 10)
EVENT = {name: i for i, name in enumerate(EVENT_NAMES)}
MOST_SUPPLEMENTS = 3
MOST_COMPONENTS = 4

FAULT_NAMES = (
    "none",
    "missing_on_national",
    "missing_on_one_stop",
    "status_differs",
    "due_differs",
    "status_differs;due_differs",
)


@dataclass
class Dossiers:
    """Columns of one chunk; one position is one dossier, in the order of filing day, agency, filing time."""

    chunk: int
    unit: Ints  # index into Agencies.units
    procedure: Ints
    sequence: Ints
    channel: Ints  # 0 not told, else as on the wire
    filed_at: Ints
    scenario: Ints
    refused_at: Ints
    due_at: Ints
    new_due_at: Ints  # of the first supplement
    due_follows_supplement: Bools  # NgayHenTra moves to the new due date
    end_told: Bools
    final_status: Ints  # status of the event "ended": 9, 7, 8
    tells_registered: Bools  # a step of state 1 at filing
    skips_nine: Bools  # 10 without a step of state 9
    events: Ints  # (rows, len(EVENT_NAMES)), NEVER where it does not happen
    owner_type: Ints
    return_method: Ints
    filed_through: Ints
    is_vneid_verified: Bools
    payment_code: Ints
    paid_at: Ints
    payment_failed_before: Bools
    has_fee: Bools
    fee_is_zero: Bools
    fee_copies: Ints
    fee_collected_when: Ints
    component_count: Ints
    component_has_file: Bools  # (rows, MOST_COMPONENTS), and so on
    component_is_digitized: Bools
    component_reuse: Ints
    component_from_store: Bools
    component_is_deleted: Bools
    component_replacing: Ints  # procedure whose result replaces it
    result_count: Ints
    result_has_file: Bools
    is_pushed: Bools
    databases: Ints  # 0 none, 1 "7", 2 "7" and "1"
    fault: Ints  # index into FAULT_NAMES
    status_variant: Ints
    due_shift_days: Ints  # 0 = emptied

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def is_ghost(self) -> Bools:
        """Only the national side knows it."""
        return self._carries("missing_on_one_stop")

    @property
    def is_missing_on_national(self) -> Bools:
        """Only the one-stop side knows it."""
        return self._carries("missing_on_national")

    @property
    def has_status_fault(self) -> Bools:
        """The national status is another one."""
        return self._carries("status_differs")

    @property
    def has_due_fault(self) -> Bools:
        """The national due date is another one, or empty."""
        return self._carries("due_differs")

    def happened(self, name: str) -> Ints:
        """Times of one kind of event."""
        times: Ints = self.events[:, EVENT[name]]
        return times

    def _carries(self, fault_code: str) -> Bools:
        carries: Bools = np.array([fault_code in name.split(";") for name in FAULT_NAMES])[self.fault]
        return carries


def _sequence(unit: Ints, day: Ints) -> Ints:
    """1, 2, 3 … inside each run of equal (day, unit)."""
    n = len(unit)
    starts = np.concatenate(([True], (unit[1:] != unit[:-1]) | (day[1:] != day[:-1])))
    first = np.maximum.accumulate(np.where(starts, np.arange(n), 0))
    return np.arange(n) - first + 1


def make_dossiers(world: World, plan: ChunkPlan) -> Dossiers:
    """All dossiers filed on the days of one chunk."""
    arguments, clock, agencies = world.arguments, world.clock, world.agencies
    rng = np.random.default_rng([arguments.seed, 2, plan.number])
    n = plan.rows
    filed = file_drawn(world, plan, rng) if plan.cases is None else file_dealt(world, plan, rng)
    unit, procedure, online, lives = filed.unit, filed.procedure, filed.online, filed.lives
    filed_at, received, end_working = filed.filed_at, filed.received, filed.end_working
    start = clock.working_seconds(received)
    duration = np.maximum(end_working - start, 300)

    # --- supplements: asked, answered, up to three times ---
    rounds = np.where(lives("supplement", "supplement_new_due", "left_supplement"), 1, 0)
    rounds = np.where(lives("supplements"), np.where(rng.random(n) < 0.2, 3, 2), rounds)
    events = np.full((n, len(EVENT_NAMES)), NEVER, dtype=np.int64)
    waited = np.zeros(n, dtype=np.int64)
    first_wait = np.zeros(n, dtype=np.int64)
    for i in range(MOST_SUPPLEMENTS):
        has = np.flatnonzero(rounds > i)
        share = (i + rng.uniform(0.1, 0.9, n)[has]) / 3.5
        asked = start[has] + (share * duration[has]).astype(np.int64) + waited[has]
        wait = rng.integers(WORKING_DAY // 2, 6 * WORKING_DAY, n)[has]
        events[has, EVENT[f"asked_{i + 1}"]] = clock.time_at(asked)
        events[has, EVENT[f"answered_{i + 1}"]] = clock.time_at(asked + wait)
        waited[has] += wait
        if i == 0:
            first_wait[has] = wait
    events[lives("left_supplement"), EVENT["answered_1"]] = NEVER
    ended = clock.time_at(end_working + waited)
    exact = lives("exactly_due")
    ended = np.where(exact, filed.due_at, ended)
    gives_new_due = lives("supplement_new_due")
    new_due_at = np.where(
        gives_new_due,
        clock.due_day(filed.due_at, np.maximum(1, first_wait // WORKING_DAY)) * DAY + AFTERNOON_ENDS,
        NEVER,
    )

    # --- everything in its order ---
    events[:, EVENT["received"]] = received
    begun = clock.time_at(start + 60 + (rng.random(n) * 0.08 * duration).astype(np.int64))
    unworked = (rng.random(n) < 0.2) | lives("left_received")
    events[:, EVENT["worked_on"]] = np.where(unworked, NEVER, begun)
    obliged_here = (
        lives("ordinary") & np.array([p.field_code == "G10-DD01" for p in world.procedures])[procedure]
    ) & (rng.random(n) < 0.15)
    has = np.flatnonzero(obliged_here | lives("left_obligation"))
    obliged = start[has] + (rng.uniform(0.3, 0.6, n)[has] * duration[has]).astype(np.int64)
    events[has, EVENT["obliged"]] = clock.time_at(obliged)
    events[has, EVENT["obligation_met"]] = clock.time_at(obliged + (0.2 * duration[has]).astype(np.int64))
    events[lives("left_obligation"), EVENT["obligation_met"]] = NEVER
    never_ends = lives(
        "left_received",
        "left_processing",
        "left_supplement",
        "left_obligation",
        "no_due_open",
        "no_due_open_new",
    )
    events[:, EVENT["ended"]] = np.where(never_ends, NEVER, ended)
    fetched = clock.time_at(
        clock.working_seconds(ended) + 300 + rng.exponential(0.6 * WORKING_DAY, n).astype(np.int64)
    )
    not_fetched = never_ends | lives("withdrawn", "stopped", "not_collected")
    not_fetched |= lives("end_not_told") & (rng.random(n) < 0.5)
    events[:, EVENT["returned"]] = np.where(not_fetched, NEVER, fetched)
    not_received = lives("registered", "refused")
    no_due = lives("no_due_short", "no_due_long", "no_due_open", "no_due_open_new")
    events[not_received] = NEVER
    before = events[:, 0].copy()
    for i in range(1, len(EVENT_NAMES)):
        column = events[:, i]
        happens = column != NEVER
        if i == EVENT["ended"]:
            # An end on the very second of the due time moves what came before it, not itself.
            crowded = exact & happens & (before >= column)
            events[crowded, EVENT["worked_on"]] = NEVER
            before = np.where(crowded, received, before)
        column[happens] = np.maximum(column[happens], before[happens] + 60)
        before = np.where(happens, column, before)
    refused_at = np.where(
        lives("refused"),
        clock.time_at(clock.working_seconds(filed_at) + rng.integers(600, WORKING_DAY, n)),
        NEVER,
    )
    refused_at = np.where(lives("refused"), np.maximum(refused_at, filed_at + 60), NEVER)
    final_status = np.where(lives("withdrawn"), 7, np.where(lives("stopped"), 8, 9)).astype(np.int64)
    returns = events[:, EVENT["returned"]] != NEVER
    skips_nine = returns & (rng.random(n) < np.where(lives("end_not_told"), 0.4, 0.03))
    if plan.cases is not None:
        # where the end is not told, a step of state 9 says it; that of state 10 may come too late
        skips_nine &= ~lives("end_not_told")
    end_told = ~lives("end_not_told") & ~(lives("withdrawn", "stopped") & (rng.random(n) < 0.3))

    # --- money ---
    has_fee = np.array([p.has_fee for p in world.procedures])[procedure]
    fee_is_zero = has_fee & (rng.random(n) < 0.06)
    copies = np.where(rng.random(n) < 0.3, rng.integers(2, 6, n), 1).astype(np.int64)
    collected_when = np.where(rng.random(n) < 0.75, 1, 4).astype(np.int64)
    pays_online = rng.random(n) < agencies.online_payment_rate[unit] * np.where(online, 1.0, 0.35)
    offline = np.where(rng.random(n) < 0.75, 3, 0)
    payment_code = np.where(pays_online, np.where(rng.random(n) < 0.7, 1, 2), offline)
    payment_code = np.where(has_fee & ~fee_is_zero, payment_code, 0).astype(np.int64)
    reference = np.where(collected_when == 1, events[:, 0], events[:, EVENT["ended"]])
    pay_delay = rng.integers(120, 3600, n)
    paid_at = np.where((payment_code > 0) & (reference != NEVER), reference + pay_delay, NEVER)
    payment_code = np.where(paid_at == NEVER, 0, payment_code)

    # --- papers ---
    digitized_rate = agencies.digitized_rate[unit]
    component_count = rng.choice([1, 2, 3, 4], n, p=[0.35, 0.35, 0.2, 0.1])
    # Files come with the whole dossier or not at all, but for one paper here and there.
    complete = rng.random(n) < digitized_rate
    shape = (n, MOST_COMPONENTS)
    stray: Floats = rng.random(shape)
    has_file = np.where(complete[:, None], stray > 0.02, stray > 0.85)
    is_digitized = has_file & (rng.random(shape) < 0.93)
    reused = rng.random(n) < agencies.reuse_rate[unit]
    reuse_draw = rng.random(shape)
    reuse = np.where(reused[:, None] & (reuse_draw < 0.6), np.where(reuse_draw < 0.2, 2, 1), 0)
    returns_paper = np.array([p.returns_paper for p in world.procedures])[procedure]
    result_count = np.where(
        returns_paper & (final_status == 9) & (events[:, EVENT["ended"]] != NEVER),
        np.where(rng.random(n) < 0.04, 2, 1),
        0,
    )
    made = Dossiers(
        chunk=plan.number,
        unit=unit,
        procedure=procedure,
        sequence=_sequence(unit, filed.day),
        channel=filed.channel,
        filed_at=filed_at,
        scenario=filed.scenario,
        refused_at=refused_at,
        due_at=np.where(no_due | not_received, NEVER, filed.due_at),
        new_due_at=new_due_at,
        due_follows_supplement=gives_new_due & (rng.random(n) < 0.5),
        end_told=end_told,
        final_status=final_status,
        tells_registered=not_received | (received // DAY != filed_at // DAY),
        skips_nine=skips_nine,
        events=events,
        owner_type=rng.choice([1, 2, 3, 4], n, p=[0.86, 0.11, 0.01, 0.02]),
        return_method=(rng.random(n) < 0.08).astype(np.int64),
        filed_through=np.where(online & (rng.random(n) < 0.6), 1, 2),
        is_vneid_verified=rng.random(n) < np.where(online, agencies.vneid_rate[unit], 0.10),
        payment_code=payment_code,
        paid_at=paid_at,
        payment_failed_before=(payment_code > 0) & (payment_code < 3) & (rng.random(n) < 0.03),
        has_fee=has_fee,
        fee_is_zero=fee_is_zero,
        fee_copies=copies,
        fee_collected_when=collected_when,
        component_count=component_count,
        component_has_file=has_file,
        component_is_digitized=is_digitized,
        component_reuse=reuse.astype(np.int64),
        component_from_store=(reuse > 0) & (rng.random(shape) < 0.5),
        component_is_deleted=rng.random(shape) < 0.004,
        component_replacing=rng.integers(0, len(world.procedures), shape),
        result_count=result_count,
        result_has_file=rng.random((n, 2)) < agencies.result_file_rate[unit][:, None],
        is_pushed=rng.random(n) < 0.8,
        databases=rng.choice([0, 1, 2], n, p=[0.35, 0.60, 0.05]),
        fault=np.zeros(n, dtype=np.int64),
        status_variant=rng.integers(0, 2, n),
        due_shift_days=np.zeros(n, dtype=np.int64),
    )
    return made
