"""Payments and digitised papers of a chunk: records of the province itself, so ghosts have none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.province.clock import DAY, NEVER, Bools, Ints
from tests.province.dossiers import MOST_COMPONENTS, Dossiers
from tests.province.known import fee_items
from tests.province.world import World

STATES_WIRE = ("khoi-tao", "thanh-cong", "that-bai")
STATES = ("started", "succeeded", "failed")
METHODS_WIRE = ("truc-tuyen", "tien-mat", "chuyen-khoan")
METHODS = ("online", "cash", "transfer")


@dataclass(frozen=True)
class Payments:
    """Transactions by dossier and time; state, method index the tuples above; gateway 0 = none."""

    row: Ints
    at: Ints
    amount: Ints
    state: Ints
    method: Ints
    gateway: Ints

    def between(self, after: int, now: int) -> Payments:
        """Transactions after one time and up to another."""
        w = (self.at > after) & (self.at <= now)
        return Payments(
            self.row[w], self.at[w], self.amount[w], self.state[w], self.method[w], self.gateway[w]
        )


def all_payments(world: World, dossiers: Dossiers) -> Payments:
    """One succeeded transaction for each paid dossier, some after an attempt that failed or broke off."""
    items, amounts = fee_items(world, dossiers)
    total = np.bincount(items.row, weights=amounts, minlength=len(dossiers)).astype(np.int64)
    pays = (dossiers.paid_at != NEVER) & ~dossiers.is_ghost
    paid = np.flatnonzero(pays)
    tried = np.flatnonzero(pays & dossiers.payment_failed_before)
    row = np.concatenate((paid, tried))
    at = np.concatenate((dossiers.paid_at[paid], dossiers.paid_at[tried] - 90))
    state = np.concatenate((np.ones(len(paid), np.int64), np.where(dossiers.sequence[tried] % 3 == 0, 0, 2)))
    code = dossiers.payment_code[row]
    method = np.where(code < 3, 0, np.where(dossiers.sequence[row] % 10 < 7, 1, 2))
    order = np.lexsort((at, row))
    made = Payments(row, at, total[row], state, method, np.where(code < 3, code, 0))
    return Payments(*(getattr(made, name)[order] for name in Payments.__dataclass_fields__))


@dataclass(frozen=True)
class Papers:
    """Papers in the digitisation store, by dossier."""

    row: Ints
    at: Ints
    is_result: Bools
    position: Ints  # 0-based among the components, or among the results
    has_file: Bools

    def between(self, after: int, now: int) -> Papers:
        """Papers digitised after one time and up to another."""
        w = (self.at > after) & (self.at <= now)
        return Papers(self.row[w], self.at[w], self.is_result[w], self.position[w], self.has_file[w])


def all_papers(dossiers: Dossiers) -> Papers:
    """Digitised components, some minutes after reception, and result files, after the end."""
    placed = np.arange(MOST_COMPONENTS) < dossiers.component_count[:, None]
    components = dossiers.component_is_digitized & placed & ~dossiers.is_ghost[:, None]
    components &= (dossiers.happened("received") != NEVER)[:, None]
    results = (
        dossiers.result_has_file
        & (np.arange(2) < dossiers.result_count[:, None])
        & ~dossiers.is_ghost[:, None]
    )
    results &= (dossiers.happened("ended") != NEVER)[:, None]
    row_tp, place_tp = np.nonzero(components)
    row_kq, place_kq = np.nonzero(results)
    row = np.concatenate((row_tp, row_kq))
    position = np.concatenate((place_tp, place_kq))
    is_result = np.concatenate((np.zeros(len(row_tp), bool), np.ones(len(row_kq), bool)))
    reference = np.where(is_result, dossiers.happened("ended")[row], dossiers.happened("received")[row])
    at = reference + 120 + (dossiers.sequence[row] * 37) % 1500 + position * 11
    has_file = (dossiers.sequence[row] * 7 + position) % 53 != 0
    order = np.lexsort((position, is_result, row))
    return Papers(row[order], at[order], is_result[order], position[order], has_file[order])


@dataclass(frozen=True)
class HeldResults:
    """Results that the store held before the dossier was filed which reuses them."""

    row: Ints
    at: Ints
    position: Ints  # 0-based among the components
    procedure: Ints  # the one whose result it is
    valid_until: Ints  # NEVER where it is valid for good

    def between(self, after: int, now: int) -> HeldResults:
        """Results digitised after one time and up to another."""
        w = (self.at > after) & (self.at <= now)
        return HeldResults(*(getattr(self, name)[w] for name in HeldResults.__dataclass_fields__))


def held_results(dossiers: Dossiers) -> HeldResults:
    """One for each component that the one-stop system says was replaced by a result of the store."""
    placed = np.arange(MOST_COMPONENTS) < dossiers.component_count[:, None]
    taken = placed & dossiers.component_from_store & (dossiers.component_reuse == 2)
    row, position = np.nonzero(taken & ~dossiers.is_ghost[:, None])
    filed_at = dossiers.filed_at[row]
    at = filed_at - (1 + filed_at % 40) * DAY
    valid_until = np.where(filed_at % 3 == 0, filed_at + 365 * DAY, NEVER)
    return HeldResults(row, at, position, dossiers.component_replacing[row, position], valid_until)
