"""Suites of Great Expectations: all there, and judged in three answers with words that name the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from orchestration.expectations import Suite, Verdict, judge, load_suite
from orchestration.landing.contracts import load_contracts
from tests.unit.helpers import ROOT, SOURCES

EXPECTATIONS = ROOT / "expectations"
PARAMETERS = {"agency_codes": ["H38.1", "H38.2"], "end_of_business_date": pd.Timestamp("2026-03-31 23:59:59")}
AGENCY = {
    "type": "expect_column_values_to_be_in_set",
    "kwargs": {"column": "agency_code", "value_set": "$agency_codes"},
}
NOT_EMPTY = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "paper_code"}}
UNIQUE = {
    "type": "expect_compound_columns_to_be_unique",
    "kwargs": {"column_list": ["paper_code", "delivered_on"]},
}
LATER = {
    "type": "expect_column_pair_values_a_to_be_greater_than_b",
    "kwargs": {
        "column_A": "ended_at",
        "column_B": "made_at",
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    },
}
PAST = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "made_at", "max_value": "$end_of_business_date"},
}


def suite(*expectations: dict[str, Any], blocks: bool = False) -> Suite:
    return Suite.model_validate(
        {
            "source": "papers",
            "expectations": [{"why": "Because.", "blocks": blocks} | e for e in expectations],
        }
    )


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Landed rows; what is not given is fine."""
    rows = len(next(iter(columns.values())))
    fine: dict[str, list[Any]] = {
        "paper_code": [f"G{n}" for n in range(rows)],
        "agency_code": ["H38.1"] * rows,
        "made_at": pd.to_datetime(["2026-03-30 08:00:00"] * rows).tolist(),
        "ended_at": [pd.NaT] * rows,
        "delivered_on": pd.to_datetime(["2026-03-31"] * rows).tolist(),
        "file_name": ["papers/2026-03-31/a.csv"] * rows,
        "row_number": list(range(1, rows + 1)),
    }
    return pd.DataFrame(fine | columns)


def judged(rows: pd.DataFrame, *expectations: dict[str, Any], blocks: bool = False) -> Verdict:
    return judge(suite(*expectations, blocks=blocks), [rows], PARAMETERS)


# --- the files ---


def test_every_source_has_its_suite_and_every_suite_its_source() -> None:
    assert {p.stem for p in EXPECTATIONS.glob("*.yml")} == set(load_contracts(SOURCES))
    assert {p.suffix for p in EXPECTATIONS.iterdir()} == {".yml"}


@pytest.mark.parametrize("source", sorted(p.stem for p in EXPECTATIONS.glob("*.yml")))
def test_a_suite_says_why_and_names_columns_that_land(source: str) -> None:
    loaded = load_suite(EXPECTATIONS, source)
    columns = {*load_contracts(SOURCES)[source].table_schema(source), "delivered_on", "file_name"}
    assert loaded.expectations
    for expectation in loaded.expectations:
        assert expectation.why.endswith(".")
        assert len(expectation.why) > 20
        for name, value in expectation.kwargs.items():
            if name.startswith("column"):
                assert set(value if isinstance(value, list) else [value]) <= columns
            if isinstance(value, str) and value.startswith("$"):
                assert value[1:] in PARAMETERS


def landed_like(source: str) -> pd.DataFrame:
    """One row of a source as DuckDB hands it to pandas, every value empty but the lineage."""
    schema = load_contracts(SOURCES)[source].table_schema(source) | {"delivered_on": "DATE"}
    columns = ", ".join(
        f"CAST({1 if c == 'row_number' else 'NULL'} AS {t}) AS {c}" for c, t in schema.items()
    )
    return duckdb.connect(":memory:").execute(f"SELECT {columns}, 'a.csv' AS file_name").df()


@pytest.mark.parametrize("source", sorted(p.stem for p in EXPECTATIONS.glob("*.yml")))
def test_every_suite_can_be_judged(source: str) -> None:
    verdict = judge(load_suite(EXPECTATIONS, source), [landed_like(source)], PARAMETERS)
    assert "errored" not in [j.outcome for j in verdict.judgements], verdict.messages
    failed = {str(j.expectation.kwargs.get("column")) for j in verdict.judgements if j.outcome == "fail"}
    assert failed <= {"dossier_code", "petition_code", "payment_code", "document_code", "agency_code", "side"}


def test_a_suite_is_named_as_its_source(tmp_path: Path) -> None:
    content = {"source": "letters", "expectations": []}
    (tmp_path / "papers.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValueError, match=r"papers\.yml says source 'letters'"):
        load_suite(tmp_path, "papers")
    with pytest.raises(FileNotFoundError):
        load_suite(tmp_path, "letters")


@pytest.mark.parametrize(
    "content",
    [
        "source: papers",
        "source: papers\nexpectations: [{type: x, kwargs: {}}]",
        "source: papers\nexpectations: [{type: x, kwargs: {}, why: y, block: true}]",
        "- papers",
    ],
    ids=["no expectations", "no why", "a misspelt word", "a list"],
)
def test_a_suite_that_does_not_say_what_it_must(tmp_path: Path, content: str) -> None:
    (tmp_path / "papers.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValidationError):
        load_suite(tmp_path, "papers")


# --- the answers ---


def test_pass() -> None:
    verdict = judged(
        frame(agency_code=["H38.1", "H38.2"]), AGENCY, NOT_EMPTY, UNIQUE, LATER, PAST, blocks=True
    )
    assert (verdict.outcome, verdict.blocks, verdict.messages) == ("pass", False, [])
    assert [j.unexpected for j in verdict.judgements] == [0] * 5


def test_fail_names_file_row_column_and_value() -> None:
    verdict = judged(frame(agency_code=["H38.1", "H99.9", "Nguyễn Văn Mẫu"]), NOT_EMPTY, AGENCY)
    assert (verdict.outcome, verdict.blocks) == ("fail", False)
    assert [j.outcome for j in verdict.judgements] == ["pass", "fail"]
    assert verdict.judgements[1].unexpected == 2
    assert verdict.messages == [
        'Because. 2 row(s). papers/2026-03-31/a.csv, row 2: agency_code = "H99.9"; '
        'papers/2026-03-31/a.csv, row 3: agency_code = "xxxxxx xxx xxx"'
    ]


def test_fail_of_what_blocks_stops_the_night() -> None:
    verdict = judged(frame(paper_code=["G1", None]), NOT_EMPTY, blocks=True)
    assert (verdict.outcome, verdict.blocks) == ("fail", True)
    assert verdict.messages == ["Because. 1 row(s). papers/2026-03-31/a.csv, row 2: paper_code = empty"]


def test_dates_are_shown_as_they_are() -> None:
    made = pd.to_datetime(["2026-03-31 23:59:59", "2026-04-01 00:00:00"]).tolist()
    verdict = judged(frame(made_at=made), PAST)
    assert verdict.judgements[0].unexpected == 1
    assert (
        verdict.judgements[0].examples[0].startswith('papers/2026-03-31/a.csv, row 2: made_at = "2026-04-01')
    )


def test_pairs_of_columns_show_both_values() -> None:
    ended = [pd.NaT, pd.Timestamp("2026-03-29 07:00:00"), pd.Timestamp("2026-03-30 08:00:00")]
    verdict = judged(frame(ended_at=ended), LATER)
    assert verdict.judgements[0].unexpected == 1
    (example,) = verdict.judgements[0].examples
    assert example.startswith('papers/2026-03-31/a.csv, row 2: ended_at = "2026-03-29')
    assert ' and made_at = "2026-03-30' in example


def test_lists_of_columns_show_each_value() -> None:
    verdict = judged(frame(paper_code=["G1", "G2", "G1"]), UNIQUE)
    assert verdict.judgements[0].unexpected == 2
    assert [e.split(" and ")[0] for e in verdict.judgements[0].examples] == [
        'papers/2026-03-31/a.csv, row 1: paper_code = "G1"',
        'papers/2026-03-31/a.csv, row 3: paper_code = "G1"',
    ]
    assert all(' and delivered_on = "2026-03-31' in e for e in verdict.judgements[0].examples)


def test_at_most_five_examples_but_every_row_is_counted() -> None:
    verdict = judge(
        suite(AGENCY), [frame(agency_code=["X1"] * 4), frame(agency_code=["X2"] * 40)], PARAMETERS
    )
    assert verdict.judgements[0].unexpected == 44
    assert len(verdict.judgements[0].examples) == 5
    assert verdict.judgements[0].examples[4].endswith('agency_code = "X2"')


def test_a_column_that_is_not_there_is_errored_and_not_bad_data() -> None:
    wrong = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "no_such_column"}}
    verdict = judged(frame(agency_code=["H38.1", "X"]), wrong, AGENCY)
    assert [j.outcome for j in verdict.judgements] == ["errored", "fail"]
    assert (verdict.outcome, verdict.blocks) == ("errored", True)
    assert verdict.judgements[0].unexpected == 0
    assert "Because. could not be judged: " in verdict.messages[0]
    assert "no_such_column" in verdict.messages[0]


def test_errored_in_one_chunk_stays_errored() -> None:
    whole = frame(agency_code=["X"])
    verdict = judge(suite(AGENCY), [whole, whole.drop(columns="agency_code"), whole], PARAMETERS)
    assert verdict.outcome == "errored"


def test_chunks_without_rows_say_nothing() -> None:
    verdict = judge(suite(NOT_EMPTY, blocks=True), [frame(paper_code=["G1"]).head(0)], PARAMETERS)
    assert (verdict.outcome, verdict.blocks) == ("pass", False)
    assert judge(suite(NOT_EMPTY), [], PARAMETERS).outcome == "pass"
