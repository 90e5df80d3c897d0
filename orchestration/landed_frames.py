"""What landed this night, as pandas frames: rows in chunks of bounded memory, and measures of whole columns.

Reads the views `landed.*` of a DuckDB connection; who made them decided which deliveries they show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery
from orchestration.landing.values import identifier

# GX needs several times the memory of a frame, and larger frames are no faster.
ROWS_PER_FRAME = 100_000
_ROWS_PER_VECTOR = 2048
LINEAGE = ("file_name", "row_number")
# how many rows of the delivery have the key of this one: what is unique must be counted over all chunks
ROWS_WITH_THIS_KEY = "rows_with_this_key"


def condition_column(number: int) -> str:
    """Name of the column that says whether a row meets the n-th condition."""
    return f"_when_{number}"


@dataclass(frozen=True)
class ColumnMeasure:
    """Which column to measure: over the rows that meet `when`; `share` is that of `value`."""

    table: str
    column: str
    value: str | bool | None
    when: str | None


def landed_this_night(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Those of the newest date: the same for every run of a date, whatever ran or did not run before."""
    newest = max((d.delivered_on for d in deliveries), default=None)
    return [d for d in deliveries if d.delivered_on == newest]


class LandedFrames:
    """Frames of the tables of one source.

    Args:
        con: connection with the views `landed.*`.
        contract: the source.
        computed: table → column added to it → SQL over its row `r`; the source's own table always has
            `rows_with_this_key`.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        computed: Mapping[str, Mapping[str, str]] | None = None,
        rows_per_frame: int = ROWS_PER_FRAME,
    ) -> None:
        self._con = con
        self._contract = contract
        self._computed = {table: dict(columns) for table, columns in (computed or {}).items()}
        same_key = " AND ".join(f"d.{identifier(k)} = r.{identifier(k)}" for k in contract.key)
        self._computed.setdefault(contract.source, {})[ROWS_WITH_THIS_KEY] = (
            f"SELECT count(*) FROM landed.{identifier(contract.source)} AS d WHERE {same_key}"
        )
        self._vectors = max(1, rows_per_frame // _ROWS_PER_VECTOR)

    def rows(self, table: str, columns: Sequence[str], conditions: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Rows in the order of delivery: file, row, the named columns, and one truth value per condition."""
        wanted = dict.fromkeys([*LINEAGE, *columns])
        selected = [f"r.{identifier(c)}" for c in wanted]
        selected += [
            f"coalesce(({condition}), false) AS {condition_column(i)}"
            for i, condition in enumerate(conditions)
        ]
        order = "file_name, row_number" + (", position" if table != self._contract.source else "")
        rows = self._con.execute(
            f"SELECT {', '.join(selected)} FROM {self._relation(table, [*wanted, *conditions])} AS r "
            f"ORDER BY {order}"
        )
        while not (frame := rows.fetch_df_chunk(self._vectors)).empty:
            yield frame

    def measures(self, wanted: Sequence[ColumnMeasure]) -> pd.DataFrame:
        """One row per wanted column, over every row that landed.

        Columns: place, table, column, value, rows, filled, filled_share, distinct_values, most_common,
        most_common_share, share.
        """
        return pd.DataFrame([self._measure(w) for w in wanted])

    def _measure(self, wanted: ColumnMeasure) -> dict[str, object]:
        relation = self._relation(wanted.table, [wanted.column, wanted.when or ""])
        found = self._con.execute(
            f"""
            WITH counted AS (
                SELECT {identifier(wanted.column)} AS v, count(*) AS n, max(delivered_on) AS delivered_on
                FROM {relation} AS r WHERE {wanted.when or "true"} GROUP BY v
            )
            SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE v IS NOT NULL), 0), count(v),
                   max(n) FILTER (WHERE v IS NOT NULL), coalesce(sum(n) FILTER (WHERE v = $1), 0),
                   (SELECT CAST(v AS VARCHAR) FROM counted WHERE v IS NOT NULL ORDER BY n DESC, v LIMIT 1),
                   max(delivered_on)
            FROM counted
            """,
            [wanted.value],
        ).fetchone()
        assert found is not None
        rows, filled, distinct, most, of_value, most_common, delivered_on = found
        return {
            "place": f"{self._contract.source}/{delivered_on}",
            "table": wanted.table,
            "column": wanted.column,
            "value": wanted.value,
            "rows": int(rows),
            "filled": int(filled),
            "filled_share": filled / rows if rows else None,
            "distinct_values": int(distinct),
            "most_common": most_common,
            "most_common_share": most / filled if filled else None,
            "share": of_value / filled if filled else None,
        }

    def _relation(self, table: str, mentioned: Sequence[str]) -> str:
        """The table, with those computed columns that something mentions: others would cost for nothing."""
        view = f"landed.{identifier(table)}"
        words = set(re.findall(r"\w+", " ".join(mentioned)))
        added = [
            f"({sql}) AS {identifier(name)}"
            for name, sql in self._computed.get(table, {}).items()
            if name in words
        ]
        return f"(SELECT r.*, {', '.join(added)} FROM {view} AS r)" if added else view
