"""Making a whole province: chunks side by side, their results put together in order."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from tests.province import landed, wire
from tests.province.clock import end_of_day
from tests.province.dealing import deal_chunks
from tests.province.dossiers import make_dossiers
from tests.province.faults import Fault, list_faults, plant_faults
from tests.province.known import codes_of
from tests.province.people import make_officers, make_people, values_of
from tests.province.petitions import PetitionAbout, make_petitions, petition_count
from tests.province.plan import Arguments, ChunkPlan, make_chunks
from tests.province.planting import plant
from tests.province.small_files import mark_small_complete, write_small_sources
from tests.province.tracking import mark_tracked_complete, write_tracked_dossiers
from tests.province.truth import TruthWriter, true_dossiers
from tests.province.world import World, make_world

Format = Literal["extracts", "landed"]
Progress = Callable[[int, int], None]

_EXPLAINED = 12
_PAIRS = 20  # dossiers with two faults, where all faults are planted


@dataclass(frozen=True)
class Made:
    """What one chunk leaves for the whole."""

    truth: pa.Table
    faults: list[Fault]
    personal: list[str]
    about: list[PetitionAbout]


@dataclass(frozen=True)
class Summary:
    """Counts of a made province."""

    dossiers: int
    faults: dict[str, int]
    petitions: int
    business_dates: list[str]


def _sample(world: World, codes: list[str], unit: np.ndarray, received: np.ndarray, usable: np.ndarray,
            wanted: int) -> list[PetitionAbout]:  # fmt: skip
    rows = np.flatnonzero(usable)
    picked = (
        rows[np.linspace(0, len(rows) - 1, min(wanted, len(rows))).astype(np.int64)] if len(rows) else rows
    )
    return [PetitionAbout(codes[r], int(unit[r]), int(received[r])) for r in picked]


def make_chunk(world: World, out: Path, form: Format, plan: ChunkPlan) -> Made:
    """Make and write one chunk."""
    dossiers = make_dossiers(world, plan)
    plant_faults(world, plan, dossiers)
    codes_array = codes_of(world, dossiers)
    end = end_of_day(world.arguments.last_day)
    received = dossiers.happened("received")
    usable = (received <= end) & ~dossiers.is_ghost
    share = plan.rows / world.arguments.dossiers
    wanted = int(np.ceil(petition_count(world.arguments) / 2 * share))
    personal: list[str] = []
    if form == "extracts":
        people = make_people(
            np.random.default_rng([world.arguments.seed, 4, plan.number]),
            len(dossiers),
            dossiers.owner_type == 2,
        )
        officers = make_officers(world.arguments.seed, len(world.agencies.units))
        wire.ChunkWriter(world, dossiers, people, officers, out).write()
        write_tracked_dossiers(world, dossiers, codes_array.to_pylist(), people, out)
        personal = values_of(people)
    else:
        landed.write_chunk(world, dossiers, out)
    faulty = set(np.flatnonzero(dossiers.fault).tolist())
    codes = codes_array.to_pylist() if form == "extracts" else _Lazy(codes_array)
    return Made(
        truth=true_dossiers(world, dossiers),
        faults=list_faults(world, dossiers, codes) if faulty else [],
        personal=personal,
        about=_sample(world, codes, dossiers.unit, received, usable, wanted),
    )


class _Lazy(list[str]):
    """Texts of an Arrow array, turned into Python ones one by one."""

    def __init__(self, array: pa.Array) -> None:
        super().__init__()
        self.array = array

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return str(self.array[int(index)].as_py())


def _made(world: World, out: Path, form: Format, plans: list[ChunkPlan], jobs: int) -> Iterator[Made]:
    work = partial(make_chunk, world, out, form)
    if jobs == 1 or len(plans) == 1:
        yield from map(work, plans)
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = iter(plans)
        running = [pool.submit(work, plan) for plan in islice(waiting, jobs + 1)]
        while running:
            result = running.pop(0).result()
            running += [pool.submit(work, plan) for plan in islice(waiting, 1)]
            yield result


def make_province(
    arguments: Arguments,
    out: Path,
    form: Format = "extracts",
    jobs: int = 1,
    progress: Progress | None = None,
) -> Summary:
    """Write a made-up province below `out`: `raw/` or `landed/`, and apart from it `truth/`.

    The bytes depend on the arguments only, not on the number of jobs.
    """
    world, goals = make_world(arguments), arguments.goals
    plans = (
        make_chunks(arguments, world.clock) if goals is None else deal_chunks(arguments, goals, world.clock)
    )
    truth = TruthWriter(out)
    officers = make_officers(arguments.seed, len(world.agencies.units))
    if form == "extracts":
        truth.add_personal(values_of(officers))
    about: list[PetitionAbout] = []
    faults: dict[str, int] = {}
    explained: list[tuple[str, str]] = []
    dossiers = 0
    for number, made in enumerate(_made(world, out, form, plans, jobs), start=1):
        truth.add(made.truth, made.faults, made.personal)
        about += made.about
        dossiers += made.truth.num_rows
        explained += [(f.dossier_code, f.expected_findings.split(";")[0]) for f in made.faults[:_EXPLAINED]]
        for fault in made.faults:
            faults[fault.fault_code] = faults.get(fault.fault_code, 0) + 1
        if progress is not None:
            progress(number, len(plans))
    petitions, people = make_petitions(world, about)
    if form == "extracts":
        wire.write_lists(world, out, petitions, people)
        # where nothing is wrong, somebody explains a dossier that a petition is about
        explained = explained or [(p.dossier_code, "status_differs") for p in about]
        write_small_sources(world, out, officers, explained[:_EXPLAINED])
        truth.add_personal(values_of(people))
        truth.close()
        wire.mark_complete(world, out)
        mark_small_complete(world, out)
        mark_tracked_complete(out)
        if arguments.faults:
            codes = None if arguments.faults == "all" else arguments.faults
            pairs = _PAIRS if codes is None else 0
            for fault in plant(out / "raw", out / "truth", arguments.seed, pairs=pairs, codes=codes):
                faults[fault.fault_code] = faults.get(fault.fault_code, 0) + 1
    else:
        landed.write_lists(world, out, petitions)
        truth.close()
    return Summary(
        dossiers,
        dict(sorted(faults.items())),
        len(petitions),
        [d.isoformat() for d in arguments.business_dates],
    )
