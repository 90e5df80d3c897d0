"""The agencies of the province and how well each of them works.

Names and codes are real where known (data/agencies.csv); the quality of an agency is made up.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from tests.province.clock import Floats

AGENCIES_CSV = Path(__file__).parent / "data" / "agencies.csv"
PROVINCE_CODE = "H01"
VEHICLE_DEPARTMENT = "H01.09"
COMMUNES_FROM = date(2025, 7, 1)
FIRST_COMMUNE, LAST_COMMUNE = 101, 202

# How many dossiers a department gets beside the others; whatever is not named counts 1.
_DEPARTMENT_WEIGHTS = {
    "H01.01": 1.5,
    "H01.02": 2.5,
    "H01.03": 9.0,
    "H01.06": 2.0,
    "H01.07": 0.3,
    "H01.08": 0.15,
    VEHICLE_DEPARTMENT: 7.0,
    "H01.10": 2.5,
    "H01.11": 2.0,
    "H01.12": 3.0,
    "H01.13": 0.5,
    "H01.16": 0.5,
}
_COMMUNE_SHARE = 0.74


@dataclass(frozen=True)
class Agency:
    """One row of the agency list."""

    code: str
    old_code: str
    name: str
    level: str  # 1 province, 2 department, 3 commune, as on the wire
    parent_code: str
    valid_from: date | None


@dataclass(frozen=True)
class Agencies:
    """Departments, then communes; arrays run in that order, without the province itself."""

    province: Agency
    departments: tuple[Agency, ...]
    communes: tuple[Agency, ...]
    weight: Floats
    late_rate: Floats
    online_rate: Floats
    digitized_rate: Floats
    result_file_rate: Floats
    reuse_rate: Floats
    online_payment_rate: Floats
    vneid_rate: Floats

    @property
    def units(self) -> tuple[Agency, ...]:
        """Departments and communes."""
        return self.departments + self.communes

    @property
    def rows(self) -> tuple[Agency, ...]:
        """The whole list as delivered, the province first."""
        return (self.province, *self.units)


def _known_names() -> dict[str, str]:
    with AGENCIES_CSV.open(encoding="utf-8", newline="") as lines:
        return {row["agency_code"]: row["agency_name"] for row in csv.DictReader(lines)}


def most_departments() -> int:
    """How many departments have a known name."""
    return sum(len(code) == 6 for code in _known_names())


def make_agencies(seed: int, departments: int, communes: int) -> Agencies:
    """The first departments and communes by code, with a quality drawn for each."""
    names = _known_names()
    department_codes = sorted(code for code in names if len(code) == 6)[:departments]
    commune_codes = [f"{PROVINCE_CODE}.{FIRST_COMMUNE + i}" for i in range(communes)]
    province = Agency(PROVINCE_CODE, "000.00.00.H01", "Tỉnh An Giang", "1", "", None)
    made_departments = tuple(
        Agency(code, f"000.00.{code[-2:]}.H01", names[code], "2", PROVINCE_CODE, None)
        for code in department_codes
    )
    made_communes = tuple(
        Agency(
            code,
            "",
            names.get(code, f"UBND xã Ví Dụ {code[-3:]} (tên giả định) - tỉnh An Giang"),
            "3",
            PROVINCE_CODE,
            COMMUNES_FROM,
        )
        for code in commune_codes
    )
    # A generator for each kind of unit: another number of departments leaves the communes as they are.
    d, c = np.random.default_rng([seed, 11]), np.random.default_rng([seed, 12])
    nd, nc = len(made_departments), len(made_communes)
    department_weight = np.array([_DEPARTMENT_WEIGHTS.get(code, 1.0) for code in department_codes])
    commune_weight = c.lognormal(0.0, 0.45, LAST_COMMUNE - FIRST_COMMUNE + 1)[:nc]
    department_share = 1.0 if nc == 0 else 1 - _COMMUNE_SHARE if nd else 0.0

    def both(a: float, b: float, low: float, high: float) -> Floats:
        drawn = np.concatenate((d.beta(a, b, most_departments())[:nd], c.beta(a, b, 102)[:nc]))
        return low + (high - low) * drawn

    return Agencies(
        province=province,
        departments=made_departments,
        communes=made_communes,
        weight=np.concatenate(
            (
                department_weight / max(department_weight.sum(), 1e-9) * department_share,
                commune_weight / max(commune_weight.sum(), 1e-9) * (1 - department_share),
            )
        ),
        late_rate=both(1.2, 5.0, 0.002, 0.25),
        online_rate=both(5.0, 1.4, 0.62, 0.99),
        digitized_rate=both(4.0, 1.5, 0.35, 0.99),
        result_file_rate=both(4.0, 1.2, 0.30, 0.99),
        reuse_rate=both(2.0, 2.0, 0.10, 0.80),
        online_payment_rate=both(4.0, 1.5, 0.35, 0.98),
        vneid_rate=both(5.0, 1.5, 0.50, 0.98),
    )
