"""Charts of the marts as Superset asks for them, each with SQL that gets the same from Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A chart of one mart.

    Attributes:
        query: columns, metrics, filters and order, as a query context of Superset names them.
        sql: the same over `{files}`; columns are called and ordered as in the chart, dates are milliseconds
            since 1970, as Superset's answers have them.
    """

    title: str
    mart: str
    query: dict[str, Any]
    sql: str

    def context(self, dataset: int) -> dict[str, Any]:
        """What the browser sends to `/api/v1/chart/data`; never `force`, so that a cache would show."""
        return {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [{**self.query, "row_limit": 50_000}],
            "result_format": "json",
            "result_type": "full",
        }

    def rows(self, release: Path) -> Rows:
        """What the chart must show of a release."""
        # a large mart is a folder of files
        pattern = f"{self.mart}/*.parquet" if (release / self.mart).is_dir() else f"{self.mart}.parquet"
        with duckdb.connect() as con:
            asked = con.execute(self.sql.format(files=f"read_parquet('{release}/{pattern}')"))
            names = [column[0] for column in asked.description or []]
            return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


def _metric(sql: str, label: str) -> dict[str, str]:
    return {"expressionType": "SQL", "sqlExpression": sql, "label": label}


def _filter(column: str, operator: str, value: str | list[str]) -> dict[str, Any]:
    return {"col": column, "op": operator, "val": value}


CHARTS = (
    Chart(
        "Tổng điểm và xếp loại, theo năm",
        "scorecard_totals",
        {
            "columns": [
                "ruleset",
                "period_start",
                "agency_code",
                "points",
                "grade",
                "rank_in_level",
                "provisional",
            ],
            "filters": [
                _filter("basis", "==", "national"),
                _filter("period_type", "==", "year"),
                _filter("grade", "IN", ["Xuất sắc", "Tốt", "Khá", "Trung bình", "Yếu"]),
            ],
            "orderby": [["ruleset", True], ["period_start", True], ["agency_code", True]],
        },
        """SELECT ruleset, epoch_ms(period_start) AS period_start, agency_code, points, grade, rank_in_level,
                  provisional
           FROM {files}
           WHERE basis = 'national' AND period_type = 'year'
             AND grade IN ('Xuất sắc', 'Tốt', 'Khá', 'Trung bình', 'Yếu')
           ORDER BY ruleset, period_start, agency_code""",
    ),
    Chart(
        "Tử số và mẫu số của từng chỉ số, theo tháng",
        "indicator_results",
        {
            "columns": ["indicator_code"],
            "metrics": [_metric("SUM(numerator)", "Tử số"), _metric("SUM(denominator)", "Mẫu số")],
            "filters": [_filter("basis", "==", "one_stop"), _filter("period_type", "==", "month")],
            "orderby": [["indicator_code", True]],
        },
        """SELECT indicator_code, sum(numerator) AS "Tử số", sum(denominator) AS "Mẫu số"
           FROM {files}
           WHERE basis = 'one_stop' AND period_type = 'month'
           GROUP BY indicator_code
           ORDER BY indicator_code""",
    ),
    Chart(
        "Cơ quan của tỉnh",
        "dim_agency",
        {
            "columns": ["agency_code", "agency_name", "agency_level"],
            "filters": [_filter("agency_name", "LIKE", "%tỉnh An Giang%")],
            "orderby": [["agency_code", True], ["agency_name", True]],
        },
        """SELECT agency_code, agency_name, agency_level
           FROM {files}
           WHERE agency_name LIKE '%tỉnh An Giang%'
           ORDER BY agency_code, agency_name""",
    ),
    Chart(
        "Hồ sơ quá hạn, theo nguyên nhân và việc phải làm",
        "overdue_explanations",
        {
            "columns": ["cause_vi", "remedy_vi"],
            "metrics": [_metric("COUNT(*)", "Số hồ sơ")],
            "filters": [],
            "orderby": [["cause_vi", True], ["remedy_vi", True]],
        },
        """SELECT cause_vi, remedy_vi, count(*) AS "Số hồ sơ"
           FROM {files}
           GROUP BY cause_vi, remedy_vi
           ORDER BY cause_vi, remedy_vi""",
    ),
)
