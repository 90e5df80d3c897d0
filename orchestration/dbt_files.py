"""Generated files, so that nothing has to be listed twice.

* `raw/sources/contract.schema.json` is the JSON Schema of a source contract, for editors and other tools;
* `models/staging/_sources.yml` follows from the source contracts;
* `macros/generated/registry.sql` lists the indicator models and the reconciliation rules that exist.

They are committed, so that dbt also runs by hand; a test fails when they are not what this module writes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.visible import LINEAGE

_SOURCES = Path("models/staging/_sources.yml")
_REGISTRY = Path("macros/generated/registry.sql")
_HEADER = "Written by `chiso generate` from {origin}. Do not edit."

# What the run tells the models: tables of the schema `control`, filled by orchestration/build_database.py.
CONTROL_TABLES = {
    "run": "One row: the business date of the run, whether it works on all dossiers, else the last date.",
    "changed_dossiers": "One row per code of a dossier that something changed for; none in a run on all.",
    "previous_findings": "One row per finding of the newest release of an earlier business date.",
    "previous_results": "One row per result of that release, but days: indicator_results, with its date.",
    "previous_score_changes": "One row per change of a score in that release: score_changes.",
    "previous_dossier_facts": "One row per basis and dossier in that release: dossier_facts.",
    "deliveries": "One row per file that the run sees, with its source, business date and SHA-256.",
    "files": "One row per delivered file: its account, rows in = landed + quarantined.",
    "quarantined_rows": "One row per quarantined row or list item of a delivered file.",
}


def sources_yaml(contracts: dict[str, Contract]) -> str:
    """The dbt sources: every landed table with its columns, tied to the asset that lands it."""
    tables: list[dict[str, Any]] = []
    for contract in contracts.values():
        for table in contract.tables:
            nested = table.removeprefix(contract.source + "__") if table != contract.source else None
            grain = (
                f"One row per {nested} item of a delivered row." if nested else "One row per delivered row."
            )
            tables.append(
                {
                    "name": table,
                    "description": f"{contract.title_vi}. {grain}",
                    "config": {"meta": {"dagster": {"asset_key": ["landed", contract.source]}}},
                    "columns": [{"name": c} for c in [*contract.table_schema(table), *LINEAGE]],
                }
            )
    of_dossiers = [
        {**table, "columns": [], "description": table["description"] + " Of the dossiers worked on tonight."}
        for table in tables
        if {"name": "dossier_code"} in table["columns"]
    ]
    control = [
        {
            "name": name,
            "description": text,
            "config": {"meta": {"dagster": {"asset_key": ["build_database"]}}},
        }
        for name, text in CONTROL_TABLES.items()
    ]
    document = {
        "version": 2,
        "sources": [
            {"name": "landed", "schema": "landed", "tables": tables},
            {"name": "tonight", "schema": "tonight", "tables": of_dossiers},
            {"name": "control", "schema": "control", "tables": control},
        ],
    }
    header = "# " + _HEADER.format(origin="raw/sources/*.yml") + "\n"
    return header + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def contract_schema() -> str:
    """JSON Schema of a source contract, as `orchestration.landing.contracts` checks it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Contract.model_json_schema()
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def registry_sql(project: Path) -> str:
    """Macros that list the models of `marts/indicators` and of both folders of reconciliation rules."""
    parts = ["{#- " + _HEADER.format(origin="the files of models/marts") + " -#}"]
    for macro, folder in {
        "indicator_models": "models/marts/indicators",
        "dossier_rule_models": "models/marts/reconciliation/rules/by_dossier",
        "across_rule_models": "models/marts/reconciliation/rules/across_dossiers",
    }.items():
        names = ", ".join(f"'{p.stem}'" for p in sorted((project / folder).glob("*.sql")))
        parts.append(f"{{% macro {macro}() %}}{{{{ return([{names}]) }}}}{{% endmacro %}}")
    return "\n\n".join(parts) + "\n"


def generated_files(project: Path, sources: Path) -> dict[Path, str]:
    """Path → content of every generated file, of the dbt project and of the contracts."""
    return {
        project / _SOURCES: sources_yaml(load_contracts(sources)),
        project / _REGISTRY: registry_sql(project),
        sources / "contract.schema.json": contract_schema(),
    }


def write_generated(project: Path, sources: Path) -> list[Path]:
    """Bring the generated files up to date; return those that changed."""
    changed = []
    for path, content in generated_files(project, sources).items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            changed.append(path)
    return changed
