"""The truth, apart from the extracts: planted faults, dossiers as they really are, personal values made."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.province.clock import NEVER, Bools, Ints, end_of_day
from tests.province.dossiers import FAULT_NAMES, MOST_SUPPLEMENTS, Dossiers
from tests.province.faults import Fault
from tests.province.filing import SCENARIO_NAMES
from tests.province.known import codes_of, fee_items, known_at, up_to
from tests.province.world import World

FAULTS_HEADER = ("fault_id", "fault_code", "dossier_code", "expected_findings")


def moments(times: Ints) -> pa.Array:
    """Times as timestamps without zone, NEVER as null."""
    return pa.array(times * 1_000_000, pa.int64(), mask=times == NEVER).cast(pa.timestamp("us"))


def chosen(
    names: list[str] | tuple[str, ...], index: Ints, missing: Bools | None = None
) -> pa.DictionaryArray:
    """Texts picked by index, as a dictionary array."""
    return pa.DictionaryArray.from_arrays(
        pa.array(index.astype(np.int32), mask=missing), pa.array(names, pa.string())
    )


def true_dossiers(world: World, dossiers: Dossiers) -> pa.Table:
    """One row per dossier that really exists (no ghosts), as known on the last day."""
    end = end_of_day(world.arguments.last_day)
    known = known_at(dossiers, end)
    ended = up_to(dossiers.happened("ended"), end)
    returned = known.returned_at
    step_end = np.where(dossiers.skips_nine & (returned != NEVER), returned, ended)
    step_end = np.where(dossiers.skips_nine & (returned == NEVER), NEVER, step_end)
    effective = np.where(known.ended_at != NEVER, known.ended_at, step_end)
    effective = np.where((effective == NEVER) & (known.refused_at != NEVER), known.refused_at, effective)
    asked = np.column_stack(
        [up_to(dossiers.happened(f"asked_{i + 1}"), end) for i in range(MOST_SUPPLEMENTS)]
    )
    answered = np.column_stack(
        [up_to(dossiers.happened(f"answered_{i + 1}"), end) for i in range(MOST_SUPPLEMENTS)]
    )
    items, amounts = fee_items(world, dossiers)
    fees = np.bincount(items.row, weights=amounts, minlength=len(dossiers)).astype(np.int64)
    positions = np.arange(dossiers.component_has_file.shape[1]) < dossiers.component_count[:, None]
    results = (dossiers.result_has_file & (np.arange(2) < known.result_count[:, None])).sum(axis=1)
    table = pa.table(
        {
            "dossier_code": codes_of(world, dossiers),
            "agency_code": chosen([u.code for u in world.agencies.units], dossiers.unit),
            "procedure_code": chosen([p.code for p in world.procedures], dossiers.procedure),
            "channel_code": chosen(["", "1", "2", "3"], dossiers.channel, dossiers.channel == 0),
            "filed_at": moments(dossiers.filed_at),
            "received_at": moments(known.received_at),
            "due_at": moments(known.due_at),
            "new_due_at": moments(np.where(answered[:, 0] != NEVER, dossiers.new_due_at, NEVER)),
            "ended_at": moments(effective),
            "is_end_in_header": pa.array(known.ended_at != NEVER),
            "returned_at": moments(returned),
            "status_code": chosen([str(i) for i in range(11)], known.status),
            "supplement_count": pa.array((asked != NEVER).sum(axis=1)),
            "has_open_supplement": pa.array(known.status == 5),
            "first_asked_at": moments(asked[:, 0]),
            "first_answered_at": moments(answered[:, 0]),
            "is_carried_over": pa.array(
                (
                    known.received_at // 86_400
                    < np.datetime64(f"{world.arguments.year}-01-01", "D").astype(np.int64)
                )
                & (known.received_at != NEVER)
            ),
            "fee_total": pa.array(fees),
            "has_fee": pa.array(dossiers.has_fee),
            "online_payment_code": chosen(["0", "1", "2", "3"], known.payment_code),
            "component_count": pa.array(dossiers.component_count),
            "components_with_file": pa.array((dossiers.component_has_file & positions).sum(axis=1)),
            "components_reused": pa.array(((dossiers.component_reuse > 0) & positions).sum(axis=1)),
            "results_with_file": pa.array(results),
            "scenario": chosen(SCENARIO_NAMES, dossiers.scenario),
            "fault_codes": chosen(["", *FAULT_NAMES[1:]], dossiers.fault),
        }
    )
    return table.filter(pa.array(~dossiers.is_ghost))


class TruthWriter:
    """Collects the truth chunk by chunk, in their order."""

    def __init__(self, out: Path) -> None:
        self.folder = out / "truth"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._dossiers: pq.ParquetWriter | None = None
        self._faults: list[Fault] = []
        self._personal: dict[str, None] = {}

    def add(self, dossiers: pa.Table, faults: list[Fault], personal: list[str]) -> None:
        """Add one chunk."""
        if self._dossiers is None:
            self._dossiers = pq.ParquetWriter(
                self.folder / "dossiers.parquet", dossiers.schema, compression="zstd", store_schema=False
            )
        self._dossiers.write_table(dossiers)
        self._faults += faults
        self.add_personal(personal)

    def add_personal(self, values: list[str]) -> None:
        """Add personal values; each is kept once."""
        self._personal.update(dict.fromkeys(values))

    def close(self) -> None:
        """Write what is written at the end."""
        if self._dossiers is not None:
            self._dossiers.close()
        with (self.folder / "faults.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(FAULTS_HEADER)
            for number, fault in enumerate(self._faults, start=1):
                writer.writerow(
                    (f"F{number:06d}", fault.fault_code, fault.dossier_code, fault.expected_findings)
                )
        text = "".join(f"{value}\n" for value in self._personal)
        (self.folder / "personal_values.txt").write_text(text, encoding="utf-8")
