"""The link between dossiers of one owner is personal data: it may be landed and staged, never released."""

from __future__ import annotations

import re

from orchestration.landing.contracts import load_contracts
from orchestration.places import DBT_PROJECT
from tests.unit.helpers import SOURCES

CONTRACTS = load_contracts(SOURCES)
LINKS = {c.name for contract in CONTRACTS.values() for c in contract.row_columns if c.type == "link"}
_MACRO = re.compile(r"{%-?\s*macro\s+(\w+)(.*?){%-?\s*endmacro", re.DOTALL)
_INPUT = re.compile(r"""(?:ref|source)\(\s*(?:['"]\w+['"],\s*)?['"](\w+)['"]""")
_STAR = re.compile(r"(?:select|,|\.)\s*\*")


def names_a_link(text: str, links: set[str]) -> bool:
    return any(re.search(rf"\b{name}\b", text) for name in links)


def carriers(models: dict[str, str], macros: dict[str, str], landed: set[str], links: set[str]) -> set[str]:
    """Models that carry a link: by its name, by a macro that names it, or by a star over what carries it."""
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
    assert "owner_link" in LINKS
    paths = {path.stem: path for path in (DBT_PROJECT / "models").rglob("*.sql")}
    models = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    macros = dict(
        found
        for path in (DBT_PROJECT / "macros").rglob("*.sql")
        for found in _MACRO.findall(path.read_text(encoding="utf-8"))
    )
    landed = {s for s, c in CONTRACTS.items() if any(x.type == "link" for x in c.row_columns)}
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
    }
    macros = {"owner_columns": "() %}owner_link, dossier_code", "other": "() %}dossier_code"}
    assert carriers(models, macros, {"dossiers"}, {"owner_link"}) == {
        "named",
        "by_macro",
        "by_star",
        "by_star_again",
    }
