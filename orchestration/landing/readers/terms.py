"""Typed values of a file as text in the terms of the contract, so that one rule types what any form holds."""

from __future__ import annotations

from orchestration.landing.contracts import Contract
from orchestration.landing.values import literal

_WRITTEN = {"iso": "%Y-%m-%dT%H:%M:%S", "iso_zone": "%Y-%m-%dT%H:%M:%S+07:00"}


def date_text(timestamp: str, contract: Contract) -> str:
    """SQL: a local timestamp in the first form of the contract that says all of it.

    ISO forms come last: they say something of the zone, and alone can say a part of a second; without them it
    is cut off, never rounded into the next day. Where no form says all, `YYYY-MM-DD HH:MM:SS`.
    """
    whole = f"date_trunc('second', {timestamp})"
    cases = ""
    if "iso_zone" in contract.date_formats:
        cases = f" WHEN {timestamp} <> {whole} THEN strftime({timestamp}, '%Y-%m-%dT%H:%M:%S.%f+07:00')"
    for form in sorted(contract.date_formats, key=lambda f: f in _WRITTEN):
        shown = f"strftime({whole}, {literal(_WRITTEN.get(form, form))})"
        if "%S" in form or form in _WRITTEN:
            return f"CASE {cases} ELSE {shown} END" if cases else shown
        unsaid = f"second({whole}) = 0" if "%M" in form else f"{whole} = date_trunc('day', {whole})"
        cases += f" WHEN {unsaid} THEN {shown}"
    return f"CASE {cases} ELSE strftime({whole}, '%Y-%m-%d %H:%M:%S') END"


def number_text(number: str, comma: bool) -> str:
    """SQL: a number without needless digits, its point a comma if so told.

    Args:
        number: SQL of the number as DuckDB writes it.
        comma: whether the contract has decimal commas.
    """
    bare = f"CASE WHEN contains({number}, '.') THEN rtrim(rtrim({number}, '0'), '.') ELSE {number} END"
    return f"replace({bare}, '.', ',')" if comma else bare
