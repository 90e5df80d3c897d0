"""Faults of which copies there are, under which code and agency, and of what the queue says of them."""

from __future__ import annotations

from tests.province.cases import (
    AGENCIES,
    ALONE,
    BOTH_SIDES,
    DOCUMENTS,
    NATIONAL,
    ONE_STOP,
    PAYMENTS,
    STEPS,
    CannotPlant,
    Case,
    fault,
    moved,
)

_EVERYWHERE = (*BOTH_SIDES, STEPS, PAYMENTS, DOCUMENTS)
_UNKNOWN_AGENCY = "H01.99"
_DISTRICT = {
    "Mã cơ quan": "H01.30", "Mã cũ": "", "Tên cơ quan": "UBND huyện Ví Dụ", "Loại cơ quan": "2",
    "Mã cơ quan cấp trên": "H01", "Hiệu lực từ": "", "Hiệu lực đến": "30/06/2025",
}  # fmt: skip


def _any(case: Case) -> bool:
    return True


def _is_unpaid(case: Case) -> bool:
    """Nothing that says a payment: alone, the portal's copy shall not claim one."""
    return all(row["DuocThanhToanTrucTuyen"] == "0" for row in case.national)


def _has_no_other_code(case: Case) -> bool:
    return not case.here["MaHoSoKhac"]


def _is_nowhere_else(case: Case) -> bool:
    return not case.is_tracked and _has_no_other_code(case)


def _drop_national(case: Case, flag: str, queue: str) -> None:
    case.drop(case.national)
    case.drop(case.national_steps)
    for row in case.one_stop:
        row.update(TrangThaiDongBoDVC=flag, TrangThaiHangDoi=queue, PhanHoiDongBo="", NgayDongBo="")


@fault("missing_on_national", touches=ALONE, suits=_any, changes=(*BOTH_SIDES, STEPS))
def missing_on_national(case: Case) -> None:
    """It waits in the queue."""
    _drop_national(case, "0", "1")


@fault(
    "flag_synced_but_absent", "missing_on_national",
    touches=ALONE, suits=_any, changes=(*BOTH_SIDES, STEPS),
)  # fmt: skip
def flag_synced_but_absent(case: Case) -> None:
    """The flag says that it was sent."""
    _drop_national(case, "1", "2")


@fault("flag_never_selected", "missing_on_national", touches=ALONE, suits=_any, changes=(*BOTH_SIDES, STEPS))
def flag_never_selected(case: Case) -> None:
    """Without a flag no batch takes it."""
    _drop_national(case, "", "0")


@fault(
    "acknowledged_without_reply", "missing_on_national",
    touches=ALONE, suits=_any, changes=(*BOTH_SIDES, STEPS),
)  # fmt: skip
def acknowledged_without_reply(case: Case) -> None:
    """The publisher failed and said that it did not."""
    _drop_national(case, "0", "3")


@fault(
    "missing_on_one_stop",
    touches=ALONE,
    suits=lambda case: _is_unpaid(case) and _is_nowhere_else(case) and bool(case.documents),
    changes=(ONE_STOP, STEPS, DOCUMENTS),
)
def missing_on_one_stop(case: Case) -> None:
    """The province knows nothing of it."""
    for rows in (case.one_stop, case.one_stop_steps, case.payments, case.documents, case.held):
        case.drop(rows)


@fault(
    "ghost_after_deletion", "missing_on_one_stop",
    touches=ALONE, suits=_has_no_other_code, changes=(ONE_STOP,),
)  # fmt: skip
def ghost_after_deletion(case: Case) -> None:
    """Deleted here; a deletion is never pushed."""
    case.here["DaXoa"] = "1"


@fault(
    "recoded",
    touches=ALONE,
    suits=lambda case: _is_unpaid(case) and _has_no_other_code(case),
    changes=(NATIONAL, STEPS),
)
def recoded(case: Case) -> None:
    """Pushed under a random number, and nobody kept which."""
    case.recode(case.new_code(case.agency_code), both_sides=False)


@fault("random_recoding", touches=ALONE, suits=_has_no_other_code, changes=(*BOTH_SIDES, STEPS))
def random_recoding(case: Case) -> None:
    """Pushed under a random number that the one-stop system kept."""
    case.recode(case.new_code(case.agency_code), both_sides=False)
    for row in case.one_stop:
        row["MaHoSoKhac"] = case.there["MaHoSo"]


@fault(
    "code_form_differs",
    touches=ALONE,
    suits=lambda case: len(case.agency_code) == len("H01.03") and _has_no_other_code(case),
    changes=(NATIONAL, STEPS),
)
def code_form_differs(case: Case) -> None:
    """The portal has the department's code in its old form."""
    province, _, department = case.agency_code.partition(".")
    old = f"000.00.{department}.{province}"
    case.recode(case.code.replace(case.agency_code, old), both_sides=False)


@fault(
    "double_posting",
    "missing_on_one_stop",
    touches=ALONE,
    suits=lambda case: _is_unpaid(case) and _has_no_other_code(case),
)
def double_posting(case: Case) -> None:
    """Posted again after a timeout, under a random number; the findings bear that."""
    code = case.new_code(case.agency_code)
    for row in case.national:
        row.file.add({**row, "MaHoSo": code}, after=row)
    case.code = code


@fault("agency_unknown", touches=ALONE, suits=_is_nowhere_else, changes=_EVERYWHERE)
def agency_unknown(case: Case) -> None:
    """A unit that no list has."""
    case.recode(case.new_code(_UNKNOWN_AGENCY), both_sides=True)


@fault("agency_abolished", touches=ALONE, suits=_is_nowhere_else, changes=(*_EVERYWHERE, AGENCIES))
def agency_abolished(case: Case) -> None:
    """A district's code, months after there were districts."""
    agencies = case.province.extracts.rows(AGENCIES)
    case.province.add_to_catalogue(AGENCIES, next(agencies), **_DISTRICT)
    case.recode(case.new_code(_DISTRICT["Mã cơ quan"]), both_sides=True)


@fault(
    "stale_copy",
    touches={"sync"},
    suits=lambda case: moved(case.here["NgayDongBo"], hours=2) < case.province.end,
    changes=(ONE_STOP,),
)
def stale_copy(case: Case) -> None:
    """Changed after it was pushed last."""
    case.here.update(NgayCapNhat=moved(case.here["NgayDongBo"], hours=2), TrangThaiDongBoDVC="0")


@fault(
    "ministry_status_differs",
    touches={"other_code"},
    suits=lambda case: _has_no_other_code(case) and case.is_in_progress,
    changes=(ONE_STOP,),
)
def ministry_status_differs(case: Case) -> None:
    """It is a ministry's dossier too, and done there."""
    status = case.province.ministry_status
    other = next((code for code, s in sorted(status.items()) if s in ("9", "10")), None)
    if other is None:
        raise CannotPlant("ministry_status_differs: no ministry's dossier is left")
    del status[other]
    for row in case.one_stop:
        row["MaHoSoKhac"] = other
