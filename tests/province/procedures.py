"""The catalogue of procedures: made-up names and codes (all six-digit groups from 900001 up), by field.

The catalogue is the same for every seed. Which department handles a provincial procedure, and how often a
procedure is asked for, is knowledge of the generator and stands in no extract.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

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


@cache
def make_procedures() -> tuple[Procedure, ...]:
    """The catalogue, about four hundred procedures, in the order of their fields."""
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
                    code=f"{1 + number % 3}.{900_001 + number * 37:06d}",
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
                )
            )
    return tuple(made)
