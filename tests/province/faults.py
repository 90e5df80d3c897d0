"""Planted faults: which dossiers carry one, and what the national copy then says.

A fault is there in every delivery that shows the dossier; only the last one has to be found. Compatible
faults may sit on one dossier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.province.clock import DAY, NEVER, Ints, end_of_day
from tests.province.dossiers import FAULT_NAMES, Dossiers
from tests.province.known import header_due, known_status
from tests.province.plan import ChunkPlan
from tests.province.world import World

# What the national side may say instead of the true status: never a plain delay of 9 → 10.
_WRONG_STATUS = {
    1: (2, 4),
    2: (4, 1),
    3: (8, 2),
    4: (9, 5),
    5: (9, 4),
    6: (9, 4),
    7: (4, 8),
    8: (9, 4),
    9: (4, 5),
    10: (4, 8),
}
WRONG_STATUS: Ints = np.array([(0, 0), *(_WRONG_STATUS[s] for s in range(1, 11))], dtype=np.int64)
_EMPTIED = 0


@dataclass(frozen=True)
class Fault:
    """One row of the truth."""

    fault_code: str
    dossier_code: str
    expected_findings: str


def plant_faults(world: World, plan: ChunkPlan, dossiers: Dossiers) -> None:
    """Choose the faulty dossiers of a chunk among those that are received at the end, and mark them."""
    rng = np.random.default_rng([world.arguments.seed, 3, plan.number])
    end = end_of_day(world.arguments.last_day)
    received = dossiers.happened("received") <= end
    has_due = header_due(dossiers, end) != NEVER
    free = received.copy()
    for code in reversed(FAULT_NAMES[1:]):
        eligible = np.flatnonzero(free & has_due) if "due_differs" in code else np.flatnonzero(free)
        chosen = rng.permutation(eligible)[: plan.faults[code]]
        dossiers.fault[chosen] = FAULT_NAMES.index(code)
        free[chosen] = False
    shift = rng.integers(1, 11, len(dossiers)) * rng.choice([-1, 1], len(dossiers))
    emptied = rng.random(len(dossiers)) < 0.25
    dossiers.due_shift_days[:] = np.where(emptied, _EMPTIED, shift)


def national_status(dossiers: Dossiers, status: Ints) -> Ints:
    """The status as the national side holds it."""
    return np.where(dossiers.has_status_fault, WRONG_STATUS[status, dossiers.status_variant], status)


def national_due(dossiers: Dossiers, due_at: Ints) -> Ints:
    """The due date as the national side holds it."""
    wrong = np.where(
        (dossiers.due_shift_days == _EMPTIED) | (due_at == NEVER),
        NEVER,
        due_at + dossiers.due_shift_days * DAY,
    )
    return np.where(dossiers.has_due_fault, wrong, due_at)


def list_faults(world: World, dossiers: Dossiers, codes: list[str]) -> list[Fault]:
    """Rows of the truth for one chunk, in the order of the dossiers."""
    end = end_of_day(world.arguments.last_day)
    status = known_status(dossiers, end)
    is_rewritten = np.isin(status, (5, 6, 8)) & (national_status(dossiers, status) == 9)
    is_missing = national_due(dossiers, header_due(dossiers, end)) == NEVER
    # what a closer look at the same difference says
    closer = {
        "status_differs": ("status_rewritten_to_done", is_rewritten),
        "due_differs": ("due_missing", is_missing),
    }
    found = []
    for row in np.flatnonzero(dossiers.fault):
        for kind in FAULT_NAMES[dossiers.fault[row]].split(";"):
            rule, applies = closer.get(kind, ("", np.zeros(len(dossiers), bool)))
            found.append(Fault(kind, codes[row], f"{kind};{rule}" if applies[row] else kind))
    return found
