"""Faults of single fields of the portal's copy: status, times, channel, procedure, payment, names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.province.cases import (
    BOTH_SIDES,
    NATIONAL,
    PAYMENTS,
    PROCEDURES,
    STEPS,
    Case,
    Suits,
    fault,
    moved,
    when,
    written,
)

FILED, RECEIVED, DUE, ENDED = "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy"
STATUS, PROCEDURE, PAID = "TrangThaiHoSo", "MaTTHC", "DuocThanhToanTrucTuyen"
_OUTSIDE, _UNKNOWN, _LOCAL = "1.998001", "3.999999", "TS_LOP1.000.00.00.H01"
# seeds/code_lists/procedure_aliases.csv
_RENUMBERED, _MEANT = "1.006714", "1.001193"
_WRONG_NAME = "Phòng chuyên môn (tên cũ)"
_NO_STATUS = ("", "11", "0")
# a difference of these is what other rules look for
_SHIFTS = {7 * 3600, 12 * 3600}


def _change(case: Case, field: str, change: Callable[[str], str]) -> None:
    """Change a field in every version that the portal got with it."""
    for row in case.national:
        if row[field]:
            row[field] = change(row[field])


def _put(case: Case, field: str, value: str) -> None:
    for row in case.national:
        row[field] = value


def _put_on_both_sides(case: Case, field: str, value: str) -> None:
    for row in case.one_stop + case.national:
        row[field] = value


def _has(field: str, *values: str) -> Suits:
    """The field holds one of the values, or anything."""
    return lambda case: case.here[field] in values if values else bool(case.here[field])


def _plain(case: Case, one_field: str, other_field: str) -> bool:
    """Two times are no shift apart, nor the one with day and month swapped."""
    one, other = when(case.here[one_field]), when(case.here[other_field])
    return abs((one - other).total_seconds()) not in _SHIFTS and one.time() != other.time()


def _stays_on_its_day(field: str, **by: float) -> Suits:
    return lambda case: bool(case.here[field]) and (case.here[field][:8] == moved(case.here[field], **by)[:8])


# --- status ---


@fault("status_differs", touches={"status"}, suits=lambda case: case.is_over)
def status_differs(case: Case) -> None:
    """Done here, in progress there."""
    case.there[STATUS] = "4"


@fault("status_rewritten_to_done", "status_differs", touches={"status"}, suits=_has(STATUS, "5", "6", "8"))
def status_rewritten_to_done(case: Case) -> None:
    """What waits or was stopped is sent as done."""
    for here, there in zip(case.one_stop, case.national, strict=True):
        if here[STATUS] in ("5", "6", "8"):
            there[STATUS] = "9"


@fault("status_unmapped", "status_differs", touches={"status"}, suits=lambda case: case.is_over)
def status_unmapped(case: Case) -> None:
    """What the software knows no code for."""
    case.there[STATUS] = _NO_STATUS[case.number % len(_NO_STATUS)]


def _got_stuck(case: Case) -> bool:
    steps = sorted(s["ThoiDiemXuLy"] for s in case.one_stop_steps)
    # 48 working hours are more than a fortnight around a holiday
    moved_on_long_ago = bool(steps) and steps[-1] < moved(case.province.end, days=-20)
    received = case.national_times("2")
    return case.is_over and moved_on_long_ago and bool(received) and received[0] == case.here[RECEIVED]


@fault(
    "frozen_in_first_state", "status_differs", "steps_missing",
    touches={"status", "steps", "received"}, suits=_got_stuck, changes=(NATIONAL, STEPS),
)  # fmt: skip
def frozen_in_first_state(case: Case) -> None:
    """The portal never heard more than the reception."""
    received = case.national_times("2")[0]
    for row in case.national:
        if row[STATUS] != "1":
            row[STATUS] = "2"
    case.drop([s for s in case.national_steps if s["ThoiDiemXuLy"] > received])


def _is_begun_without_due(case: Case) -> bool:
    return (
        case.here[STATUS] in ("2", "4")
        and case.is_in_progress
        and not case.here[DUE]
        and case.here[RECEIVED] in case.national_times("2")
    )


@fault(
    "instant_completion", "status_differs", "ended_differs", "end_is_reception",
    touches={"status", "steps", "received", "due", "ended", "results"},
    suits=_is_begun_without_due,
    changes=(NATIONAL, STEPS),
)  # fmt: skip
def instant_completion(case: Case) -> tuple[str, ...]:
    """Without a due date the software makes up a step 9 at the reception."""
    received = case.here[RECEIVED]
    step = next(s for s in case.national_steps if s["ThoiDiemXuLy"] == received)
    step.file.add({**step, "TrangThai": "9", "NoiDungXuLy": "Đã có kết quả"}, after=step)
    for row in case.national:
        if row[RECEIVED]:
            row[STATUS], row[ENDED] = "9", received
    # the true steps come after the one made up
    goes_on = any(at > received for at in case.national_times("1", "4", "5", "6"))
    return ("status_regression",) if goes_on else ()


# --- times ---


@fault("due_differs", touches={"due"}, suits=_has(DUE))
def due_differs(case: Case) -> None:
    """Three days later there."""
    _change(case, DUE, lambda at: moved(at, days=3))


@fault("due_missing", "due_differs", touches={"due"}, suits=_has(DUE))
def due_missing(case: Case) -> None:
    """Never sent."""
    _put(case, DUE, "")


@fault(
    "due_emptied",
    "due_differs",
    touches={"due"},
    suits=lambda case: len(case.national) > 1 and bool(case.here[DUE]) and bool(case.national[0][DUE]),
)
def due_emptied(case: Case) -> None:
    """The last push wrote over it."""
    case.there[DUE] = ""


@fault("received_differs", touches={"received"}, suits=_stays_on_its_day(RECEIVED, minutes=17))
def received_differs(case: Case) -> None:
    """Some minutes later there."""
    _change(case, RECEIVED, lambda at: moved(at, minutes=17))


@fault("filed_differs", touches={"filed"}, suits=_stays_on_its_day(FILED, minutes=-13))
def filed_differs(case: Case) -> None:
    """Some minutes earlier there."""
    _change(case, FILED, lambda at: moved(at, minutes=-13))


@fault("ended_differs", touches={"ended"}, suits=lambda case: case.is_over)
def ended_differs(case: Case) -> None:
    """Some minutes later there."""
    _change(case, ENDED, lambda at: moved(at, minutes=19))


@fault(
    "end_is_reception",
    "ended_differs",
    touches={"ended", "received"},
    suits=lambda case: case.is_over and _plain(case, ENDED, RECEIVED),
)
def end_is_reception(case: Case) -> None:
    """Where the end is not known, the software sends the reception."""
    _change(case, ENDED, lambda _: case.here[RECEIVED])


@fault("time_shifted", "filed_differs", touches={"filed", "received"}, suits=_has(FILED))
def time_shifted(case: Case) -> None:
    """Sent as UTC."""
    _change(case, FILED, lambda at: moved(at, hours=-7))


@fault(
    "time_shifted_by_twelve_hours",
    touches={"ended", "received"},
    suits=lambda case: case.is_over and moved(case.here[ENDED], hours=-12) > case.here[RECEIVED],
    instead=("ended_differs", "time_shifted"),
)
def time_shifted_by_twelve_hours(case: Case) -> None:
    """A clock of twelve hours."""
    _change(case, ENDED, lambda at: moved(at, hours=-12))


def _swapped(at: datetime) -> datetime:
    return at.replace(day=at.month, month=at.day)


def _can_be_swapped(case: Case) -> bool:
    due = {row[DUE] for row in case.one_stop if row[DUE]}
    return len(due) == 1 and when(*due).day <= 12 and when(*due).day != when(*due).month


@fault("day_month_swapped", "due_differs", touches={"due"}, suits=_can_be_swapped)
def day_month_swapped(case: Case) -> None:
    """Read as an American date."""
    _change(case, DUE, lambda at: written(_swapped(when(at))))


@fault(
    "month_boundary_utc", "received_differs", "time_shifted",
    touches={"received", "filed"},
    # no first of January: the year would be another one too
    suits=lambda case: case.here[RECEIVED][6:8] == "01"
    and case.here[RECEIVED][4:6] != "01"
    and not case.is_tracked,
    changes=BOTH_SIDES,
)  # fmt: skip
def month_boundary_utc(case: Case) -> None:
    """Received before seven on the first of a month, so in UTC it is the month before."""
    day = case.here[RECEIVED][:8]
    for row in case.one_stop + case.national:
        row[FILED] = min(row[FILED], f"{day}060000")
        if row[RECEIVED]:
            row[RECEIVED] = f"{day}063000"
    _change(case, RECEIVED, lambda at: moved(at, hours=-7))


@fault(
    "reception_is_filing",
    "received_differs",
    touches={"received", "filed"},
    suits=lambda case: case.here[FILED][:8] < case.here[RECEIVED][:8] and _plain(case, FILED, RECEIVED),
)
def reception_is_filing(case: Case) -> None:
    """The portal counts it from its filing."""
    _change(case, RECEIVED, lambda _: case.here[FILED])


# --- what it is, and whose ---


@fault("channel_differs", touches={"channel"}, suits=_has("KenhThucHien", "2"))
def channel_differs(case: Case) -> None:
    """Online here, at the counter there."""
    _put(case, "KenhThucHien", "1")


@fault("channel_zero", "channel_differs", touches={"channel"}, suits=_has("KenhThucHien", "2", "3"))
def channel_zero(case: Case) -> None:
    """The code list of another ministry."""
    _put(case, "KenhThucHien", "0")


@fault("owner_type_differs", touches={"owner_type"}, suits=_has("LoaiDoiTuong", "1"))
def owner_type_differs(case: Case) -> None:
    """A citizen here, a business there."""
    _put(case, "LoaiDoiTuong", "2")


@fault("agency_by_name", touches={"unit"}, suits=_has("DonViXuLy"))
def agency_by_name(case: Case) -> None:
    """The name that the unit had before."""
    _put(case, "DonViXuLy", _WRONG_NAME)


@fault("procedure_unknown", touches={"procedure"}, suits=_has(PROCEDURE), changes=BOTH_SIDES)
def procedure_unknown(case: Case) -> None:
    """A code that looks right and is in no catalogue."""
    _put_on_both_sides(case, PROCEDURE, _UNKNOWN)


@fault("procedure_local_code", touches={"procedure"}, suits=_has(PROCEDURE), changes=BOTH_SIDES)
def procedure_local_code(case: Case) -> None:
    """The province's own code, never mapped."""
    _put_on_both_sides(case, PROCEDURE, _LOCAL)


def _add_procedure(case: Case, code: str, **changes: str) -> None:
    """Put a procedure like that of the dossier into the catalogue."""
    like = case.province.catalogue[case.here[PROCEDURE]]
    case.province.add_to_catalogue(PROCEDURES, like, **{"Mã TTHC": code}, **changes)


@fault(
    "procedure_renumbered", touches={"procedure"}, suits=_has(PROCEDURE), changes=(*BOTH_SIDES, PROCEDURES)
)
def procedure_renumbered(case: Case) -> None:
    """The number that the procedure had before; the catalogue has the present one."""
    _add_procedure(case, _MEANT)
    _put_on_both_sides(case, PROCEDURE, _RENUMBERED)


@fault("outside_competence", touches={"procedure"}, suits=_has(PROCEDURE), changes=(*BOTH_SIDES, PROCEDURES))
def outside_competence(case: Case) -> None:
    """A procedure that offices of a ministry handle."""
    _add_procedure(case, _OUTSIDE, **{"Thuộc ngành dọc": "1"})
    _put_on_both_sides(case, PROCEDURE, _OUTSIDE)


@fault("procedure_name_blank", touches={"procedure"}, suits=_has("TenTTHC"))
def procedure_name_blank(case: Case) -> None:
    """The name could not be looked up when it was sent."""
    _put(case, "TenTTHC", "")


_SAME_OF_BOTH = ("Cấp thực hiện", "Mức độ DVC", "Có phí lệ phí", "Có kết quả giấy tờ", "Thuộc ngành dọc")


def _others_alike(case: Case) -> list[str]:
    catalogue = case.province.catalogue
    own = catalogue[case.here[PROCEDURE]]
    return [
        code
        for code, row in catalogue.items()
        if row is not own and all(row[column] == own[column] for column in _SAME_OF_BOTH)
    ]


@fault("procedure_differs", touches={"procedure"}, suits=lambda case: bool(_others_alike(case)))
def procedure_differs(case: Case) -> None:
    """Another one of the catalogue, to which the same money and papers belong."""
    _put(case, PROCEDURE, case.random.choice(_others_alike(case)))


# --- money ---


def _paid(case: Case, *methods: str) -> bool:
    """Something was paid, all of it in one of these ways."""
    used: set[Any] = {p["HinhThucThanhToan"] for p in case.payments if p["TrangThaiGD"] == "thanh-cong"}
    return bool(used) and used <= set(methods)


_OTHERWISE = ("tien-mat", "chuyen-khoan")


@fault("payment_flag_differs", touches={"payment"}, suits=_has(PAID, "3"))
def payment_flag_differs(case: Case) -> None:
    """Paid at the counter here, not paid there."""
    _change(case, PAID, lambda _: "0")


@fault(
    "paid_without_payment",
    touches={"payment", "fees"},
    suits=lambda case: case.here[PAID] != "0" and bool(case.payments),
    changes=(*BOTH_SIDES, PAYMENTS),
)
def paid_without_payment(case: Case) -> None:
    """Both flags claim what no transaction shows."""
    _put_on_both_sides(case, PAID, "1")
    case.drop(case.payments)


@fault(
    "cash_counted_online",
    touches={"payment"},
    suits=lambda case: case.here[PAID] == "3" and _paid(case, *_OTHERWISE),
    changes=BOTH_SIDES,
)
def cash_counted_online(case: Case) -> None:
    """Every receipt counts as paid online."""
    _put_on_both_sides(case, PAID, "1")


@fault(
    "online_payment_not_flagged",
    touches={"payment"},
    suits=lambda case: case.here[PAID] in ("1", "2") and _paid(case, "truc-tuyen"),
    changes=BOTH_SIDES,
)
def online_payment_not_flagged(case: Case) -> None:
    """Paid online, and neither flag says so."""
    _put_on_both_sides(case, PAID, "0")


@fault(
    "fee_zero_on_national",
    touches={"fees"},
    suits=lambda case: any(int(fee["Gia"]) for fee in case.here["DanhSachLePhi"]),
)
def fee_zero_on_national(case: Case) -> None:
    """Charged here, free there."""
    for row in case.national:
        for fee in row["DanhSachLePhi"]:
            fee["Gia"] = "0"
