"""Plants every fault that a rule looks for on a written province, by editing its wire files.

What must be found is added to the truth. Faults of one dossier also come in pairs, where neither creates nor
hides a finding of the other: they touch different things.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Collection
from itertools import combinations
from pathlib import Path

from tests.province import (  # noqa: F401  what registers faults
    planting_headers,
    planting_mass,
    planting_papers,
    planting_presence,
    planting_steps,
)
from tests.province.cases import FAULTS, MASS_FAULTS, CannotPlant, Case, PlantedFault, Province
from tests.province.faults import Fault
from tests.province.truth import FAULTS_HEADER


def fault_codes() -> list[str]:
    """Every fault that can be planted."""
    return sorted([*FAULTS, *MASS_FAULTS])


def compatible(one: PlantedFault, other: PlantedFault) -> bool:
    """Whether both may sit on one dossier."""
    return bool(one.touches and other.touches) and not one.touches & other.touches


def plant(
    raw: Path,
    truth: Path,
    seed: int,
    per_fault: int = 2,
    pairs: int = 20,
    codes: Collection[str] | None = None,
) -> list[Fault]:
    """Plant faults on the province below `raw`, and add them to `truth`/faults.csv.

    Args:
        per_fault: dossiers for each fault; one across an agency is planted once.
        pairs: dossiers with two faults, as far as there are so many pairs of compatible ones.
        codes: the faults to plant; all where none are named.

    Raises:
        CannotPlant: a fault that is not known, or for which the province has too few dossiers that suit.
    """
    wanted = set(fault_codes() if codes is None else codes)
    if unknown := wanted - set(fault_codes()):
        raise CannotPlant(f"No such fault: {', '.join(sorted(unknown))}. Known: {', '.join(fault_codes())}.")
    listed = _listed(truth)
    province = Province(raw, {row["dossier_code"] for row in listed})
    planted = _plant_masses(province, sorted(wanted & MASS_FAULTS.keys()))
    planted += _Planter(province, seed, wanted & FAULTS.keys()).plant(per_fault, pairs)
    province.extracts.save()
    _add_to_truth(truth, len(listed), planted)
    return planted


def _plant_masses(province: Province, codes: list[str]) -> list[Fault]:
    """Their agencies are left alone by the faults of single dossiers."""
    planted, used = [], set[str]()
    for code in codes:
        try:
            agency = MASS_FAULTS[code].edit(province, used)
        except CannotPlant as error:
            raise CannotPlant(f"Fault {code} cannot be planted: {error}.") from error
        planted.append(Fault(code, f"agency:{agency}", code))
    province.cases = [case for case in province.cases if case.agency_code not in used]
    return planted


class _Planter:
    """Chooses a dossier of its own for each fault, the rarest first, and then edits them."""

    def __init__(self, province: Province, seed: int, codes: Collection[str]) -> None:
        self.faults = [FAULTS[code] for code in sorted(codes)]
        self.random = random.Random(f"planting {seed}")
        cases = self.random.sample(province.cases, len(province.cases))
        # by place, since a case has no hash
        self.suiting = {f.code: [i for i, case in enumerate(cases) if f.suits(case)] for f in self.faults}
        self.cases, self.free = cases, set(range(len(cases)))

    def plant(self, per_fault: int, pairs: int) -> list[Fault]:
        chosen: list[tuple[tuple[PlantedFault, ...], Case]] = []
        for fault in sorted(self.faults, key=lambda f: (len(self.suiting[f.code]), f.code)):
            for number in range(per_fault):
                case = self._take((fault,))
                if case is None:
                    raise CannotPlant(
                        f"Fault {fault.code} cannot be planted on {per_fault} dossiers: "
                        f"of {len(self.cases)} only {number} suit and are free."
                    )
                case.number = number
                chosen.append(((fault,), case))
        chosen += self._pairs(pairs)
        return [self._edit(faults, case) for faults, case in chosen]

    def _pairs(self, wanted: int) -> list[tuple[tuple[PlantedFault, ...], Case]]:
        possible = [pair for pair in combinations(self.faults, 2) if compatible(*pair)]
        wanted = min(wanted, len(possible))
        chosen: list[tuple[tuple[PlantedFault, ...], Case]] = []
        for pair in self.random.sample(possible, len(possible)):
            if len(chosen) == wanted:
                break
            if (case := self._take(pair)) is not None:
                chosen.append((pair, case))
        if len(chosen) < wanted:
            raise CannotPlant(f"Only {len(chosen)} of {wanted} pairs of faults suit a dossier that is free.")
        return chosen

    def _take(self, faults: tuple[PlantedFault, ...]) -> Case | None:
        """A dossier that suits and carries nothing yet."""
        suiting = set.intersection(self.free, *(set(self.suiting[f.code]) for f in faults))
        if not suiting:
            return None
        place = min(suiting)
        self.free.remove(place)
        return self.cases[place]

    def _edit(self, faults: tuple[PlantedFault, ...], case: Case) -> Fault:
        case.random = random.Random(f"{self.random.random()} {case.code}")
        found: set[str] = set()
        for fault in faults:
            found |= {*fault.findings, *(fault.edit(case) or ())}
        return Fault(";".join(f.code for f in faults), case.code, ";".join(sorted(found)))


def _listed(truth: Path) -> list[dict[str, str]]:
    with (truth / "faults.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _add_to_truth(truth: Path, before: int, planted: list[Fault]) -> None:
    with (truth / "faults.csv").open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FAULTS_HEADER, lineterminator="\n")
        for number, fault in enumerate(planted, start=before + 1):
            row = (f"F{number:06d}", fault.fault_code, fault.dossier_code, fault.expected_findings)
            writer.writerow(dict(zip(FAULTS_HEADER, row, strict=True)))
