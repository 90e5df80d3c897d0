"""The same province as landed Parquet, for benchmarks: no wire files, no persons, one delivery.

Columns, their order and their types come from the source contracts; values from the same core as the wire.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.landing.contracts import ZONE_UNKNOWN_COLUMN, Contract, load_contract
from tests.province.clock import NEVER, Bools, Ints, end_of_day
from tests.province.dossiers import Dossiers
from tests.province.faults import national_due, national_status
from tests.province.known import (
    Items,
    all_steps,
    codes_of,
    fee_items,
    known_at,
    lay_out,
    sending_at,
    supplements_at,
)
from tests.province.papers import METHODS, STATES, all_papers, all_payments, held_results
from tests.province.petitions import Petition
from tests.province.truth import chosen, moments
from tests.province.wire import component_code, held_code, result_code, result_component_code
from tests.province.world import World

CONTRACTS = Path(__file__).parents[2] / "raw" / "sources"
_TYPES = {"VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(),
          "DECIMAL(18,2)": pa.decimal128(18, 2), "BIGINT": pa.int64()}  # fmt: skip
_LEVELS = {"1": "province", "2": "department", "3": "commune"}

Columns = dict[str, pa.Array]


@cache
def _contract(source: str) -> Contract:
    return load_contract(CONTRACTS / f"{source}.yml")


def _write(out: Path, source: str, table: str, part: int, columns: Columns) -> None:
    """Write one part of a table, its columns put in the contract's order and types."""
    contract = _contract(source)
    schema = contract.table_schema(table)
    rows = len(next(iter(columns.values())))
    sha = f"{part:08x}".rjust(64, "0")
    columns = columns | {"file_sha": chosen([sha], np.zeros(rows, np.int64))}
    # this form has no persons, so nothing stands for one; and its times come as with a known zone
    empty = {c.name for c in contract.tables[table] if c.type in ("class", "link")} | {ZONE_UNKNOWN_COLUMN}
    columns |= {name: pa.nulls(rows, pa.string()) for name in schema.keys() & empty}
    absent = sorted(schema.keys() - columns.keys())
    if absent:
        raise ValueError(f"{table}: the contract has columns that are not made here: {', '.join(absent)}")
    arrays = []
    for name, kind in schema.items():
        array, wanted = columns[name], _TYPES[kind]
        is_text = pa.types.is_dictionary(array.type) and wanted == pa.string()
        arrays.append(array if is_text or array.type == wanted else array.cast(wanted))
    path = out / "landed" / source / table / f"part-{part:05d}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = pa.table(dict(zip(schema, arrays, strict=True)))
    with_dictionary = [n for n, a in zip(schema, arrays, strict=True) if pa.types.is_dictionary(a.type)]
    pq.write_table(
        made,
        path,
        compression="snappy",
        use_dictionary=with_dictionary,
        store_schema=False,
        row_group_size=131_072,
    )


def _numbers(values: Ints, missing: Bools | None = None) -> pa.DictionaryArray:
    """Small numbers as texts."""
    most = int(values.max()) if len(values) else 0
    return chosen([str(i) for i in range(most + 1)], values, missing)


def _row_numbers(count: int) -> pa.Array:
    return pa.array(np.arange(1, count + 1))


class _Chunk:
    """Tables of one chunk."""

    def __init__(self, world: World, dossiers: Dossiers, out: Path) -> None:
        self.world, self.dossiers, self.out = world, dossiers, out
        self.now = end_of_day(world.arguments.last_day)
        self.codes = codes_of(world, dossiers)
        procedures = range(len(world.procedures))
        self.component_names = [component_code(p, i) for p in procedures for i in range(4)]
        self.result_names = [result_code(p) for p in procedures]
        self.result_component_names = [result_component_code(p) for p in procedures]

    def write(self) -> None:
        self._dossiers("one_stop_dossiers", ~self.dossiers.is_ghost)
        self._dossiers("national_dossiers", ~self.dossiers.is_missing_on_national)
        self._steps()
        self._payments()
        self._papers()

    def _dossiers(self, source: str, shown: Bools) -> None:
        d, world, known = self.dossiers, self.world, known_at(self.dossiers, self.now)
        sending = sending_at(d, known, self.now)
        national = source == "national_dossiers"
        status = national_status(d, known.status) if national else known.status
        due = national_due(d, known.due_at) if national else known.due_at
        shown = shown & (d.filed_at <= self.now)
        own_code = pa.array(np.arange(len(d)) % 211 == 0)
        columns: Columns = {
            "dossier_code": self.codes,
            "agency_code": chosen([u.code for u in world.agencies.units], d.unit),
            "other_dossier_code": pc.if_else(own_code, self.codes, pa.scalar(None, pa.string())),
            "procedure_code": chosen([p.code for p in world.procedures], d.procedure),
            "field_code": chosen([p.field_code for p in world.procedures], d.procedure),
            "channel_code": _numbers(d.channel, d.channel == 0),
            "owner_type_code": _numbers(d.owner_type),
            "filed_at": moments(d.filed_at),
            "received_at": moments(known.received_at),
            "due_at": moments(due),
            "ended_at": moments(known.ended_at),
            "returned_at": moments(known.returned_at),
            "refused_at": moments(known.refused_at),
            "status_code": _numbers(status),
            "return_method_code": _numbers(d.return_method),
            "processing_unit_name": chosen([u.name for u in world.agencies.units], d.unit),
            "filed_through_code": _numbers(d.filed_through),
            "has_digitized_component": pa.array(known.has_digitized_component),
            "is_vneid_verified": pa.array(d.is_vneid_verified),
            "online_payment_code": _numbers(known.payment_code),
            "has_procedure_name": pa.array(np.ones(len(d), bool)),
            "modified_at": moments(sending.modified_at),
            "synced_at": moments(sending.synced_at),
            "sync_flag_code": chosen(["0", "1"], sending.is_sent.astype(np.int64)),
            "sync_queue_code": chosen(["1", "3"], sending.is_sent.astype(np.int64)),
            "has_sync_reply": pa.array(sending.is_sent),
            "is_deleted": pa.array(np.zeros(len(d), bool)),
            "apology_sent_at": moments(sending.apology_sent_at),
        }
        mask = pa.array(shown)
        columns = {name: array.filter(mask) for name, array in columns.items()}
        columns["row_number"] = _row_numbers(int(shown.sum()))
        _write(self.out, source, source, d.chunk, columns)

        parent = np.where(shown, np.cumsum(shown), 0)

        def write_list(name: str, items: Items, made: Columns) -> None:
            kept = shown[items.row]
            keep = pa.array(kept)
            row = items.row[kept]
            _write(
                self.out,
                source,
                f"{source}__{name}",
                d.chunk,
                {"dossier_code": self.codes.take(pa.array(row)), "row_number": pa.array(parent[row])}
                | {"position": pa.array(items.position[kept] + 1)}
                | {column: array.filter(keep) for column, array in made.items()},
            )

        items = lay_out(d.component_count)
        row, at = items.row, items.position
        reuse = d.component_reuse[row, at]
        write_list(
            "components",
            items,
            {
                "component_code": chosen(self.component_names, d.procedure[row] * 4 + at),
                "has_file": pa.array(d.component_has_file[row, at]),
                "is_digitized": pa.array(d.component_is_digitized[row, at]),
                "reuse_code": _numbers(reuse),
                "is_from_store": pa.array(d.component_from_store[row, at]),
                "replacing_result_code": chosen(
                    self.result_names, d.component_replacing[row, at], reuse != 2
                ),
                "is_deleted": pa.array(d.component_is_deleted[row, at]),
            },
        )
        items, amounts = fee_items(world, d)
        write_list(
            "fees",
            items,
            {
                "fee_code": _numbers(items.position + 1),
                "fee_kind_code": _numbers(items.position + 1),
                "collected_when_code": _numbers(d.fee_collected_when[items.row]),
                "amount": _amounts(amounts),
            },
        )
        found = supplements_at(d, self.now)
        write_list(
            "supplements",
            found.items,
            {
                "requested_at": moments(found.asked_at),
                "completed_at": moments(found.answered_at),
                "previous_due_at": moments(found.previous_due_at),
                "new_due_at": moments(found.new_due_at),
                "is_completed": pa.array(found.answered_at != NEVER),
            },
        )
        items = lay_out(known.result_count)
        write_list(
            "results",
            items,
            {
                "result_code": chosen(self.result_names, d.procedure[items.row]),
                "component_code": chosen(self.result_component_names, d.procedure[items.row]),
                "has_file": pa.array(d.result_has_file[items.row, items.position]),
            },
        )
        items = lay_out(d.databases)
        write_list("linked_databases", items, {"database_code": chosen(["7", "1"], items.position)})

    def _steps(self) -> None:
        d, steps = self.dossiers, all_steps(self.dossiers).between(-(2**62), self.now)
        sides = [~d.is_ghost[steps.row], ~d.is_missing_on_national[steps.row]]
        index = np.concatenate([np.flatnonzero(s) for s in sides])
        side = np.repeat([0, 1], [int(s.sum()) for s in sides])
        row, at, status = steps.row[index], steps.at[index], steps.status[index]
        _write(
            self.out,
            "processing_steps",
            "processing_steps",
            d.chunk,
            {
                "side": chosen(["one_stop", "national"], side),
                "dossier_code": self.codes.take(pa.array(row)),
                "processed_at": moments(at),
                "status_code": _numbers(status),
                "started_at": moments(np.where(status == 4, at, NEVER)),
                "step_due_at": moments(np.where(status == 4, d.due_at[row], NEVER)),
                "row_number": _row_numbers(len(row)),
            },
        )

    def _payments(self) -> None:
        found = all_payments(self.world, self.dossiers).between(-(2**62), self.now)
        codes = self.codes.take(pa.array(found.row))
        stamps = pa.array(self.world.clock.digits(found.at)).cast(pa.string())
        _write(
            self.out,
            "payments",
            "payments",
            self.dossiers.chunk,
            {
                "payment_code": pc.binary_join_element_wise("DVC", codes, stamps, ""),
                "dossier_code": codes,
                "amount": _amounts(found.amount),
                "state": chosen(STATES, found.state),
                "method": chosen(METHODS, found.method),
                "gateway_code": _numbers(found.gateway, found.gateway == 0),
                "paid_at": moments(found.at),
                "row_number": _row_numbers(len(found.row)),
            },
        )

    def _papers(self) -> None:
        d, found = self.dossiers, all_papers(self.dossiers).between(-(2**62), self.now)
        held = held_results(d).between(-(2**62), self.now)
        codes = self.codes.take(pa.array(found.row))
        held_codes = pa.array([held_code(code) for code in self.codes.take(pa.array(held.row)).to_pylist()])
        held_codes = held_codes.cast(pa.string())
        kinds = [f"{kind}{i + 1}" for kind in ("TP", "KQ") for i in range(4)]
        suffix = chosen(kinds, found.is_result * 4 + found.position).cast(pa.string())
        held_suffix = chosen(["1", "2", "3", "4"], held.position).cast(pa.string())
        procedure = d.procedure[found.row]
        names = self.component_names + self.result_component_names
        results = len(self.component_names)
        place = np.where(found.is_result, results + procedure, procedure * 4 + found.position)
        procedure = np.concatenate((procedure, held.procedure))
        is_result = np.concatenate((found.is_result, np.ones(len(held.row), bool)))
        has_file = np.concatenate((found.has_file, np.ones(len(held.row), bool)))
        is_pushed = np.concatenate((d.is_pushed[found.row], np.zeros(len(held.row), bool)))
        _write(
            self.out,
            "digitized_documents",
            "digitized_documents",
            d.chunk,
            {
                "document_code": pa.concat_arrays(
                    [
                        pc.binary_join_element_wise(codes, suffix, "-"),
                        pc.binary_join_element_wise(held_codes, held_suffix, "-"),
                    ]
                ),
                "dossier_code": pa.concat_arrays([codes, held_codes]),
                "kind": chosen(["component", "result"], is_result.astype(np.int64)),
                "component_code": chosen(names, np.concatenate((place, results + held.procedure))),
                "result_code": chosen(self.result_names, procedure, ~is_result),
                "digitized_at": moments(np.concatenate((found.at, held.at))),
                "has_file": pa.array(has_file),
                "is_pushed": pa.array(is_pushed),
                "valid_until_on": moments(
                    np.concatenate((np.full(len(found.row), NEVER), held.valid_until))
                ).cast(pa.date32()),
                "has_data": pa.array(has_file),
                "row_number": _row_numbers(len(is_result)),
            },
        )


def _amounts(values: Ints) -> pa.Array:
    return pa.array(values).cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 2))


def write_chunk(world: World, dossiers: Dossiers, out: Path) -> None:
    """Write the dossiers of one chunk, and what hangs on them."""
    _Chunk(world, dossiers, out).write()


def _texts(values: list[str]) -> pa.Array:
    return pa.array([value or None for value in values], pa.string())


def write_lists(world: World, out: Path, petitions: list[Petition]) -> None:
    """Write agencies, procedures and petitions."""
    agencies, procedures = world.agencies.rows, world.procedures
    _write(
        out,
        "agencies",
        "agencies",
        0,
        {
            "agency_code": _texts([a.code for a in agencies]),
            "old_agency_code": _texts([a.old_code for a in agencies]),
            "agency_name": _texts([a.name for a in agencies]),
            "agency_level": _texts([_LEVELS[a.level] for a in agencies]),
            "parent_agency_code": _texts([a.parent_code for a in agencies]),
            "valid_from_on": pa.array([a.valid_from for a in agencies], pa.date32()),
            "valid_to_on": pa.nulls(len(agencies), pa.date32()),
            "row_number": _row_numbers(len(agencies)),
        },
    )
    levels = {"TỈNH": "provincial", "XÃ": "communal"}
    _write(
        out,
        "procedures",
        "procedures",
        0,
        {
            "procedure_code": _texts([p.code for p in procedures]),
            "procedure_name": _texts([p.name for p in procedures]),
            "field_code": _texts([p.field_code for p in procedures]),
            "field_name": _texts([p.field_name for p in procedures]),
            "level": _texts([levels[p.level] for p in procedures]),
            "service_level_code": _texts([p.service_level_code for p in procedures]),
            "time_limit_days": _amounts(np.array([p.limit_days for p in procedures])),
            "has_fee": pa.array([p.has_fee for p in procedures]),
            "returns_paper": pa.array([p.returns_paper for p in procedures]),
            "is_for_citizens": pa.array([p.is_for_citizens for p in procedures]),
            "is_for_business": pa.array([p.is_for_business for p in procedures]),
            "is_outside_competence": pa.array(np.zeros(len(procedures), bool)),
            "is_place_free": pa.array([p.is_place_free for p in procedures]),
            "public_posting_days": _amounts(np.array([p.posting_days for p in procedures])),
            "row_number": _row_numbers(len(procedures)),
        },
    )
    now = end_of_day(world.arguments.last_day)
    known = [p.known_at(now) for p in petitions if p.received_at <= now]
    kinds = {"TTHC": "procedure", "Hành vi": "conduct"}

    def when(name: str) -> pa.Array:
        return moments(np.array([getattr(p, name) for p in known], dtype=np.int64))

    _write(
        out,
        "petitions",
        "petitions",
        0,
        {
            "petition_code": _texts([p.code for p in known]),
            "dossier_code": _texts([p.dossier_code for p in known]),
            "agency_code": _texts([p.agency_code for p in known]),
            "kind": _texts([kinds[p.kind] for p in known]),
            "sent_at": when("sent_at"),
            "received_at": when("received_at"),
            "transferred_at": when("transferred_at"),
            "handled_at": when("handled_at"),
            "published_at": when("published_at"),
            "status_text": _texts([p.status for p in known]),
            "is_disliked": pa.array(
                [p.is_disliked if p.handled_at != NEVER else None for p in known], pa.bool_()
            ),
            "row_number": _row_numbers(len(known)),
        },
    )
