"""The province, its departments and communes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.oracle.extracts import as_code, as_time, newest_list
from tests.oracle.periods import Period

LEVELS = {"1": "province", "2": "department", "3": "commune"}


@dataclass(frozen=True)
class Agency:
    """One agency of the list."""

    code: str
    old_code: str
    level: str
    valid_from: date
    valid_to: date

    @property
    def is_province(self) -> bool:
        """Whether it is the province itself, whose figures are of everything."""
        return self.level == "province"

    def is_valid_in(self, period: Period) -> bool:
        """Whether it exists on some day of the period."""
        return self.valid_from <= period.end and self.valid_to >= period.start


@dataclass(frozen=True)
class AgencyList:
    """The newest agency list."""

    agencies: list[Agency]
    codes: dict[str, str]

    def code_of(self, written: str) -> str | None:
        """The agency a written code stands for, old codes included; nothing if nobody knows it."""
        return self.codes.get(written)


def read_agencies(raw: Path, business_date: date) -> AgencyList:
    """The agency list as delivered last."""
    agencies = []
    for row in newest_list(raw, "agencies", business_date):
        valid_from = as_time(row["Hiệu lực từ"], "%d/%m/%Y")
        valid_to = as_time(row["Hiệu lực đến"], "%d/%m/%Y")
        agencies.append(
            Agency(
                code=as_code(row["Mã cơ quan"]),
                old_code=as_code(row["Mã cũ"]),
                level=LEVELS[row["Loại cơ quan"].strip()],
                valid_from=valid_from.date() if valid_from else date.min,
                valid_to=valid_to.date() if valid_to else date.max,
            )
        )
    old_codes = {agency.old_code: agency.code for agency in agencies if agency.old_code}
    return AgencyList(agencies, old_codes | {agency.code: agency.code for agency in agencies})
