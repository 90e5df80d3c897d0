"""The catalogue of procedures, and the codes by which procedures are compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.oracle.extracts import as_code, is_true, newest_list
from tests.oracle.rule_data import seed_rows
from tests.oracle.working_time import WORKING_DAY

PRESENT_CODES = {
    row["alias_code"]: row["procedure_code"] for row in seed_rows("code_lists/procedure_aliases")
}
ONLINE_LEVELS = ("3", "4")


@dataclass(frozen=True)
class Procedure:
    """One row of the catalogue."""

    code: str
    field: str
    is_communal: bool
    is_online: bool
    has_fee: bool
    returns_paper: bool
    is_for_citizens: bool
    time_limit: timedelta | None


Catalogue = dict[str, Procedure]


def procedure_code_of(written: object) -> str:
    """The code without what follows its first two groups, and the present one where it was renumbered."""
    groups = as_code(written).split(".")
    # an invented local code has one group only before its publisher
    for code in (".".join(groups[:2]), groups[0]):
        if code in PRESENT_CODES:
            return PRESENT_CODES[code]
    return ".".join(groups[:2])


def read_catalogue(raw: Path, business_date: date) -> Catalogue:
    """The catalogue as delivered last, by code; time limits in working days of 8 hours."""
    catalogue = {}
    for row in newest_list(raw, "procedures", business_date):
        code = procedure_code_of(row["Mã TTHC"])
        days = row["Thời hạn giải quyết (ngày làm việc)"].strip()
        catalogue[code] = Procedure(
            code=code,
            field=as_code(row["Mã lĩnh vực"]),
            is_communal=as_code(row["Cấp thực hiện"]) == "XÃ",
            is_online=as_code(row["Mức độ DVC"]) in ONLINE_LEVELS,
            has_fee=is_true(row["Có phí lệ phí"]),
            returns_paper=is_true(row["Có kết quả giấy tờ"]),
            is_for_citizens=is_true(row["Cho công dân"]),
            time_limit=WORKING_DAY * float(days) if days else None,
        )
    return catalogue
