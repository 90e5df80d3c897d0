"""What is to be made: arguments, business dates, how many dossiers are filed on which day, and the chunks.

The plan is drawn once from the seed; each chunk is then made on its own, from a generator seeded by
(seed, chunk), so that the number of processes changes nothing. Chunks are whole days: the running number
in a dossier code starts again every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np

from tests.province.clock import DAY, Clock, Floats, Ints, day_number, end_of_day
from tests.province.goals import Goals

CARRIED_OVER_SHARE = 0.015
_MOST_CHUNK_ROWS, _LEAST_CHUNK_ROWS = 200_000, 10_000

# Share of each planted fault; the pair is one dossier with two faults.
FAULT_SHARES = {
    "missing_on_national": 0.30,
    "missing_on_one_stop": 0.20,
    "status_differs": 0.20,
    "due_differs": 0.20,
    "status_differs;due_differs": 0.10,
}
_LEAST_FAULTS = 3


@dataclass(frozen=True)
class Arguments:
    """Arguments of one made-up province.

    Attributes:
        goals: counts to set at the end of the last day; without them counts come as drawn.
        afterwards: date of one more delivery, later than the last day.
        faults: planted on top, one by one (`planting`); the rate is of faults without number.
    """

    dossiers: int
    year: int = 2026
    seed: int = 1
    fault_rate: float = 0.02
    departments: int = 14
    communes: int = 102
    until: date | None = None
    deliveries: int = 2
    gzip: bool = False
    afterwards: date | None = None
    goals: Goals | None = None
    faults: tuple[str, ...] | Literal["all"] = ()

    @property
    def last_day(self) -> date:
        """The last business date, but for a delivery afterwards."""
        if self.until is not None:
            return self.until
        return date(2026, 9, 30) if self.year == 2026 else date(self.year, 12, 31)

    @property
    def business_dates(self) -> list[date]:
        """The last day and the month ends before it, oldest first; then what comes afterwards."""
        dates = [self.last_day]
        while len(dates) < self.deliveries:
            dates.append(dates[-1].replace(day=1) - timedelta(days=1))
        later = [self.afterwards] if self.afterwards is not None else []
        return dates[::-1] + later


@dataclass(frozen=True)
class ChunkPlan:
    """One chunk: how many dossiers are filed on each of its days, ghosts among them, and its faults.

    Attributes:
        cases: where counts are set, the same by day, fate and whether it came online.
    """

    number: int
    days: Ints
    counts: Ints
    faults: dict[str, int]
    cases: Ints | None = None

    @property
    def rows(self) -> int:
        """Dossiers of the chunk, those that only the national side knows included."""
        return int(self.counts.sum())


def apportion(total: int, weights: Ints | Floats) -> Ints:
    """Whole numbers in proportion to the weights that sum to `total` (largest remainder)."""
    weights = np.asarray(weights, dtype=np.float64)
    exact = weights / weights.sum() * total
    whole: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def fault_counts(arguments: Arguments) -> dict[str, int]:
    """How many dossiers carry each fault."""
    total = round(arguments.dossiers * arguments.fault_rate)
    if arguments.fault_rate <= 0 or total == 0:
        return dict.fromkeys(FAULT_SHARES, 0)
    counts = apportion(total, np.array(list(FAULT_SHARES.values())))
    if arguments.dossiers >= 500:
        counts = np.maximum(counts, _LEAST_FAULTS)
    return dict(zip(FAULT_SHARES, (int(c) for c in counts), strict=True))


def filing_days(arguments: Arguments) -> tuple[Ints, Ints]:
    """Days on which dossiers are filed: those before the year, and those of the year."""
    first, last = day_number(date(arguments.year, 1, 1)), day_number(arguments.last_day)
    before = np.arange(day_number(date(arguments.year - 1, 11, 1)), first, dtype=np.int64)
    return before, np.arange(first, last + 1, dtype=np.int64)


def busy(clock: Clock, days: Ints) -> Floats:
    """How many dossiers a day brings, beside other days."""
    weekday = (days + 3) % 7  # Monday 0
    worked = clock.is_working_day(days)
    return np.where(worked, np.where(weekday == 0, 1.25, 1.0), np.where(weekday == 5, 0.05, 0.02))


def carried_over_weights(clock: Clock, days: Ints) -> Floats:
    """The same for days before the year, of what is still open when it begins: mostly the last ones."""
    weights: Floats = busy(clock, days) * np.exp((days - days[-1] - 1) / 8.0)
    return weights


def _day_weights(arguments: Arguments, clock: Clock) -> tuple[Ints, Floats]:
    """Days on which dossiers are filed, and how busy each is (sum 1)."""
    before, inside = filing_days(arguments)
    carried = carried_over_weights(clock, before)
    current = busy(clock, inside)
    weights = np.concatenate(
        (carried / carried.sum() * CARRIED_OVER_SHARE, current / current.sum() * (1 - CARRIED_OVER_SHARE))
    )
    return np.concatenate((before, inside)), weights


def chunk_spans(arguments: Arguments, counts: Ints) -> list[tuple[int, int]]:
    """From which day to before which each chunk goes, by how many dossiers the days bring."""
    size = int(np.clip(arguments.dossiers // 6, _LEAST_CHUNK_ROWS, _MOST_CHUNK_ROWS))
    bounds, rows = [0], 0
    for index, count in enumerate(counts):
        if rows and rows + count > size:
            bounds.append(index)
            rows = 0
        rows += int(count)
    bounds.append(len(counts))
    return list(pairwise(bounds))


def make_chunks(arguments: Arguments, clock: Clock) -> list[ChunkPlan]:
    """Spread dossiers over days, days over chunks and faults over chunks."""
    rng = np.random.default_rng([arguments.seed, 1])
    faults = fault_counts(arguments)
    ghosts = faults["missing_on_one_stop"]
    days, weights = _day_weights(arguments, clock)
    counts = rng.multinomial(arguments.dossiers + ghosts, weights).astype(np.int64)
    days, counts = days[counts > 0], counts[counts > 0]
    spans = chunk_spans(arguments, counts)
    sizes = np.array([counts[a:b].sum() for a, b in spans])
    shares = {code: apportion(count, sizes) for code, count in faults.items()}
    return [
        ChunkPlan(i, days[a:b], counts[a:b], {code: int(share[i]) for code, share in shares.items()})
        for i, (a, b) in enumerate(spans)
    ]


def windows(arguments: Arguments) -> list[tuple[date, int, int]]:
    """Per delivery: business date, and the times after which and up to which its news happened."""
    ends = [end_of_day(d) for d in arguments.business_dates]
    return list(zip(arguments.business_dates, [-DAY, *ends[:-1]], ends, strict=True))
