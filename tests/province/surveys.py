"""Satisfaction surveys and certified copies: small sources about what agencies do for people."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.province.small import Known, Table, personal, slashed, vietnamese, working_days

_FACTORS = ("I", "II", "III", "IV", "V")
_QUESTIONS_PER_FACTOR = 2
_FEWEST_SHEETS, _MOST_SHEETS = 20, 60
_FORMS = ("Phiếu giấy", "Trực tuyến", "Điện thoại")


def satisfaction_surveys(known: Known) -> Table:
    """Answer sheets, each with two questions for every factor; now and then a question is left out."""
    rng, days, units = known.random(2), working_days(known), known.world.agencies.units
    sheets = int(np.clip(known.world.arguments.dossiers // 80, _FEWEST_SHEETS, _MOST_SHEETS))
    lines: list[tuple[date, tuple[str, ...]]] = []
    for sheet in range(sheets):
        day = days[0] if sheet == 0 else days[int(rng.integers(0, len(days)))]
        unit = units[int(rng.integers(0, len(units)))]
        content = rng.beta(7, 2)
        form = _FORMS[int(rng.choice(3, p=[0.5, 0.4, 0.1]))]
        name, phone, address = personal(known.officers, sheet)
        for factor in _FACTORS:
            for question in range(1, _QUESTIONS_PER_FACTOR + 1):
                answer = 1 + int(rng.binomial(4, content))
                left_out = rng.random() < 0.02
                lines.append(
                    (
                        day,
                        (
                            f"P{day:%y%m}-{sheet + 1:04d}", f"{factor}.{question}", unit.code, slashed(day),
                            f"{day.year}-Q{(day.month + 2) // 3}", factor, "" if left_out else str(answer),
                            form,
                            name, phone, address, f"Ý kiến của {name}" if sheet % 9 == 0 else "",
                        ),
                    )
                )  # fmt: skip
    header = (
        "Mã phiếu", "Mã câu hỏi", "Mã cơ quan", "Ngày khảo sát", "Đợt khảo sát", "Yếu tố", "Mức trả lời",
        "Hình thức khảo sát", "Họ và tên", "Số điện thoại", "Địa chỉ", "Ý kiến khác",
    )  # fmt: skip
    return Table(header, lines)


def certified_copies(known: Known) -> Table:
    """Some communes on the first working day of each month: requests, and how many ended electronically."""
    rng = known.random(3)
    firsts = {(day.year, day.month): day for day in reversed(working_days(known))}
    lines: list[tuple[date, tuple[str, ...]]] = []
    for commune in known.communes[:40]:
        share = float(rng.beta(2, 6))
        for day in sorted(firsts.values()):
            requests = int(rng.integers(40, 1600))
            electronic = int(rng.binomial(requests, share))
            copies = electronic + int(rng.integers(0, electronic + 1))
            counts = (vietnamese(requests), vietnamese(electronic), vietnamese(copies))
            lines.append((day, (commune.code, slashed(day), *counts)))
    header = (
        "Mã cơ quan", "Ngày chứng thực", "Số yêu cầu chứng thực bản sao",
        "Số yêu cầu chứng thực bản sao điện tử", "Số bản sao điện tử đã cấp",
    )  # fmt: skip
    return Table(header, lines)
