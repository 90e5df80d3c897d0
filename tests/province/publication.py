"""Decisions that publish procedures, and the working calendar: small sources about the rules of the work."""

from __future__ import annotations

import csv
from datetime import date, timedelta

from tests.province.clock import HOLIDAYS_CSV
from tests.province.small import Known, Table, slashed, working_days

_DECISIONS = 14
_KINDS = ("Sửa đổi, bổ sung", "Sửa đổi, bổ sung", "Ban hành mới", "Bãi bỏ")
_PARTS = (
    "Tên TTHC", "Trình tự thực hiện", "Cách thức thực hiện", "Thành phần hồ sơ", "Số lượng hồ sơ",
    "Thời hạn giải quyết", "Đối tượng thực hiện", "Cơ quan thực hiện",
)  # fmt: skip
_HEADER = (
    "Số quyết định", "Mã TTHC", "Mã cơ quan tham mưu", "Ngày ban hành", "Ngày có hiệu lực",
    "Ngày hiệu lực của văn bản quy phạm pháp luật", "Loại công bố", "Ngày công khai trên CSDLQG", *_PARTS,
    "Người ký",
)  # fmt: skip


def publication_decisions(known: Known) -> Table:
    """Decisions over the year: most in time before the legal basis takes effect, a few too late.

    A row comes when its procedure is public; what is not public by the last day comes without that date.
    """
    rng, days, procedures = known.random(1), working_days(known), known.world.procedures
    lines: list[tuple[date, tuple[str, ...]]] = []
    for number in range(_DECISIONS):
        issued = days[int(rng.integers(0, len(days)))] if number else days[0]
        basis = issued + timedelta(
            days=int(rng.integers(-3, 6) if rng.random() < 0.2 else rng.integers(9, 50))
        )
        decision = f"{100 + 37 * number + int(rng.integers(0, 30))}/QĐ-UBND"
        signer = known.officers.name[number % len(known.officers)]
        for place in sorted(
            rng.choice(len(procedures), size=int(rng.integers(3, 11)), replace=False).tolist()
        ):
            procedure = procedures[place]
            wait = int(rng.integers(8, 20) if rng.random() < 0.15 else rng.integers(0, 7))
            public = issued + timedelta(days=wait)
            is_public = public <= known.last_day
            cells = (
                decision, procedure.code, procedure.departments[0] if procedure.departments else "",
                slashed(issued), slashed(issued + timedelta(days=1)), slashed(basis),
                _KINDS[int(rng.integers(0, len(_KINDS)))],
                f"{slashed(public)} 15:30:00" if is_public else "",
                *("Có" if rng.random() > 0.03 else "" for _ in _PARTS),
                signer,
            )  # fmt: skip
            lines.append((public if is_public else issued, cells))
    return Table(_HEADER, lines)


def working_calendar(known: Known) -> Table:
    """Public holidays, swapped days and make-up days as the project's own seed has them."""
    del known
    lines: list[tuple[date, tuple[str, ...]]] = []
    with HOLIDAYS_CSV.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            is_worked = row["kind"] == "working_make_up"
            lines.append(
                (
                    date.min,
                    (
                        slashed(date.fromisoformat(row["holiday_on"])),
                        "Làm bù" if is_worked else "Nghỉ",
                        row["name_vi"],
                        row["source"],
                        "07:00-11:30" if is_worked else "",
                        "13:30-17:00" if is_worked else "",
                    ),
                )
            )
    header = ("Ngày", "Loại ngày", "Lý do", "Văn bản", "Giờ làm việc buổi sáng", "Giờ làm việc buổi chiều")
    return Table(header, lines)
