"""From wire text to typed values, as SQL: one expression per column type.

Each column yields two expressions over the text `v` of a wire value: the typed value, and whether the
text could be typed. Empty text is "no value", never zero.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from orchestration.landing.contracts import DUCKDB_TYPES, Column

TRUE_WORDS = ("1", "true", "có", "x")
FALSE_WORDS = ("0", "false", "không")

# Shapes that may stay readable in quarantine: numbers, dates, codes. Everything else becomes a shape.
_READABLE = re.compile(
    r"""^(
        [+-]?[\d.,]+\s?%?                        # a number
      | [\dT:/.\-+Z ]*\d[\dT:/.\-+Z ]*           # a date or time
      | (?=[^\s]*\d)[A-Z0-9]+([.\-_/][A-Z0-9]+)* # a code: capitals and digits, at least one digit
    )\Z""",
    re.VERBOSE,
)
_READABLE_LENGTH = 40


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """A file as DuckDB's readers take it: they would match `a[1].json` to `a1.json`."""
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(path)))


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def wire_text(column: Column, available: set[str], prefix: str = "") -> str:
    """SQL of the column's raw text: the first of its wire names that holds one; trimmed, empty as NULL."""
    parts = [f"nullif(trim({prefix}{identifier(w)}), '')" for w in column.wires if w in available]
    if not parts:
        return "CAST(NULL AS VARCHAR)"
    text = f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]
    if column.extract is not None:
        text = f"nullif(regexp_extract({text}, {literal(column.extract)}), '')"
    return text


def typed(column: Column, text: str, timestamp_formats: tuple[str, ...]) -> str:
    """SQL of the typed value; NULL where `text` is NULL or cannot be typed."""
    formats = "[" + ", ".join(literal(f) for f in timestamp_formats) + "]"
    lowered = f"lower(nfc_normalize({text}))"
    match column.type:
        case "presence":
            return f"({text} IS NOT NULL)"
        case "timestamp":
            return f"try_strptime({text}, {formats})"
        case "date":
            return f"CAST(try_strptime({text}, {formats}) AS DATE)"
        case "decimal":
            return f"TRY_CAST({text} AS {DUCKDB_TYPES['decimal']})"
        case "boolean":
            yes = ", ".join(literal(w) for w in TRUE_WORDS)
            no = ", ".join(literal(w) for w in FALSE_WORDS)
            return f"CASE WHEN {lowered} IN ({yes}) THEN true WHEN {lowered} IN ({no}) THEN false END"
        case "code":
            upper = f"upper(nfc_normalize({text}))"
            if not column.codes:
                return upper
            cases = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in column.codes.items())
            return f"CASE {upper} {cases} END"
        case "text":
            return f"nfc_normalize({text})"


def shown(value: str | None) -> str | None:
    """A value as it may stand in quarantine and in messages.

    Numbers, dates and codes stay readable; anything else becomes its shape (letters → x, digits → 9),
    because a wrong column may carry a person's name (names.md, personal data).
    """
    if value is None:
        return None
    if len(value) <= _READABLE_LENGTH and _READABLE.match(value):
        return value
    # a letter may come as letter and accent: both are "letter" here
    signs = {"L": "x", "M": "x", "N": "9"}
    shape = "".join(signs.get(unicodedata.category(c)[0], c) for c in value[:_READABLE_LENGTH])
    return shape + ("…" if len(value) > _READABLE_LENGTH else "")
