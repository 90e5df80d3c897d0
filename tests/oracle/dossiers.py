"""Dossiers of one side with their steps, as the rules read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.oracle.agencies import AgencyList
from tests.oracle.extracts import (
    Row,
    as_code,
    as_time,
    latest_dossiers,
    latest_steps,
    newest_list,
)
from tests.oracle.working_time import WORKING_DAY

MESSAGE_TIME = "%Y%m%d%H%M%S"
SOURCES = {"one_stop": ("one_stop_dossiers", "MC"), "national": ("national_dossiers", "DVCQG")}


@dataclass(frozen=True)
class Step:
    """One processing step."""

    at: datetime
    status: str


@dataclass(frozen=True)
class Supplement:
    """One request for papers, its answer, and the new due date if one was set."""

    requested: datetime | None
    completed: datetime | None
    new_due: datetime | None


@dataclass(frozen=True)
class Dossier:
    """One dossier of one side."""

    code: str
    other_code: str
    agency: str | None
    received: datetime | None
    due: datetime | None
    ended: datetime | None
    status: str
    time_limit: timedelta | None
    supplements: list[Supplement]
    steps: list[Step]
    channel: str
    online_payment: str
    fees: list[Decimal]
    result_files: int
    reused_papers: int

    def is_received(self) -> bool:
        """Received: it has a reception time and is neither just registered (1) nor not received (3)."""
        return self.received is not None and self.status not in ("1", "3")


def is_true(value: object) -> bool:
    """The flags of the message: True, true, 1."""
    return as_code(value) in ("TRUE", "1")


def as_supplement(row: Row) -> Supplement:
    """One entry of DanhSachHoSoBoSung."""
    return Supplement(
        requested=as_time(row["NgayBoSung"], MESSAGE_TIME),
        completed=as_time(row["NgayTiepNhanBoSung"], MESSAGE_TIME),
        new_due=as_time(row["NgayHenTraMoi"], MESSAGE_TIME),
    )


def as_dossier(row: Row, steps: list[Step], limits: dict[str, timedelta], agencies: AgencyList) -> Dossier:
    """One row of the message DongBoHoSoMC."""
    code = as_code(row["MaHoSo"])
    papers = [paper for paper in row["TaiLieuNop"] if not is_true(paper["IsDeleted"])]
    return Dossier(
        code=code,
        other_code=as_code(row.get("MaHoSoKhac")),
        agency=agencies.code_of(code.split("-")[0]),
        received=as_time(row["NgayTiepNhan"], MESSAGE_TIME),
        due=as_time(row["NgayHenTra"], MESSAGE_TIME),
        ended=as_time(row["NgayKetThucXuLy"], MESSAGE_TIME),
        status=as_code(row["TrangThaiHoSo"]),
        # a code may carry its publisher behind the two groups that name the procedure
        time_limit=limits.get(".".join(as_code(row["MaTTHC"]).split(".")[:2])),
        supplements=[as_supplement(entry) for entry in row["DanhSachHoSoBoSung"]],
        steps=sorted(steps, key=lambda step: step.at),
        channel=as_code(row["KenhThucHien"]),
        online_payment=as_code(row["DuocThanhToanTrucTuyen"]),
        fees=[Decimal(fee["Gia"].strip() or "0") for fee in row["DanhSachLePhi"]],
        result_files=sum(
            bool(paper["DuongDanTepTinKetQua"].strip()) for paper in row["DanhSachGiayToKetQua"]
        ),
        reused_papers=sum(as_code(paper["DuocTaiSuDung"]) in ("1", "2") for paper in papers),
    )


def read_time_limits(raw: Path, business_date: date) -> dict[str, timedelta]:
    """Time limits of the procedures, in working days of 8 hours."""
    limits = {}
    for row in newest_list(raw, "procedures", business_date):
        days = row["Thời hạn giải quyết (ngày làm việc)"].strip()
        if days:
            limits[as_code(row["Mã TTHC"])] = WORKING_DAY * float(days)
    return limits


def read_dossiers(raw: Path, basis: str, business_date: date, agencies: AgencyList) -> list[Dossier]:
    """All dossiers of one side, received or not."""
    source, side = SOURCES[basis]
    steps: dict[str, list[Step]] = {}
    for (step_side, code, _), row in latest_steps(raw, business_date).items():
        at = as_time(row["ThoiDiemXuLy"], MESSAGE_TIME)
        if step_side == side and at is not None:
            steps.setdefault(code, []).append(Step(at, as_code(row["TrangThai"])))
    limits = read_time_limits(raw, business_date)
    rows = latest_dossiers(raw, source, business_date)
    return [as_dossier(row, steps.get(code, []), limits, agencies) for code, row in rows.items()]
