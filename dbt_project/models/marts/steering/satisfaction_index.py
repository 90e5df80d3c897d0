"""SIPAS from the counted answers, with the interval in which the share of all who might be asked lies."""

from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
from scipy.stats import binomtest

# fewer sheets say little about an agency: what statistics takes for a small sample
FEW_SHEETS = 30
CONFIDENCE = 0.95
_SIX_PLACES = Decimal("0.000001")


def _six_places(value):
    """A share as a decimal, half-up."""
    return Decimal(value).quantize(_SIX_PLACES, ROUND_HALF_UP)


def model(dbt, session):
    """Every row of int_satisfaction_counts with index, interval (Wilson, 95 %), and a mark for few sheets."""
    dbt.config(materialized="table")
    counts = dbt.ref("int_satisfaction_counts").to_arrow_table()
    rows = counts.to_pylist()
    intervals = [
        binomtest(row["satisfied"], row["answers"]).proportion_ci(CONFIDENCE, method="wilson") for row in rows
    ]
    columns = {
        "satisfaction_index": [_six_places(Decimal(r["satisfied"]) / r["answers"]) for r in rows],
        "index_from": [_six_places(float(interval.low)) for interval in intervals],
        "index_to": [_six_places(float(interval.high)) for interval in intervals],
    }
    for name, values in columns.items():
        counts = counts.append_column(name, pa.array(values, pa.decimal128(7, 6)))
    few = [row["sheets"] < FEW_SHEETS for row in rows]
    return counts.append_column("has_few_sheets", pa.array(few, pa.bool_()))
