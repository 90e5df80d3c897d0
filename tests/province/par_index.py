"""The PAR Index of the two years before: a tree of parts and criteria whose points add up."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.province.agencies import PROVINCE_CODE
from tests.province.plan import apportion
from tests.province.small import Known, Table, vietnamese

_PARTS = (
    "Chỉ đạo, điều hành cải cách hành chính",
    "Cải cách thể chế",
    "Cải cách thủ tục hành chính",
    "Cải cách tổ chức bộ máy",
    "Cải cách chế độ công vụ",
    "Cải cách tài chính công",
    "Chính quyền số",
    "Tác động của cải cách hành chính",
)
_CRITERIA = 3
_UNITS = 34


def par_index(known: Known) -> Table:
    """The province's tree: points of each criterion, and their sums above them."""
    rng = known.random(9)
    lines: list[tuple[date, tuple[str, ...]]] = []
    for year in (known.world.arguments.year - 2, known.world.arguments.year - 1):
        rows = _tree(rng)
        total = rows.sum(axis=(0, 1))
        rank = str(int(rng.integers(1, _UNITS + 1)))
        lines.append(_line(year, ("0", "", "Tổng", "Chỉ số cải cách hành chính"), total, rank))
        for part, name in enumerate(_PARTS, start=1):
            lines.append(_line(year, (str(part), "0", "Lĩnh vực", name), rows[part - 1].sum(axis=0)))
            lines += [
                _line(
                    year,
                    (f"{part}.{i + 1}", str(part), "Tiêu chí", f"Tiêu chí {part}.{i + 1} (tên giả định)"),
                    rows[part - 1, i],
                )
                for i in range(_CRITERIA)
            ]
    header = (
        "Mã cơ quan", "Năm", "Mã tiêu chí", "Mã tiêu chí cấp trên", "Cấp", "Tên tiêu chí", "Điểm tối đa",
        "Điểm tự đánh giá", "Điểm thẩm định", "Điểm điều tra xã hội học", "Điểm đạt được", "Xếp hạng",
        "Số đơn vị xếp hạng",
    )  # fmt: skip
    return Table(header, lines)


def _tree(rng: np.random.Generator) -> np.ndarray:
    """Hundredths of points by part, criterion and (maximum, self-assessed, appraised, survey)."""
    most = apportion(10_000, rng.dirichlet(np.full(len(_PARTS) * _CRITERIA, 20.0)))
    survey = np.floor(most * 0.3 * rng.beta(8, 2, len(most)))
    own = np.floor(most * 0.7 * rng.beta(12, 1, len(most)))
    appraised = np.floor(own * rng.beta(14, 1, len(most)))
    return np.stack((most, own, appraised, survey), axis=1).reshape(len(_PARTS), _CRITERIA, 4)


def _line(
    year: int, node: tuple[str, ...], points: np.ndarray, rank: str = ""
) -> tuple[date, tuple[str, ...]]:
    achieved = points[2] + points[3]
    shown = (vietnamese(float(p) / 100, 2) for p in (*points, achieved))
    return date.min, (PROVINCE_CODE, str(year), *node, *shown, rank, str(_UNITS) if rank else "")
