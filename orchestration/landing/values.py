"""From wire text to typed values, as SQL: one expression per column type.

A text that is there and yields no value could not be typed, and its row is quarantined. Empty text is "no
value", never zero. What a date or a number may look like is said by the contract, never guessed from a cell.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from orchestration.landing.contracts import Column, Contract
from orchestration.landing.link_key import LinkKey

ZONE = "Asia/Ho_Chi_Minh"
MANY = "##"  # joins several values in one cell (extract_formats §8)
_ISO = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_ISO_ZONE = _ISO + r"(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
# Years run from 1900 to 2199: 26 or 0026 is one with two digits. Some systems write the last for "never".
_NEVER = 9999
# Latin letters, Vietnamese ones among them, and common signs are in NFC beside any sign; the rest may not be.
_MAY_COMPOSE = r"[^\x00-\x{2ff}\x{1e00}-\x{1eff}\x{2010}-\x{2027}\x{20ab}\x{20ac}]"
TRUE_WORDS = ("1", "true", "có", "x")
FALSE_WORDS = ("0", "false", "không")

# Shapes that may stay readable in quarantine: numbers, dates, codes. Everything else becomes a shape.
_READABLE = re.compile(
    r"""^(
        [+-]?[\d.,]+\s?%?                        # a number
      | [\dT:/.\-+Z ]*\d[\dT:/.\-+Z ]*           # a date or time
      | (?=[^\s]*\d)[A-Z0-9]+([.\-_/][A-Z0-9]+)* # a code: capitals and digits, at least one digit
    )\Z""",
    re.VERBOSE | re.ASCII,
)
_READABLE_LENGTH = 40


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """A file as DuckDB's readers take it: they would match `a[1].json` to `a1.json`."""
    return files_literal(path, "")


def files_literal(folder: Path, pattern: str) -> str:
    """Files below a folder, by a pattern, as DuckDB's readers take them; the folder matches itself alone."""
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(folder)) + pattern)


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def wire_text(column: Column, available: set[str], prefix: str = "") -> str:
    """SQL of the column's raw text: the first of its wire names that holds one; trimmed, empty as NULL."""
    parts = [f"nullif({_trimmed(prefix + identifier(w))}, '')" for w in column.wires if w in available]
    if not parts:
        return "CAST(NULL AS VARCHAR)"
    text = f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]
    if column.part is not None:
        text = f"nullif(trim(split_part({text}, {literal(MANY)}, {column.part})), '')"
    if column.extract is not None:
        text = f"nullif(regexp_extract({text}, {literal(column.extract)}), '')"
    return text


def _trimmed(text: str) -> str:
    """SQL of a text without blanks, tabs and line ends around it; most have none and are left alone."""
    # a comparison of whole texts is the cheapest look at the first sign
    before = f"{text} < '!' OR starts_with({text}, '\u00a0') OR starts_with({text}, '\u3000')"
    after = f"{text}[-1] < '!' OR {text}[-1] IN ('\u00a0', '\u3000')"
    return f"CASE WHEN {before} OR {after} THEN trim({text}, ' \t\n\v\f\r\u00a0\u3000') ELSE {text} END"


def typed(column: Column, text: str, contract: Contract, link_key: LinkKey | None = None) -> str:
    """SQL of the typed value; NULL where `text` is NULL or cannot be typed."""
    lowered = f"lower(nfc_normalize({text}))"
    match column.type:
        case "presence":
            return f"({text} IS NOT NULL)"
        case "timestamp":
            return _timestamp(text, contract.date_formats)
        case "date":
            return f"CAST({_timestamp(text, contract.date_formats)} AS DATE)"
        case "decimal":
            return _decimal(column, text, contract.number_locale)
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
            return _composed(text)
        case "class":
            cases = " ".join(
                f"WHEN regexp_full_match({_composed(text)}, {literal(expression)}) THEN {literal(name)}"
                for name, expression in column.classes.items()
            )
            return f"CASE {cases} WHEN {text} IS NOT NULL THEN 'other' END"
        case "link":
            if link_key is None:
                raise ValueError(f"column {column.name}: a link needs a key")
            whole = f"upper(replace({text}, ' ', ''))"
            nobody = literal("|".join(f"(?:{p})" for p in column.placeholders))
            # a placeholder stands for many people: it must not make them one; "" stands for nobody
            return f"CASE WHEN NOT regexp_full_match({whole}, {nobody}) THEN {link_key.sql(whole)} END"


def _composed(text: str) -> str:
    """SQL of a text in NFC; composing costs five times as much as looking whether there is need to."""
    doubt = f"regexp_matches({text}, {literal(_MAY_COMPOSE)})"
    return f"CASE WHEN {doubt} THEN nfc_normalize({text}) ELSE {text} END"


def can_fail(column: Column) -> bool:
    """Whether a text can be there and yet yield no value of the column's type."""
    return column.type in ("timestamp", "date", "decimal", "boolean") or bool(column.codes)


def zone_unknown(texts: dict[str, str]) -> str:
    """SQL of the names, joined by commas, of the columns whose text is a time without zone; else NULL.

    Args:
        texts: name of a timestamp column → SQL of its raw text.
    """
    names = ", ".join(
        f"CASE WHEN {text}[11] = 'T' AND regexp_full_match({text}, {literal(_ISO)}) THEN {literal(name)} END"
        for name, text in texts.items()
    )
    return f"nullif(concat_ws(',', {names}), '')"


def _timestamp(text: str, formats: tuple[str, ...]) -> str:
    """Forms are told apart by their beginning and their length, so that each text is parsed once."""
    begins_with_year = f"(({text} >= '1900' AND {text} < '2200') OR starts_with({text}, '{_NEVER}'))"
    year_and_sign = f"{begins_with_year} AND {text}[5] IN ('-', '/')"
    tries = []
    year_first: list[str] = []
    day_first: list[str] = []
    for form in formats:
        match form:
            case "%Y%m%d%H%M%S" | "%Y%m%d":
                length = 14 if "%H" in form else 8
                parsed = f"try_strptime({text}, {literal(form)})"
                tries.append(f"CASE WHEN length({text}) = {length} AND {begins_with_year} THEN {parsed} END")
            case "iso":
                tries.append(
                    f"CASE WHEN {begins_with_year} AND regexp_full_match({text}, {literal(_ISO)}) "
                    f"THEN TRY_CAST({text} AS TIMESTAMP) END"
                )
            case "iso_zone":
                tries.append(
                    f"CASE WHEN {begins_with_year} AND regexp_full_match({text}, {literal(_ISO_ZONE)}) "
                    f"THEN TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE {literal(ZONE)} END"
                )
            case _:
                (year_first if form.startswith("%Y") else day_first).append(literal(form))
    if year_first:
        tries.append(f"CASE WHEN {year_and_sign} THEN try_strptime({text}, [{', '.join(year_first)}]) END")
    if day_first:
        tries.append(
            f"CASE WHEN regexp_matches({text}, '/((19|20|21)[0-9]{{2}}|{_NEVER})') "
            f"THEN try_strptime({text}, [{', '.join(day_first)}]) END"
        )
    return f"coalesce({', '.join(tries)})" if len(tries) > 1 else tries[0]


def _decimal(column: Column, text: str, locale: str) -> str:
    """A number with more digits after the point than the column keeps is no value: it is never rounded."""
    group, point = (r"\.", ",") if locale == "vi" else (",", r"\.")
    fraction = rf"({point}\d{{0,{column.scale}}}0*)?"
    plain = rf"[+-]?\d+{fraction}"
    grouped = rf"[+-]?\d{{1,3}}({group}\d{{3}})+{fraction}"
    bare = f"replace({text}, {literal(group[-1])}, '')"
    if locale == "vi":
        bare = f"replace({bare}, ',', '.')"
    number = literal(rf"({plain}|{grouped})(\s*%)?")
    return (
        f"CASE WHEN regexp_full_match({text}, {number}) "
        f"THEN TRY_CAST(rtrim({bare}, ' %') AS {column.duckdb_type}) END"
    )


def shown_sql(text: str) -> str:
    """SQL of what `shown` gives, for many values at once."""
    number = r"[+-]?[\d.,]+\s?%?"
    moment = r"[\dT:/.\-+Z ]*\d[\dT:/.\-+Z ]*"
    code = r"[A-Z0-9]+([.\-_/][A-Z0-9]+)*"
    readable = (
        f"length({text}) <= {_READABLE_LENGTH} "
        f"AND (regexp_full_match({text}, {literal(f'{number}|{moment}')}) "
        f"OR (regexp_full_match({text}, {literal(code)}) AND regexp_matches({text}, '[0-9]')))"
    )
    start = f"left({text}, {_READABLE_LENGTH})"
    shape = rf"regexp_replace(regexp_replace({start}, '[\p{{L}}\p{{M}}]', 'x', 'g'), '\p{{N}}', '9', 'g')"
    more = f"CASE WHEN length({text}) > {_READABLE_LENGTH} THEN '…' ELSE '' END"
    return f"CASE WHEN {readable} THEN {text} ELSE {shape} || {more} END"


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
