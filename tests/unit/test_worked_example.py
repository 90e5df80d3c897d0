"""The worked example of CONTRIBUTING.md does what it says: its blocks become files, and one file lands."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from orchestration.dbt_files import sources_yaml
from orchestration.landing.contracts import load_contracts
from orchestration.suites import load_suite
from tests.unit.helpers import ROOT, SOURCES, Landed, land, land_files, quarantined
from tests.unit.test_dbt_files import selected

SOURCE = "reception_counters"
MODEL = "dbt_project/models/staging/stg_one_stop__counters"


def blocks() -> dict[str, str]:
    """Path → content of every block of the section that follows a line `path`:"""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("\n## Add a source\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^`([^`]+)`:\n\n```\w+\n(.*?)^```$", section, re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the contracts with the example's files among them, and its delivery as drop zone."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(SOURCES, folder / "raw" / "sources")
    for name, content in blocks().items():
        path = folder / name.replace("raw/sample/", "raw/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def landed(project: Path) -> Landed:
    return land(project, load_contracts(project / "raw" / "sources")[SOURCE])


def test_the_example_has_all_its_files() -> None:
    assert list(blocks()) == [
        f"raw/sources/{SOURCE}.yml",
        f"{MODEL}.sql",
        f"{MODEL}.yml",
        f"expectations/{SOURCE}.yml",
        f"raw/sample/{SOURCE}/2026-09-30/quay.csv",
    ]


def test_the_delivery_lands_as_the_example_says(landed: Landed) -> None:
    assert landed.numbers("quay.csv") == (3, 2, 1)
    assert quarantined(landed.account("quay.csv")) == [(3, "Ngày", "31/09/2026")]
    columns = "agency_code, counter_code, served_on, opening, people, waiting_minutes"
    assert landed.rows(columns, SOURCE) == [
        ("H01.03", "Q1", date(2026, 9, 29), "whole_day", 1204, Decimal("12.50")),
        ("H01.03", "Q2", date(2026, 9, 29), "morning", 87, None),
    ]


def test_the_corrected_delivery_lands_whole(project: Path, tmp_path: Path) -> None:
    wrong = blocks()[f"raw/sample/{SOURCE}/2026-09-30/quay.csv"]
    contract = load_contracts(project / "raw" / "sources")[SOURCE]
    landed = land_files(tmp_path, contract, quay_csv=wrong.replace("31/09/2026", "30/09/2026"))
    assert landed.numbers("quay.csv") == (3, 3, 0)


def test_the_person_at_the_counter_is_nowhere(landed: Landed) -> None:
    files = [p for p in landed.store.root.rglob("*") if p.is_file()]
    assert files
    assert not any("Giả Định".encode() in p.read_bytes() for p in files)


def test_the_suite_adds_to_what_follows_from_the_contract(project: Path) -> None:
    contract = load_contracts(project / "raw" / "sources")[SOURCE]
    suite = load_suite(project / "expectations", contract)
    written = yaml.safe_load(blocks()[f"expectations/{SOURCE}.yml"])["rows"]
    assert [e.kwargs for e in suite.rows[-2:]] == [e["kwargs"] for e in written]
    assert {c for e in suite.rows for c in e.columns} <= set(contract.table_schema(SOURCE))
    assert len(suite.rows) > len(written)


def test_the_staging_model_selects_what_lands_and_is_described(project: Path) -> None:
    contracts = load_contracts(project / "raw" / "sources")
    schema = contracts[SOURCE].table_schema(SOURCE)
    assert set(selected(project / f"{MODEL}.sql")) == {
        (SOURCE, column) for column in schema if column not in ("file_sha", "row_number")
    }
    (model,) = yaml.safe_load((project / f"{MODEL}.yml").read_text(encoding="utf-8"))["models"]
    (test,) = model["data_tests"]
    assert test["primary_key"]["arguments"]["columns"] == list(contracts[SOURCE].key)
    tables = yaml.safe_load(sources_yaml(contracts))["sources"][0]["tables"]
    assert SOURCE in [t["name"] for t in tables]
