"""Faults across the dossiers of an agency, and in what the portal published of the province."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.province.agencies import PROVINCE_CODE
from tests.province.cases import BOTH_SIDES, NATIONAL, CannotPlant, Case, Province, mass_fault
from tests.province.wire import MARKER
from tests.province.wire_files import packed

# somewhat more than the rules ask for, and no agency larger than needed
_FEWEST, _LEAST_SHARE = 36, 0.3
_VERIFIED, _DATABASES, _IDENTITY = "TaiKhoanDuocXacThucVoiVNeID", "DSKetNoiCSDL", "SoGiayToChuHoSo"
_PUBLISHED = "portal_scores"


def _smallest_agency(
    province: Province, used: set[str], suits: Callable[[Case], Any]
) -> tuple[str, list[Case]]:
    """The smallest agency that has dossiers enough of the year, of which enough suit."""
    year = str(province.last_day.year)
    by_agency: dict[str, list[Case]] = {}
    for case in province.cases:
        if case.here["NgayTiepNhan"].startswith(year) and case.agency_code not in used:
            by_agency.setdefault(case.agency_code, []).append(case)
    for agency, cases in sorted(by_agency.items(), key=lambda item: (len(item[1]), item[0])):
        chosen = [case for case in cases if suits(case)]
        if len(cases) >= _FEWEST and _LEAST_SHARE <= len(chosen) / len(cases) < 1:
            used.add(agency)
            return agency, chosen
    raise CannotPlant("no agency has dossiers enough")


@mass_fault("constant_flag", changes=(NATIONAL,))
def constant_flag(province: Province, used: set[str]) -> str:
    """The interface sends "not verified", and no database, of everybody."""
    agency, _ = _smallest_agency(
        province, used, lambda case: case.here[_VERIFIED] == "1" or case.here[_DATABASES]
    )
    for row in province.extracts.rows(NATIONAL):
        if row["MaHoSo"].startswith(f"{agency}-"):
            row.update({_VERIFIED: "0", _DATABASES: []})
    return agency


@mass_fault("placeholders_in_mass", changes=BOTH_SIDES)
def placeholders_in_mass(province: Province, used: set[str]) -> str:
    """An officer types nine zeros; but not where the store was asked by the number."""
    agency, cases = _smallest_agency(province, used, lambda case: not case.held)
    for case in cases:
        for row in case.one_stop + case.national:
            row[_IDENTITY] = "000000000"
    return agency


@mass_fault("sync_ratio_full_counts_differ", changes=(_PUBLISHED,))
def sync_ratio_full_counts_differ(province: Province, used: set[str]) -> str:
    """The portal publishes that all is synchronised, and elsewhere that it received more."""
    sync = {"code": "DOSSIER_SYNC", "numerator": 1130, "denominator": 1130, "ratio": 100, "score": 6,
            "maxScore": 6, "note": None}  # fmt: skip
    unit = {"departmentName": "tỉnh", "departmentCode": None}
    progress = {"totalOnTime": 1700, "totalReceived": 1840, "score": 18.48, "maxScore": 20}
    _publish(
        province, "transparency", {"overview": {"metrics": []}, "evaluation": [unit | {"metrics": [sync]}]}
    )
    _publish(province, "dvc-progress-tree", {"parent": unit | progress, "children": []})
    return PROVINCE_CODE


def _publish(province: Province, endpoint: str, data: dict[str, Any]) -> None:
    capture = {
        "endpoint": endpoint,
        "provinceCode": PROVINCE_CODE,
        "provinceName": "An Giang",
        "periodLabel": str(province.last_day.year),
        "capturedOn": province.last_day.isoformat(),
        "source": "Số liệu giả định",
    }
    like = province.extracts.files[NATIONAL][0].path
    folder = province.extracts.raw / _PUBLISHED / province.last_day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"made-up-{endpoint}.json{'.gz' if like.suffix == '.gz' else ''}"
    reply = {"code": "OK", "message": "", "capture": capture, "data": data}
    path.write_bytes(packed(path, (json.dumps(reply, ensure_ascii=False, indent=1) + "\n").encode()))
    (folder / MARKER).write_bytes(b"")
