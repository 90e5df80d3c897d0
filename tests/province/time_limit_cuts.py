"""Procedures whose time limit was cut by a decision of the province, and what an hour costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from tests.province.plan import apportion
from tests.province.small import Known, Table, slashed, vietnamese, working_days

# a cut of three in ten of the old limit, of which the catalogue holds the new one
_CUT, _LEFT = 3, 7
_ONE_IN = 4
_HOURS_PER_DAY = 8
_HOURLY_COST = Decimal("54321.987")


def time_limit_cuts(known: Known) -> Table:
    """One decision on a part of the catalogue, or on as many procedures and days as the goals say.

    The new limits are those of the catalogue. Of one procedure in ten nobody knows how often it is done.
    """
    rng, goals = known.random(11), known.world.arguments.goals
    catalogue = known.world.procedures
    count = goals.savings.procedures if goals else len(catalogue) // _ONE_IN
    chosen = [catalogue[i] for i in sorted(rng.choice(len(catalogue), count, replace=False).tolist())]
    limits = np.array([procedure.limit_days for procedure in chosen])
    days = goals.savings.days if goals else Decimal(int(limits.sum())) * _CUT / _LEFT
    hourly_cost = goals.savings.hourly_cost if goals else _HOURLY_COST
    decided = working_days(known)[int(rng.integers(0, 20))]
    decision = f"{int(rng.integers(200, 300))}/QĐ-UBND"
    lines: list[tuple[date, tuple[str, ...]]] = []
    for procedure, hundredths in zip(chosen, apportion(round(100 * days), limits).tolist(), strict=True):
        cut = hundredths / 100
        is_frequency_known = rng.random() < 0.9
        subjects, times = int(rng.integers(1, 2000)), int(rng.integers(2, 5)) / 2
        lines.append(
            (
                decided,
                (
                    decision, slashed(decided), procedure.code, procedure.name,
                    "Tỉnh" if procedure.level == "TỈNH" else "Xã",
                    procedure.departments[0] if procedure.departments else "",
                    vietnamese(procedure.limit_days + cut, 2), vietnamese(procedure.limit_days, 2),
                    vietnamese(cut, 2), str(_HOURS_PER_DAY), f"{hourly_cost:f}".replace(".", ","),
                    vietnamese(subjects) if is_frequency_known else "",
                    vietnamese(times, 1) if is_frequency_known else "",
                ),
            )
        )  # fmt: skip
    header = (
        "Số quyết định", "Ngày quyết định", "Mã TTHC", "Tên TTHC", "Cấp thực hiện", "Mã cơ quan chủ trì",
        "Thời hạn theo quy định (ngày)", "Thời hạn sau cắt giảm (ngày)", "Số ngày cắt giảm",
        "Số giờ mỗi ngày", "Chi phí mỗi giờ (đồng)", "Số đối tượng mỗi năm", "Số lần thực hiện mỗi năm",
    )  # fmt: skip
    return Table(header, lines)
