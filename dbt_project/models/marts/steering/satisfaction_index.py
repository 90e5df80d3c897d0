"""SIPAS from the counted answers, with the interval in which the share of all who might be asked lies."""

from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

import pyarrow as pa

# fewer sheets say little about an agency: what statistics takes for a small sample
FEW_SHEETS = 30
CONFIDENCE = 0.95
_SIX_PLACES = Decimal("0.000001")


def wilson(satisfied, answers):
    """The two ends of Wilson's interval for a share (E. B. Wilson, JASA 22, 1927), as decimals.

    Not scipy's, which a test compares it with: to import that takes longer than all else here.
    """
    z = Decimal(NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
    share, spread = Decimal(satisfied) / answers, z * z / answers
    middle = share + spread / 2
    reach = z * (share * (1 - share) / answers + spread / answers / 4).sqrt()
    return (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)


def _six_places(value):
    """A share as a decimal, half-up."""
    return value.quantize(_SIX_PLACES, ROUND_HALF_UP)


def model(dbt, session):
    """Every row of int_satisfaction_counts with index, interval (Wilson, 95 %), and a mark for few sheets."""
    dbt.config(materialized="table")
    counts = dbt.ref("int_satisfaction_counts").to_arrow_table()
    rows = counts.to_pylist()
    intervals = [wilson(row["satisfied"], row["answers"]) for row in rows]
    columns = {
        "satisfaction_index": [_six_places(Decimal(r["satisfied"]) / r["answers"]) for r in rows],
        "index_from": [_six_places(low) for low, _ in intervals],
        "index_to": [_six_places(high) for _, high in intervals],
    }
    for name, values in columns.items():
        counts = counts.append_column(name, pa.array(values, pa.decimal128(7, 6)))
    few = [row["sheets"] < FEW_SHEETS for row in rows]
    return counts.append_column("has_few_sheets", pa.array(few, pa.bool_()))
