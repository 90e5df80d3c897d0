"""The link between dossiers of one owner is personal data: it may be landed and staged, never released."""

from __future__ import annotations

import re

from orchestration.landing.contracts import load_contracts
from orchestration.places import DBT_PROJECT
from tests.unit.helpers import SOURCES

CONTRACTS = load_contracts(SOURCES)
LINKS = {
    c.name
    for contract in CONTRACTS.values()
    for columns in contract.tables.values()
    for c in columns
    if c.type == "link"
}
_MACRO = re.compile(r"{%-?\s*macro\s+(\w+)(.*?){%-?\s*endmacro", re.DOTALL)
_INPUT = re.compile(r"""(?:ref|source)\(\s*(?:['"]\w+['"],\s*)?['"](\w+)['"]""")
_STAR = re.compile(r"(?:select|,|\.)\s*\*")


def names_a_link(text: str, links: set[str]) -> bool:
    return any(re.search(rf"\b{name}\b", text) for name in links)


def shown(text: str) -> str:
    """Where its columns come from: the last select when that names them all, else the whole statement."""
    last = text.rpartition("\n)\n")[2]
    return text if _STAR.search(last) else last


def carriers(models: dict[str, str], macros: dict[str, str], landed: set[str], links: set[str]) -> set[str]:
    """Models that carry a link: by its name, by a macro that names it, or by a star over what carries it."""
    models = {name: shown(text) for name, text in models.items()}
    naming = {name for name, body in macros.items() if names_a_link(body, links)}
    found = {m for m, text in models.items() if names_a_link(text, links | naming)}
    while True:
        more = {
            m
            for m, text in models.items()
            if m not in found and _STAR.search(text) and (found | landed) & set(_INPUT.findall(text))
        }
        if not more:
            return found
        found |= more


def test_no_mart_carries_a_link() -> None:
    assert {"owner_link", "file_link"} == LINKS
    paths = {path.stem: path for path in (DBT_PROJECT / "models").rglob("*.sql")}
    models = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    macros = dict(
        found
        for path in (DBT_PROJECT / "macros").rglob("*.sql")
        for found in _MACRO.findall(path.read_text(encoding="utf-8"))
    )
    landed = {
        table
        for contract in CONTRACTS.values()
        for table, columns in contract.tables.items()
        if any(c.type == "link" for c in columns)
    }
    in_marts = {name for name, path in paths.items() if "marts" in path.parts}
    assert in_marts
    assert not carriers(models, macros, landed, LINKS) & in_marts


def test_the_ways_a_link_travels() -> None:
    models = {
        "named": "select owner_link from {{ source('landed', 'dossiers') }}",
        "by_macro": "select {{ owner_columns() }} from {{ source('landed', 'dossiers') }}",
        "by_star": "select * from {{ ref('named') }}",
        "by_star_again": "select\n    a.*\nfrom {{ ref('by_star') }} as a",
        "counts_only": "select count(*) as rows from {{ ref('named') }}",
        "picks": "select dossier_code from {{ ref('by_star') }}",
        "star_of_another": "select * from {{ ref('picks') }}",
        "joins": "with a as (\n    select owner_link from b\n)\nselect dossier_code from a",
        "joins_and_shows": "with a as (\n    select owner_link from b\n)\nselect * from a",
    }
    macros = {"owner_columns": "() %}owner_link, dossier_code", "other": "() %}dossier_code"}
    assert carriers(models, macros, {"dossiers"}, {"owner_link"}) == {
        "named",
        "by_macro",
        "by_star",
        "by_star_again",
        "joins_and_shows",
    }
