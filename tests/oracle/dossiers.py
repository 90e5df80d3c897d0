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
    is_filled,
    is_true,
    latest_dossiers,
    latest_rows,
    latest_steps,
)
from tests.oracle.procedures import Catalogue, procedure_code_of

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
    procedure: str
    field: str
    received: datetime | None
    due: datetime | None
    ended: datetime | None
    status: str
    time_limit: timedelta | None
    returns_paper: bool
    supplements: list[Supplement]
    steps: list[Step]
    channel: str
    online_payment: str
    fees: list[Decimal]
    result_files: int
    component_files: int
    reused_papers: int
    papers_from_store: int
    is_verified: bool
    databases: int

    def is_received(self) -> bool:
        """Received: it has a reception time and is neither just registered (1) nor not received (3)."""
        return self.received is not None and self.status not in ("1", "3")

    def has_obligation(self) -> bool:
        """A financial obligation: a fee that is not 0."""
        return any(fee > 0 for fee in self.fees)

    def is_paid_online(self) -> bool:
        """Paid through the national (1) or the local gateway (2)."""
        return self.online_payment in ("1", "2")

    def uses_population_data(self) -> bool:
        """An account verified by VNeID, or a link to a database."""
        return self.is_verified or self.databases > 0


def as_supplement(row: Row) -> Supplement:
    """One entry of DanhSachHoSoBoSung."""
    return Supplement(
        requested=as_time(row["NgayBoSung"], MESSAGE_TIME),
        completed=as_time(row["NgayTiepNhanBoSung"], MESSAGE_TIME),
        new_due=as_time(row["NgayHenTraMoi"], MESSAGE_TIME),
    )


def as_dossier(row: Row, steps: list[Step], catalogue: Catalogue, agencies: AgencyList) -> Dossier:
    """One row of the message DongBoHoSoMC."""
    code = as_code(row["MaHoSo"])
    procedure = catalogue.get(procedure_code_of(row["MaTTHC"]))
    papers = [paper for paper in row["TaiLieuNop"] if not is_true(paper["IsDeleted"])]
    return Dossier(
        code=code,
        other_code=as_code(row.get("MaHoSoKhac")),
        agency=agencies.code_of(code.split("-")[0]),
        procedure=procedure_code_of(row["MaTTHC"]),
        field=procedure.field if procedure is not None else "",
        received=as_time(row["NgayTiepNhan"], MESSAGE_TIME),
        due=as_time(row["NgayHenTra"], MESSAGE_TIME),
        ended=as_time(row["NgayKetThucXuLy"], MESSAGE_TIME),
        status=as_code(row["TrangThaiHoSo"]),
        time_limit=procedure.time_limit if procedure is not None else None,
        returns_paper=procedure is not None and procedure.returns_paper,
        supplements=[as_supplement(entry) for entry in row["DanhSachHoSoBoSung"]],
        steps=sorted(steps, key=lambda step: step.at),
        channel=as_code(row["KenhThucHien"]),
        online_payment=as_code(row["DuocThanhToanTrucTuyen"]),
        fees=[Decimal(fee["Gia"].strip() or "0") for fee in row["DanhSachLePhi"]],
        result_files=sum(is_filled(paper["DuongDanTepTinKetQua"]) for paper in row["DanhSachGiayToKetQua"]),
        component_files=sum(is_filled(paper["DuongDanTaiTepTin"]) for paper in papers),
        reused_papers=sum(as_code(paper["DuocTaiSuDung"]) in ("1", "2") for paper in papers),
        papers_from_store=sum(is_true(paper["DuocLayTuKhoDMQG"]) for paper in papers),
        is_verified=is_true(row["TaiKhoanDuocXacThucVoiVNeID"]),
        databases=sum(is_filled(link["MaCSDL"]) for link in row["DSKetNoiCSDL"]),
    )


def read_dossiers(
    raw: Path, basis: str, business_date: date, agencies: AgencyList, catalogue: Catalogue
) -> list[Dossier]:
    """All dossiers of one side, received or not, but for what its own system has deleted."""
    source, side = SOURCES[basis]
    steps: dict[str, list[Step]] = {}
    for (step_side, code, _), row in latest_steps(raw, business_date).items():
        at = as_time(row["ThoiDiemXuLy"], MESSAGE_TIME)
        if step_side == side and at is not None:
            steps.setdefault(code, []).append(Step(at, as_code(row["TrangThai"])))
    rows = latest_dossiers(raw, source, business_date)
    return [
        as_dossier(row, steps.get(code, []), catalogue, agencies)
        for code, row in rows.items()
        if not is_true(row.get("DaXoa", ""))
    ]


def read_pushed_results(raw: Path, business_date: date) -> frozenset[str]:
    """Codes of the dossiers with a result in the digitisation store that was pushed on."""
    rows = latest_rows(raw, "digitized_documents", business_date, "Mã giấy tờ")
    return frozenset(
        as_code(row["Mã hồ sơ"])
        for row in rows
        if as_code(row["Loại giấy tờ"]) == "KQ" and is_true(row["Đã đồng bộ DVCQG"])
    )
