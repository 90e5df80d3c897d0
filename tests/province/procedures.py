"""The catalogue of procedures: made-up names and codes (all six-digit groups from 900001 up), by field.

The catalogue is the same for every seed, and longer where its counts are set. Which department handles a
provincial procedure, and how often a procedure is asked for, is knowledge of the generator and stands in no
extract.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from tests.province.goals import Catalogue

FIELDS_YAML = Path(__file__).parent / "data" / "procedure_fields.yml"

_AMOUNTS = (5_000, 8_000, 10_000, 20_000, 30_000, 50_000, 100_000, 150_000, 240_000, 500_000, 1_500_000)


@dataclass(frozen=True)
class Procedure:
    """One row of the catalogue, and what only the generator knows of it."""

    code: str
    name: str
    field_code: str
    field_name: str
    level: str
    service_level_code: str
    limit_days: int
    has_fee: bool
    returns_paper: bool
    is_for_citizens: bool
    is_for_business: bool
    departments: tuple[str, ...]
    popularity: float
    fees: tuple[int, ...]
    is_vehicle_inspection: bool
    posting_days: int  # 0: nothing is posted

    @property
    def is_place_free(self) -> bool:
        """Whether it can be filed anywhere in the province: not what is posted or inspected where it is."""
        return not self.posting_days and not self.is_vehicle_inspection


_LAND_POSTING_DAYS = 15
_SELDOM = 0.02  # how often an added procedure is asked for, beside the one it was made from


@cache
def make_procedures(goals: Catalogue | None = None) -> tuple[Procedure, ...]:
    """The catalogue: about four hundred procedures, or as many of each kind as the goals say."""
    made = _by_field()
    return made if goals is None else made + _added(made, goals)


def _by_field() -> tuple[Procedure, ...]:
    """About four hundred procedures, in the order of their fields."""
    rng = np.random.default_rng(766)
    made: list[Procedure] = []
    for field in yaml.safe_load(FIELDS_YAML.read_text(encoding="utf-8")):
        names = [f"{verb} {thing}" for thing in field["objects"] for verb in field["verbs"]]
        popularity = field["weight"] / np.arange(1, len(names) + 1) ** 1.3
        low, high = field["limit"]
        field_code, level = field["code"], field["level"]
        for place, name in enumerate(names):
            number = len(made)
            # The most wanted ones are offered online; a few others give information only.
            level_code = "4" if place < 3 else str(rng.choice(["4", "3", "2"], p=[0.55, 0.30, 0.15]))
            has_fee = bool(rng.random() < field["with_fee"])
            amounts = tuple(int(a) for a in rng.choice(_AMOUNTS, size=2))
            made.append(
                Procedure(
                    code=_code(number),
                    name=name,
                    field_code=field_code,
                    field_name=field["name"],
                    level=level,
                    service_level_code=level_code,
                    limit_days=int(rng.integers(low, high + 1)),
                    has_fee=has_fee,
                    returns_paper=bool(rng.random() < 0.85) or place == 0,
                    is_for_citizens=field_code not in ("G05-DN01", "G05-KT01", "G02-TM01"),
                    is_for_business=level == "TỈNH" or field_code == "G05-HK01",
                    departments=tuple(field["departments"]),
                    popularity=float(popularity[place]),
                    fees=amounts[: 1 + int(rng.random() < 0.3)] if has_fee else (),
                    is_vehicle_inspection=field_code == "G17-DK01" and place == 0,
                    posting_days=_LAND_POSTING_DAYS if field_code == "G10-DD01" and place % 4 == 0 else 0,
                )
            )
    return tuple(made)


def _code(number: int) -> str:
    return f"{1 + number % 3}.{900_001 + number * 37:06d}"


def _added(made: tuple[Procedure, ...], goals: Catalogue) -> tuple[Procedure, ...]:
    """Seldom asked variants of the procedures, as many of each kind as the goals lack."""
    rng = np.random.default_rng([766, 1])
    lacking = {
        "TỈNH": goals.provincial - sum(p.level == "TỈNH" for p in made),
        "XÃ": goals.communal - sum(p.level == "XÃ" for p in made),
    }
    full = goals.full - sum(p.service_level_code == "4" for p in made)
    partial = goals.partial - sum(p.service_level_code == "3" for p in made)
    business = goals.business - sum(p.is_for_business for p in made)
    offline = sum(lacking.values()) - full - partial
    if min(*lacking.values(), full, partial, business, offline) < 0:
        raise ValueError(f"No catalogue has these counts and the procedures that every one has: {goals}")
    levels = rng.permutation(np.repeat(["4", "3", "2"], [full, partial, offline])).tolist()
    models: list[Procedure] = []
    for level, count in lacking.items():
        alike = [p for p in made if p.level == level]
        models += [alike[int(i)] for i in rng.integers(0, len(alike), count)]
    # what serves no citizen serves businesses, and so do some of the others
    must = [not p.is_for_citizens for p in models]
    may = rng.permutation([i for i, p in enumerate(models) if p.level == "TỈNH" and not must[i]]).tolist()
    for i in may[: business - sum(must)]:
        must[i] = True
    if sum(must) != business:
        raise ValueError(f"{business} more procedures for businesses cannot be chosen.")
    variants: dict[str, int] = {}
    added = []
    for number, (model, level_code, is_for_business) in enumerate(
        zip(models, levels, must, strict=True), start=len(made)
    ):
        variants[model.code] = variants.get(model.code, 1) + 1
        added.append(
            replace(
                model,
                code=_code(number),
                name=f"{model.name} (trường hợp {variants[model.code]})",
                service_level_code=level_code,
                is_for_business=is_for_business,
                popularity=model.popularity * _SELDOM,
                is_vehicle_inspection=False,
            )
        )
    return tuple(added)
