"""Faults of the portal's history of a dossier."""

from __future__ import annotations

from tests.province.cases import STEPS, Case, fault, moved, when
from tests.province.wire_files import Row

# nearer steps of one state are told apart by nobody
_APART = 300


def _is_free(case: Case, at: str) -> bool:
    return all(step["ThoiDiemXuLy"] != at for step in case.national_steps)


def _goes_on_after_nine(case: Case) -> bool:
    done = case.national_times("9")
    if not done:
        return False
    later = moved(done[0], hours=1)
    return later < case.province.end and later[:8] == done[0][:8] and _is_free(case, later)


@fault("status_regression", touches={"steps"}, suits=_goes_on_after_nine, changes=(STEPS,))
def status_regression(case: Case) -> None:
    """In progress again, an hour after it was done."""
    done = next(step for step in case.national_steps if step["TrangThai"] == "9")
    again = {
        "TrangThai": "4",
        "NoiDungXuLy": "Chuyển xử lý",
        "ThoiDiemXuLy": moved(done["ThoiDiemXuLy"], hours=1),
    }
    done.file.add({**done, **again}, after=done)


def _lone_steps(case: Case) -> list[Row]:
    """Steps that no other one of their state is near to."""
    return [
        step
        for step in case.national_steps
        if step["TrangThai"] in ("4", "5", "6", "10")
        and not any(
            other is not step
            and other["TrangThai"] == step["TrangThai"]
            and abs((when(other["ThoiDiemXuLy"]) - when(step["ThoiDiemXuLy"])).total_seconds()) < _APART
            for other in case.national_steps
        )
    ]


@fault("steps_missing", touches={"steps"}, suits=lambda case: bool(_lone_steps(case)), changes=(STEPS,))
def steps_missing(case: Case) -> None:
    """One step fell out of a batch."""
    case.drop([case.random.choice(_lone_steps(case))])


def _early(case: Case) -> str:
    return moved(case.national_times("2")[0], hours=-1)


def _is_worked_on_in_order(case: Case) -> bool:
    received, worked_on = case.national_times("2"), case.national_times("4")
    return bool(received and worked_on) and received[0] < worked_on[0] and _is_free(case, _early(case))


@fault(
    "steps_out_of_order", "steps_missing", touches={"steps"}, suits=_is_worked_on_in_order, changes=(STEPS,)
)
def steps_out_of_order(case: Case) -> None:
    """Worked on before it was received."""
    first = case.national_times("4")[0]
    step = next(s for s in case.national_steps if s["TrangThai"] == "4" and s["ThoiDiemXuLy"] == first)
    step["ThoiDiemXuLy"] = step["NgayBatDau"] = _early(case)
