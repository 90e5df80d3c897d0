"""Columns whose words came in an old Vietnamese encoding: found one by one and converted, never silently.

Works on `raw_rows`, one part and column at a time; how an encoding is told stands in `legacy_text`.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.landing.contracts import Contract
from orchestration.landing.legacy_text import Detection, convert, detect, encode_bytewise
from orchestration.landing.values import identifier

_JUDGED = 2_000  # distinct values of a column that are looked at


@dataclass(frozen=True)
class Converted:
    """A column of a part that was converted, and why."""

    part_no: int
    wire: str
    encoding: str
    reason: str


@dataclass(frozen=True)
class Undecided:
    """A column of a part whose text is in no encoding that can be told: its rows go to quarantine."""

    part_no: int
    wire: str
    reason: str


def convert_old_encodings(
    con: duckdb.DuckDBPyConnection, contract: Contract
) -> tuple[list[Converted], list[Undecided]]:
    """Bring the words of `raw_rows` to Unicode where they are not; return what was converted, what not.

    Args:
        con: holds the table raw_rows(part_no, row_number, <wire names>).
        contract: tells which columns hold words; codes, dates and numbers have no letters to convert.
    """
    converted, undecided = [], []
    judged: dict[tuple[str, ...], Detection] = {}
    for wire in _columns_beyond_ascii(con, contract):
        values = con.execute(
            f"""SELECT part_no, list(DISTINCT {identifier(wire)} ORDER BY {identifier(wire)})
                FROM raw_rows WHERE {beyond_ascii(identifier(wire))}
                GROUP BY part_no ORDER BY part_no"""
        ).fetchall()
        for part_no, texts in values:
            if all(_is_evidently_unicode(t) for t in texts):
                continue
            seen = tuple(texts[:_JUDGED])
            if seen not in judged:
                judged[seen] = detect(seen)
            found = judged[seen]
            if found.encoding == "ambiguous":
                undecided.append(
                    Undecided(part_no, wire, f"is in no encoding that can be told: {found.reason}")
                )
            elif found.encoding != "unicode":
                _replace(con, part_no, wire, {t: convert(t, found.encoding) for t in texts})
                converted.append(Converted(part_no, wire, found.encoding, found.reason))
    return converted, undecided


def _is_evidently_unicode(text: str) -> bool:
    """Whether a text holds a letter that no byte stands for, as ư or ệ: then no old encoding wrote it."""
    try:
        encode_bytewise(text)
    except UnicodeEncodeError:
        return True
    return False


def beyond_ascii(text: str) -> str:
    """SQL of whether a text holds a letter that not every encoding has in the same place."""
    return f"(length({text}) <> strlen({text}))"


def _columns_beyond_ascii(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    words = [c for c in contract.row_columns if c.type in ("text", "boolean") or c.codes]
    columns = {str(row[0]) for row in con.execute("DESCRIBE raw_rows").fetchall()}
    wires = [w for w in dict.fromkeys(w for c in words for w in c.wires) if w in columns]
    if not wires:
        return []
    there = ", ".join(f"coalesce(bool_or({beyond_ascii(identifier(w))}), false)" for w in wires)
    found = con.execute(f"SELECT {there} FROM raw_rows").fetchone()
    return [w for w, there in zip(wires, found or (), strict=False) if there]


def _replace(con: duckdb.DuckDBPyConnection, part_no: int, wire: str, texts: dict[str, str]) -> None:
    con.register("old_to_new", pa.table({"old": list(texts), "new": list(texts.values())}))
    con.execute(
        f"""UPDATE raw_rows SET {identifier(wire)} = t.new FROM old_to_new AS t
            WHERE part_no = {part_no} AND {identifier(wire)} = t.old"""
    )
    con.unregister("old_to_new")
