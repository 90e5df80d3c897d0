"""Dossiers in a ministry's centralised system (generation G3): three ways to write a time.

Their codes are the ministry's own, so no reconciliation rule of the one-stop system meets them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from tests.province.small import Known, personal, working_days

_UNIT = "G17.20"
_FEWEST, _MOST = 20, 300
_FIELDS = ("G17-XD01", "G17-DK01")
# what the ministry's test system showed: local times without zone beside step times that look like UTC
_STEPS_BEHIND = timedelta(hours=7)


@dataclass(frozen=True)
class MinistryDossier:
    """One dossier: its steps in order, as status and local time."""

    code: str
    procedure: int
    owner_type: int
    person: int
    fee: int
    filed_at: datetime
    steps: tuple[tuple[int, datetime], ...]


def ministry_dossiers(known: Known) -> list[MinistryDossier]:
    """Dossiers of construction over the year, received soon after filing; most of them end."""
    rng, days = known.random(4), working_days(known)
    procedures = [i for i, p in enumerate(known.world.procedures) if p.field_code in _FIELDS]
    count = int(np.clip(known.world.arguments.dossiers // 40, _FEWEST, _MOST))
    filed_on = sorted([days[0], *(days[int(i)] for i in rng.integers(0, len(days), count - 1))])
    made = []
    for number, day in enumerate(filed_on):
        procedure = procedures[int(rng.integers(0, len(procedures)))]
        filed = datetime.combine(day, time(7)) + timedelta(seconds=int(rng.integers(0, 9 * 3600)))
        received = filed + timedelta(seconds=int(rng.integers(300, 4 * 3600)))
        limit = known.world.procedures[procedure].limit_days
        ended = received + timedelta(days=float(rng.uniform(0.2, 1.5)) * limit)
        steps = [(1, filed), (2, received), (4, received + timedelta(minutes=30))]
        if rng.random() < 0.9:
            steps += [(9, ended), (10, ended + timedelta(hours=int(rng.integers(1, 48))))]
        made.append(
            MinistryDossier(
                code=f"{_UNIT}-{day:%Y%m%d}-{92_000 + number * 7:07d}",
                procedure=procedure,
                owner_type=int(rng.choice(3, p=[0.5, 0.4, 0.1])),
                person=number,
                fee=int(rng.choice([0, 50_000, 150_000])),
                filed_at=filed,
                steps=tuple(steps),
            )
        )
    return made


def wire_row(known: Known, dossier: MinistryDossier, day: date) -> dict[str, Any] | None:
    """The dossier as the ministry's system held it at the end of a day; None before it was received."""
    steps = [(status, at) for status, at in dossier.steps if at.date() <= day]
    if len(steps) < 2:
        return None
    procedure = known.world.procedures[dossier.procedure]
    name, phone, address = personal(known.officers, dossier.person)
    done = steps[-1][0] >= 9
    papers = [
        {
            "MaThanhPhanHoSo": f"000.00.00.G17-TP{dossier.procedure * 10 + place:06d}",
            "TenThanhPhanHoSo": "Giấy tờ",
            "SoLuong": 1,
            "LoaiBan": 2 - place % 3,
            "GiayToDinhKem": [
                {"IdGiayTo": f"{dossier.code}-{place}", "MaKetQua": "", "TenGiayTo": f"Giấy tờ của {name}"}
            ]
            if place < 2
            else [],
        }
        for place in range(3)
    ]
    fees = [
        {
            "MaPhiLePhi": "1",
            "LoaiPhiLePhi": "2",
            "HinhThucThu": "1",
            "Gia": dossier.fee,
            "TrangThaiThanhToan": 1,
        }
    ]
    results = [
        {
            "MaKetQua": f"KQ.G17.{dossier.procedure + 1:06d}",
            "TenGiayTo": f"Kết quả của {name}",
            "MaThanhPhanHoSo": f"000.00.00.G17-KQ{dossier.procedure + 1:06d}",
            "IdGiayTo": f"{dossier.code}-KQ",
        }
    ]
    return {
        "MaHoSo": dossier.code,
        "MaTTHC": procedure.code,
        "MaDichVuCong": f"{procedure.code}.01",
        "ChuHoSo": name,
        "LoaiDoiTuong": dossier.owner_type,
        "MaDonViTiepNhan": _UNIT,
        "NgayNop": f"{dossier.filed_at:%Y-%m-%d %H:%M:%S}",
        "NgayTiepNhan": f"{dossier.steps[1][1]:%Y-%m-%d %H:%M:%S}",
        "TrangThai": steps[-1][0],
        "ThongTinNguoiNop": {
            "HoTen": name,
            "SoDienThoai": phone,
            "DiaChi": address,
            "NgayCapDinhDanh": "20241231000000",
        },
        "EformThongTinChiTiet": f"Đề nghị của {name}",
        "ThanhPhanHoSo": papers,
        "CapNhatTienTrinh": [_step(known, dossier, status, at) for status, at in steps],
        # only with the states that ask for money or hand something over
        "DanhSachLePhi": fees if done and dossier.fee else [],
        "DanhSachGiayToKetQua": results if done else [],
    }


def _step(known: Known, dossier: MinistryDossier, status: int, at: datetime) -> dict[str, Any]:
    zoneless = (at - _STEPS_BEHIND).replace(microsecond=dossier.person * 7_000 % 1_000_000)
    return {
        "IDHoSo": dossier.code,
        "MaHoSo": dossier.code,
        "NguoiXuLy": known.officers.name[(dossier.person + status) % len(known.officers)],
        "ThoiDiemXuLy": zoneless.isoformat(timespec="milliseconds"),
        "PhongBanXuLy": "",
        "NoiDungXuLy": "",
        "TrangThai": status,
        "NgayBatDau": f"{at:%Y%m%d%H%M%S}" if status == 4 else "",
        "NgayKetThucTheoQuyDinh": "",
    }


def wire_rows(known: Known, dossiers: list[MinistryDossier], day: date) -> list[str]:
    """The rows of a delivery, as JSON texts."""
    rows = [wire_row(known, dossier, day) for dossier in dossiers]
    return [json.dumps(row, ensure_ascii=False) for row in rows if row is not None]
