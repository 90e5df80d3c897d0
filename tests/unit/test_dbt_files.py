"""The dbt project: generated files up to date, every model and seed said in words and tested."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
import sqlglot
import yaml

from orchestration.dbt_files import generated_files, registry_sql, sources_yaml, write_generated
from orchestration.landing.contracts import load_contracts
from orchestration.landing.visible import LINEAGE
from tests.unit.helpers import ROOT, SOURCES, message_contract

PROJECT = ROOT / "dbt_project"
MODELS = sorted(p for p in (PROJECT / "models").rglob("*") if p.suffix in (".sql", ".py"))
SEEDS = sorted((PROJECT / "seeds").rglob("*.csv"))
RULES = PROJECT / "models" / "marts" / "reconciliation" / "rules"


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def yml_of(path: Path) -> Path:
    """The yml beside a model or seed; a later version of a mart stands in the yml of the mart."""
    return path.with_name(re.sub(r"_v\d+$", "", path.stem) + ".yml")


def loaded(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


# --- generated files ---


def test_generated_files_on_disk_are_what_is_generated() -> None:
    files = generated_files(PROJECT, SOURCES)
    assert set(files) == {
        PROJECT / "macros/generated/registry.sql",
        PROJECT / "models/staging/_sources.yml",
        SOURCES / "contract.schema.json",
    }
    for path, content in files.items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: run `chiso generate`"


def registered() -> dict[str, list[str]]:
    """Macro → the names it returns, read from the file that dbt reads."""
    text = (PROJECT / "macros" / "generated" / "registry.sql").read_text(encoding="utf-8")
    found = re.findall(r"{% macro (\w+)\(\) %}{{ return\(\[(.*?)\]\) }}{% endmacro %}", text)
    return {macro: re.findall(r"'(\w+)'", names) for macro, names in found}


def test_the_registry_lists_exactly_the_files_there_are() -> None:
    marts = PROJECT / "models" / "marts"
    assert registered() == {
        "indicator_models": sorted(p.stem for p in MODELS if p.parent == marts / "indicators"),
        "dossier_rule_models": sorted(p.stem for p in MODELS if p.parent == RULES / "by_dossier"),
        "across_rule_models": sorted(p.stem for p in MODELS if p.parent == RULES / "across_dossiers"),
    }
    assert all(n.startswith("indicator_") for n in registered()["indicator_models"])
    rules = registered()["dossier_rule_models"] + registered()["across_rule_models"]
    assert all(n.startswith("rule_") for n in rules)
    assert sorted(rules) == sorted(p.stem for p in RULES.rglob("*.sql"))


def test_the_registry_of_a_small_project(tmp_path: Path) -> None:
    for name in ("indicators/indicator_b.sql", "indicators/indicator_a.sql", "indicators/note.yml"):
        path = tmp_path / "models" / "marts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("select 1")
    assert registry_sql(tmp_path).splitlines()[2:] == [
        "{% macro indicator_models() %}{{ return(['indicator_a', 'indicator_b']) }}{% endmacro %}",
        "",
        "{% macro dossier_rule_models() %}{{ return([]) }}{% endmacro %}",
        "",
        "{% macro across_rule_models() %}{{ return([]) }}{% endmacro %}",
    ]


def test_sources_name_every_landed_table_with_its_columns_and_asset() -> None:
    document = yaml.safe_load(sources_yaml({"papers": message_contract()}))
    landed, tonight, control = document["sources"]
    assert tonight["tables"] == [], "papers name no dossier"
    assert [t["name"] for t in landed["tables"]] == ["papers", "papers__fees"]
    assert [t["description"] for t in landed["tables"]] == [
        "Giấy tờ. One row per delivered row.",
        "Giấy tờ. One row per fees item of a delivered row.",
    ]
    assert [c["name"] for c in landed["tables"][1]["columns"]] == [
        "paper_code",
        "file_sha",
        "row_number",
        "position",
        "fee_code",
        "price",
        "has_receipt",
        "delivered_on",
        "file_name",
        "landed_row",
    ]
    assert {tuple(t["config"]["meta"]["dagster"]["asset_key"]) for t in landed["tables"]} == {
        ("landed", "papers")
    }
    assert [t["name"] for t in control["tables"]] == [
        "run",
        "changed_dossiers",
        "previous_findings",
        "previous_results",
        "previous_score_changes",
        "previous_dossier_facts",
        "deliveries",
        "files",
        "quarantined_rows",
    ]


def test_what_names_a_dossier_can_be_seen_of_tonights_dossiers_only() -> None:
    landed, tonight, _ = yaml.safe_load(sources_yaml(load_contracts(SOURCES)))["sources"]
    of_dossiers = [t["name"] for t in landed["tables"] if {"name": "dossier_code"} in t["columns"]]
    assert [t["name"] for t in tonight["tables"]] == of_dossiers
    assert {"one_stop_dossiers", "national_dossiers__fees", "processing_steps", "payments"} <= {*of_dossiers}


def test_writing_generated_files_changes_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "models" / "marts" / "indicators").mkdir(parents=True)
    assert len(write_generated(tmp_path, SOURCES)) == 2
    assert write_generated(tmp_path, SOURCES) == []
    (tmp_path / "models" / "marts" / "indicators" / "indicator_x.sql").write_text("select 1")
    assert [p.name for p in write_generated(tmp_path, SOURCES)] == ["registry.sql"]


# --- words and tests ---


@pytest.mark.parametrize("path", [*MODELS, *SEEDS], ids=name_of)
def test_every_model_and_seed_is_described_and_tested(path: Path) -> None:
    kind = "seeds" if path.suffix == ".csv" else "models"
    beside = yml_of(path)
    assert beside.exists(), f"{name_of(path)} has no {beside.name} beside it"
    (said,) = loaded(beside)[kind]
    assert said["name"] == beside.stem
    # an indicator says its number and name first
    assert re.match(r"(\d\.\d[ab]? .{10,200}?\. )?One row per ", said["description"]), beside.name
    tests = {test if isinstance(test, str) else next(iter(test)) for test in said.get("data_tests", [])}
    if RULES in path.parents:
        # a part of one statement: what it finds is keyed where it is kept (int_findings, sync_findings)
        assert not tests, beside.name
        cases = [unit["name"] for unit in loaded(beside).get("unit_tests", [])]
        assert f"{path.stem}__finds_its_own_and_nothing_else" in cases, beside.name
        return
    assert tests & {"primary_key", "never"}, f"{beside.name}: neither a primary_key nor a never test"


def test_every_yml_stands_beside_what_it_describes() -> None:
    for folder, suffixes in (("models", (".sql", ".py")), ("seeds", (".csv",))):
        for path in (PROJECT / folder).rglob("*.yml"):
            beside = [path.with_suffix(suffix) for suffix in suffixes]
            assert path.name.startswith("_") or any(p.exists() for p in beside), name_of(path)


def test_names_of_models_and_seeds_are_unique() -> None:
    names = [p.stem for p in [*MODELS, *SEEDS]]
    assert len(names) == len(set(names))


def test_a_released_mart_says_its_key() -> None:
    for path in MODELS:
        (said,) = loaded(yml_of(path))["models"]
        meta = said.get("config", {}).get("meta", {})
        assert meta.get("release") in (None, True, "view"), name_of(path)
        if meta.get("release") is True:
            assert path.is_relative_to(PROJECT / "models" / "marts")
            (keys,) = [t["primary_key"] for t in said["data_tests"] if "primary_key" in t]
            assert meta["key"] == keys["arguments"]["columns"], name_of(path)


# --- staging selects what lands ---


def macro_list(name: str) -> list[str]:
    """The column names that a macro of the project returns."""
    text = (PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8")
    listed = re.search(r"return\(\[(.*?)\]\)", text, re.DOTALL)
    assert listed is not None
    return re.findall(r"'(\w+)'", listed[1])


def selected(path: Path) -> Iterator[tuple[str, str]]:
    """Each landed table and column that a staging model reads."""

    def source(schema: str, table: str) -> str:
        return f"{schema}.{table}"

    def select(relation: str, _: object, columns: list[str]) -> str:
        return f"select {', '.join(columns)} from {relation}"

    def latest_version(
        relation: str, key: list[str], columns: list[str], over_versions: dict[str, str] | None = None
    ) -> str:
        return select(relation, None, [*key, *columns, *(over_versions or {}).values()])

    text = jinja2.Template(path.read_text(encoding="utf-8")).render(
        source=source,
        ref=lambda name: f"models.{name}",
        latest_version=latest_version,
        items_of_latest_version=select,
        staged_dossier_columns=lambda: macro_list("dossier_columns"),
        procedure_key=lambda column: column,
        config=lambda **_: "",
    )
    parsed = sqlglot.parse_one(text, read="duckdb")
    tables = [t.name for t in parsed.find_all(sqlglot.exp.Table) if t.db in ("landed", "tonight")]
    assert len(tables) == 1, f"{name_of(path)} reads {tables}"
    assert not list(parsed.find_all(sqlglot.exp.Star)), f"{name_of(path)} selects *"
    # of a seed, or of the landed columns selected in a CTE
    other = {
        t.alias for t in parsed.find_all(sqlglot.exp.Table) if t.alias and t.db not in ("landed", "tonight")
    }
    other |= {cte.alias for cte in parsed.find_all(sqlglot.exp.CTE)}
    for column in parsed.find_all(sqlglot.exp.Column):
        if column.table not in other:
            yield tables[0], column.name


@pytest.mark.parametrize("path", [p for p in MODELS if p.parent.name == "staging"], ids=lambda p: p.stem)
def test_a_staging_model_selects_columns_that_land(path: Path) -> None:
    schemas = {t: c.table_schema(t) for c in load_contracts(SOURCES).values() for t in c.tables}
    reads = set(selected(path))
    assert len(reads) >= 2
    for table, column in reads:
        assert column in {*schemas[table], *LINEAGE}, f"{table} has no column {column}"
