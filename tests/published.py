"""What a report published, read from `tests/data`: the counts of An Giang 2025, whole or divided."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).parent / "data"
AN_GIANG_CSV = DATA / "an_giang_2025.csv"
AN_GIANG_SCORE_CSV = DATA / "published" / "an_giang_2025-12-31.csv"
GROUPS = ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH")

# Sums of the statutory form, by their parts.
_CHANNELS = ("received_online", "received_direct", "carried_over")
_RESOLVED = ("resolved_early", "resolved_on_time", "resolved_overdue")
_IN_PROGRESS = ("in_progress_within", "in_progress_overdue")


@dataclass(frozen=True)
class Figure:
    """One figure of the report.

    Attributes:
        origin: published, or derived (what is missing where published parts do not add up).
        beside: what of ours stands beside it without having to be equal: an indicator, or level and grade.
    """

    part: str
    code: str
    name: str
    value: Decimal
    unit: str
    origin: str
    as_of_on: str
    target: str
    statement: str
    beside: str

    @property
    def count(self) -> int:
        """The value of a figure that counts something."""
        if self.value != int(self.value):
            raise ValueError(f"{self.code} is {self.value}, not a count.")
        return int(self.value)


@dataclass(frozen=True)
class PlanTask:
    """A task of a published plan, in our own words; `source` says which document it is from."""

    document_number: str
    document_on: str
    task_code: str
    section_name: str
    task_name: str
    lead_name: str
    cooperating_names: str
    due_text: str
    product_text: str
    indicator_code: str
    direction: str
    level: str
    source: str


@dataclass(frozen=True)
class Score:
    """A published score: points by group, total, rank and grade."""

    agency_code: str
    agency_name: str
    points: tuple[tuple[str, Decimal], ...]
    total: Decimal
    rank: int
    grade: str


def an_giang_figures(scale: int = 1) -> tuple[Figure, ...]:
    """The figures of An Giang 2025; with a scale, the counts of dossiers divided by it.

    Only dossiers are divided: petitions, procedures and agencies are few. Divided parts are rounded by
    largest remainder, their sums made of them again, so that every identity of the whole figures holds.
    """
    with AN_GIANG_CSV.open(encoding="utf-8", newline="") as lines:
        figures = tuple(
            Figure(
                row["part"], row["code"], row["name"], Decimal(row["value"]), row["unit"], row["origin"],
                row["as_of_on"], row["target"], row["statement"], row["beside"],
            )
            for row in csv.DictReader(lines)
        )  # fmt: skip
    if scale == 1:
        return figures
    whole = {figure.code: figure.count for figure in figures if figure.part == "dossiers"}
    total = round(whole["received"] / scale)
    made = {"received": total}
    for parts in (_CHANNELS, _RESOLVED + _IN_PROGRESS):
        made |= zip(parts, shared_out(total, [whole[part] for part in parts]), strict=True)
    made["resolved"] = sum(made[part] for part in _RESOLVED)
    made["in_progress"] = sum(made[part] for part in _IN_PROGRESS)
    return tuple(
        replace(figure, value=Decimal(made[figure.code])) if figure.part == "dossiers" else figure
        for figure in figures
    )


def handled_afterwards(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures once every petition in progress was handled and its answer published."""
    value = {figure.code: figure.value for figure in figures}
    moved = value["petitions_in_progress"]
    changed = {
        "petitions_handled": value["petitions_handled"] + moved,
        "petitions_published": value["petitions_published"] + moved,
        "petitions_in_progress": Decimal(0),
    }
    return tuple(replace(figure, value=changed.get(figure.code, figure.value)) for figure in figures)


def shared_out(total: int, parts: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to the parts that add up to the total (largest remainder)."""
    whole = sum(parts)
    made = [total * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(total * parts[i] % whole), i))
    for i in by_remainder[: total - sum(made)]:
        made[i] += 1
    return made


def an_giang_score() -> Score:
    """The score of An Giang as of 2025-12-31 09:20."""
    with AN_GIANG_SCORE_CSV.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    return Score(
        row["agency_code"],
        row["agency_name"],
        tuple((group, Decimal(row[group])) for group in GROUPS),
        Decimal(row["total"]),
        int(row["published_rank"]),
        row["published_grade"],
    )


def plan_tasks() -> tuple[PlanTask, ...]:
    """Every task of the plans that provinces published."""
    with (DATA / "plan_tasks.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(PlanTask(**row) for row in csv.DictReader(stream))
