"""The data dictionary: as generated, whole, in both languages; and what the ymls promise of the marts."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
import yaml

from orchestration.dbt_runs import prepare_manifest
from orchestration.documents import worklist
from orchestration.documents.dictionary import WORDS, Word, Words, dictionary_files, read_words
from orchestration.marts import KEPT_BESIDE_RELEASES, KeptTable, Mart, announced, read_kept_tables, read_marts
from orchestration.publishing import ledger
from orchestration.publishing.columns import SHORTEST_WINDOW_DAYS
from tests.unit.helpers import ROOT
from tests.unit.releasing import APRIL
from tests.unit.test_ledger import DAYS, ask, night

MARTS = ROOT / "dbt_project" / "models" / "marts"


@pytest.fixture(scope="module")
def marts() -> list[Mart]:
    return read_marts(prepare_manifest())


@pytest.fixture(scope="module")
def kept() -> list[KeptTable]:
    return read_kept_tables()


@pytest.fixture(scope="module")
def tables(marts: list[Mart], kept: list[KeptTable]) -> list[Mart | KeptTable]:
    """All that the dictionary tells of."""
    return [*marts, *kept]


@cache
def released() -> dict[str, dict[str, Any]]:
    """Mart → its yml, of those that say `release`; read apart from dbt."""
    said = [
        model for path in MARTS.rglob("[!_]*.yml") for model in yaml.safe_load(path.read_text())["models"]
    ]
    return {m["name"]: m for m in said if m.get("config", {}).get("meta", {}).get("release")}


def macros_of(name: str, known: dict[str, Any]) -> Any:
    """The macros of a file of the project; what dbt would give them is `known`."""
    text = (ROOT / "dbt_project" / "macros" / f"{name}.sql").read_text(encoding="utf-8")
    return jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text).make_module(known)


# --- the marts ---


def test_every_released_mart_has_a_version_and_its_columns_in_order(marts: list[Mart]) -> None:
    assert {mart.name for mart in marts} == released().keys()
    for mart in marts:
        assert mart.version == 1, mart.name
        said = released()[mart.name]
        assert [c.name for c in mart.columns] == [c["name"] for c in said["columns"]], mart.name
        assert mart.is_file == bool(mart.key), mart.name
    assert {m.name for m in marts if not m.is_file} == {
        "rescored_results", "rescored_scorecards", "rescored_totals", "score_change_totals",
    }  # fmt: skip


def test_types_are_words_that_duckdb_and_spark_share(marts: list[Mart]) -> None:
    shared = r"string|boolean|integer|bigint|date|timestamp|decimal\(\d+, \d+\)"
    types = {column.data_type for mart in marts for column in mart.columns}
    assert [t for t in types if not re.fullmatch(shared, t)] == []
    duckdb.execute(f"SELECT {', '.join(f'CAST(NULL AS {t})' for t in types)}")


@pytest.mark.parametrize(
    ("custom", "version", "table"),
    [(None, None, "levers"), (None, 1, "levers"), (None, 2, "levers_v2"), ("other", 2, "other")],
)
def test_the_first_version_of_a_mart_keeps_the_plain_name(
    custom: str | None, version: int | None, table: str
) -> None:
    node = {"name": "levers", "version": version}
    assert macros_of("naming", {}).generate_alias_name(custom, node).strip() == table


def test_what_goes_stays_for_its_window(marts: list[Mart]) -> None:
    for mart in marts:
        for column in mart.columns:
            if column.deprecated:
                window = column.deprecated.until - column.deprecated.since
                assert window.days >= SHORTEST_WINDOW_DAYS, f"{mart.name}.{column.name}: {window.days} days"
                assert column.deprecated.instead.strip(), (
                    f"{mart.name}.{column.name}: nothing to read instead"
                )


def node(name: str, meta: dict[str, Any], *columns: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A model as dbt's manifest has it, as far as it is read."""
    return {
        "resource_type": "model", "name": name, "alias": name, "version": 1,
        "description": f"One row\n per {name}.", "config": {"meta": meta},
        "columns": {c["name"]: {"description": "", "config": {"meta": {}}} | c for c in columns},
    } | changes  # fmt: skip


def test_reading_marts_from_a_manifest(tmp_path: Path) -> None:
    goes = {"since": "2026-12-01", "until": "2027-03-31", "instead": "`b`"}
    whole = {"since": "2027-01-01", "until": "2027-06-30", "instead": "`new_2`"}
    nodes = {
        "1": node("not_released", {}),
        "2": node(
            "new",
            {"release": True, "key": ["a"], "title_vi": "Mới"},
            {"name": "a", "data_type": "date"},
            {"name": "old", "data_type": "bigint", "config": {"meta": {"deprecated": goes}}},
            alias="new_v2",
            version=2,
        ),
        "3": node(
            "leaving",
            {"release": "view", "title_vi": "Cũ", "deprecated": whole},
            {"name": "a", "data_type": "date", "description": "A\n day."},
            {"name": "old", "data_type": "bigint", "config": {"meta": {"deprecated": goes}}},
        ),
        "4": {"resource_type": "test", "name": "t"},
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}))
    leaving, new = read_marts(path)
    assert (leaving.name, leaving.is_file, leaving.key) == ("leaving", False, ())
    assert (new.name, new.version, new.is_file, new.key) == ("new_v2", 2, True, ("a",))
    assert (new.description, leaving.columns[0].description) == ("One row per new.", "A day.")
    assert announced(new) == {"old": "2027-03-31"}
    assert announced(leaving) == {"a": "2027-06-30", "old": "2027-03-31"}


def test_what_is_kept_beside_releases_has_the_columns_that_readers_see(
    tmp_path: Path, kept: list[KeptTable]
) -> None:
    night(tmp_path, DAYS[0], {("A", APRIL): 7})
    schemas = dict(
        ask(
            tmp_path,
            """SELECT view_name, schema_name FROM duckdb_views()
               WHERE view_name IN ('as_published', 'restatements', 'run_outcomes')""",
        )
    )
    assert [table.name for table in kept] == sorted(schemas)
    for table in kept:
        casts = ", ".join(f"CAST(NULL AS {c.data_type}) AS {c.name}" for c in table.columns)
        shown, said = (
            [row[:2] for row in ask(tmp_path, f"DESCRIBE {relation}")]
            for relation in (f"{schemas[table.name]}.{table.name}", f"SELECT {casts}")
        )
        assert shown == said, table.name


# --- the words ---


def test_every_column_has_its_vietnamese_name_and_every_word_its_column(
    tables: list[Mart | KeptTable],
) -> None:
    words = read_words()
    held = {table.name: {column.name for column in table.columns} for table in tables}
    listed = {(word.column, word.mart) for word in words.all()}
    nameless = [
        f"{mart}.{column}" for mart, columns in held.items() for column in columns
        if not {(column, mart), (column, "")} & listed
    ]  # fmt: skip
    assert nameless == [], f"add them to {WORDS.name}"
    common = {c for mart, columns in held.items() for c in columns if (c, mart) not in listed}
    unused = [
        (column, mart) for column, mart in listed
        if mart != "evidence" and column not in (held.get(mart, set()) if mart else common)
    ]  # fmt: skip
    assert unused == [], f"take them out of {WORDS.name}"


def test_the_list_is_in_order_and_each_row_is_said_once_and_in_vietnamese() -> None:
    with WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = [(row["column"], row["mart"]) for row in rows]
    assert named == sorted(set(named))
    for row in rows:
        assert row["label_vi"], row
        assert all(cell == cell.strip() for cell in row.values()), row
        assert not row["label_vi"].isascii(), f"{row['label_vi']}: no letter of Vietnamese"


def test_every_column_has_a_meaning_in_english(tables: list[Mart | KeptTable]) -> None:
    words = read_words()
    bare = [
        f"{table.name}.{column.name}" for table in tables for column in table.columns
        if not (column.description or words.of(column.name, table.name).meaning_en)
    ]  # fmt: skip
    assert bare == []


def test_a_column_has_its_own_word_in_a_mart_or_the_common_one() -> None:
    words = Words(Word(c, m, "", f"{c} {m}", "", "") for c, m in [("a", ""), ("a", "x"), ("b", "y")])
    assert words.of("a", "x").label_vi == "a x"
    assert words.of("a", "y", "x").label_vi == "a x"
    assert words.of("a", "y").label_vi == "a "
    with pytest.raises(KeyError):
        words.of("b", "x")
    assert (words.label("b", "x"), words.label("b", "y")) == ("b", "b y")


# --- the two files ---


def test_the_dictionaries_on_disk_are_what_is_generated(marts: list[Mart], kept: list[KeptTable]) -> None:
    for path, content in dictionary_files(marts, kept, read_words()).items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: run `make dictionary`"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_each_table_is_there_with_each_column_in_its_order(language: str) -> None:
    text = (ROOT / "docs" / f"dictionary.{language}.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    beside = yaml.safe_load(KEPT_BESIDE_RELEASES.read_text(encoding="utf-8"))["tables"]
    told = released() | {table["name"]: table for table in beside}
    assert sections.keys() == told.keys()
    for mart, said in told.items():
        columns = re.findall(r"^\| `(\w+)` \| (\S.*?) \|", sections[mart], re.MULTILINE)
        assert columns == [(c["name"], c["data_type"]) for c in said["columns"]], mart


def test_what_goes_is_shown_and_signs_of_tables_are_not_taken_for_such(tmp_path: Path) -> None:
    goes = {"since": "2026-12-01", "until": "2027-03-31", "instead": "`a`"}
    nodes = {
        "1": node(
            "m",
            {"release": True, "key": ["a"], "title_vi": "Bảng <m>"},
            {"name": "a", "data_type": "string", "description": "x | y"},
            {"name": "b", "data_type": "bigint", "config": {"meta": {"deprecated": goes}}},
        )
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}))
    words = Words([Word("a", "", "", "Chữ", "chữ <a>", ""), Word("b", "", "points", "Số", "", "A number.")])
    english, vietnamese = dictionary_files(read_marts(path), [], words).values()
    assert "| `a` | string |  | x \\| y |" in english
    assert "| points | A number. **There until 2027-03-31** (announced 2026-12-01); instead: `a` |" in english
    assert "One row per m.\n\nKey: `a`. Version 1.\n\n| column | type | unit | meaning |" in english
    assert (
        "Bảng &lt;m&gt;\n\nKhóa: `a`. Phiên bản 1.\n\n| cột | kiểu | tên | đơn vị | ý nghĩa |" in vietnamese
    )
    assert "| `a` | string | Chữ |  | chữ &lt;a&gt; |" in vietnamese
    assert (
        "| Số | điểm | **Còn đến hết ngày 31/03/2027** (thông báo ngày 01/12/2026); thay bằng: `a` |"
    ) in vietnamese


# --- who reads the marts ---


def exposures() -> dict[str, set[str]]:
    """Consumer → the marts that it reads."""
    said = yaml.safe_load((MARTS / "_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    return {e["name"]: {re.fullmatch(r"ref\('(\w+)'\)", ref)[1] for ref in e["depends_on"]} for e in said}  # type: ignore[index]


def test_consumers_read_what_is_released(marts: list[Mart]) -> None:
    names = {mart.name for mart in marts}
    assert {name: reads - names for name, reads in exposures().items() if reads - names} == {}
    said = yaml.safe_load((MARTS / "_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    for one in said:
        assert one["owner"]["name"], one["name"]
        assert one["maturity"] in ("high", "medium", "low"), one["name"]
        assert one["description"], one["name"]


def test_consumers_of_our_own_read_what_their_exposure_says(marts: list[Mart]) -> None:
    reads = exposures()
    assert reads["postgresql_copy"] == {mart.name for mart in marts if mart.is_file}
    assert reads["worklists"] == {*worklist._NEEDED, worklist._OVERDUE}
    assert reads["ledger"] == ledger._MARTS.keys()
