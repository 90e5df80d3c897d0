"""Judging: three answers in words that name the rows, merged over chunks as if judged whole."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from orchestration.expectations import Judgement, Verdict, judge, judge_rows
from orchestration.landed_frames import LandedFrames, landed_this_night
from orchestration.landing.deliveries import Delivery
from orchestration.suites import RowExpectation, Suite, contract_expectations, load_suite
from tests.unit.helpers import contract

# Great Expectations takes 8 s to load: one worker does all of it
pytestmark = pytest.mark.xdist_group("great_expectations")

PARAMETERS = {"agency_codes": ["H38.1", "H38.2"], "end_of_business_date": pd.Timestamp("2026-03-31 23:59:59")}
AGENCY = {
    "type": "expect_column_values_to_be_in_set",
    "kwargs": {"column": "agency_code", "value_set": "$agency_codes"},
}
NOT_EMPTY = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "paper_code"}}
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
WRONG = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "no_such_column"}}


def expectations(*said: dict[str, Any], blocks: bool = False) -> list[RowExpectation]:
    return [RowExpectation.model_validate({"why": "Because.", "blocks": blocks} | e) for e in said]


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Landed rows; what is not given is fine."""
    rows = len(next(iter(columns.values())))
    fine: dict[str, list[Any]] = {
        "paper_code": [f"G{n}" for n in range(rows)],
        "agency_code": ["H38.1"] * rows,
        "made_at": pd.to_datetime(["2026-03-30 08:00:00"] * rows).tolist(),
        "ended_at": [pd.NaT] * rows,
        "is_paid": [True] * rows,
        "file_name": ["papers/2026-03-31/a.csv"] * rows,
        "row_number": list(range(1, rows + 1)),
    }
    return pd.DataFrame(fine | columns)


def judged(rows: pd.DataFrame, *said: dict[str, Any], blocks: bool = False) -> Verdict:
    return Verdict(judge_rows(expectations(*said, blocks=blocks), [rows], PARAMETERS))


# --- the files ---


def test_a_suite_is_named_as_its_source(tmp_path: Path) -> None:
    (tmp_path / "papers.yml").write_text(yaml.safe_dump({"source": "letters"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"papers\.yml says source 'letters'"):
        load_suite(tmp_path, contract())


def test_without_a_file_a_suite_is_what_the_contract_says(tmp_path: Path) -> None:
    assert load_suite(tmp_path, contract()) == contract_expectations(contract())


@pytest.mark.parametrize(
    "content",
    [
        "rows: []",
        "source: papers\nrows: [{type: x, kwargs: {}}]",
        "source: papers\nrows: [{type: x, kwargs: {}, why: y, block: true}]",
        "source: papers\ncolumns: [{column: x, measure: how_many, kwargs: {}, why: y}]",
        "- papers",
    ],
    ids=["no source", "no why", "a misspelt word", "an unknown measure", "a list"],
)
def test_a_suite_that_does_not_say_what_it_must(tmp_path: Path, content: str) -> None:
    (tmp_path / "papers.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValidationError):
        load_suite(tmp_path, contract())


def test_what_follows_from_a_contract() -> None:
    columns: list[dict[str, Any]] = [
        {"name": "paper_code", "wire": "Ma", "type": "code", "pattern": "^G"},
        {
            "name": "kind",
            "wire": "Loai",
            "type": "code",
            "filled": True,
            "values": ["1", "2"],
            "varies": True,
        },
        {"name": "amount", "wire": "Tien", "type": "decimal", "minimum": 0, "maximum": 9.5},
    ]
    fees = {"name": "fees", "wire": "Phi", "columns": [{**columns[2], "name": "price", "maximum": None}]}
    suite = contract_expectations(contract(columns=columns, lists=[fees]))
    said = [
        (e.table, e.type.removeprefix("expect_column_values_to_"), e.kwargs, e.blocks) for e in suite.rows
    ]
    assert said == [
        ("papers", "not_be_null", {"column": "paper_code"}, True),
        ("papers", "match_regex", {"column": "paper_code", "regex": "^G"}, False),
        ("papers", "not_be_null", {"column": "kind"}, False),
        ("papers", "be_in_set", {"column": "kind", "value_set": ["1", "2"]}, False),
        ("papers", "be_between", {"column": "amount", "min_value": 0.0, "max_value": 9.5}, False),
        ("papers__fees", "be_between", {"column": "price", "min_value": 0.0, "max_value": None}, False),
    ]
    assert [(c.column, c.measure, c.kwargs) for c in suite.columns] == [
        ("kind", "distinct_values", {"min_value": 2})
    ]
    assert suite.rows[4].why == "Tien is less than 0 or more than 9.5: such a number is a slip."


def test_a_suite_needs_the_agencies_where_it_asks_for_their_codes() -> None:
    suite = Suite(source="papers", needs=("letters",), rows=tuple(expectations(AGENCY, NOT_EMPTY)))
    assert suite.needed_sources == {"letters", "agencies"}
    assert Suite(source="papers", rows=tuple(expectations(NOT_EMPTY))).needed_sources == set()
    assert Suite(source="agencies", rows=tuple(expectations(AGENCY))).needed_sources == set()


# --- the answers ---


def test_pass() -> None:
    verdict = judged(frame(agency_code=["H38.1", "H38.2"]), AGENCY, NOT_EMPTY, LATER, PAST, blocks=True)
    assert (verdict.outcome, verdict.blocks, verdict.messages) == ("pass", False, [])
    assert [j.unexpected for j in verdict.judgements] == [0] * 4
    assert [j.rows for j in verdict.judgements] == [2, 2, 0, 2], "nothing ended"
    assert verdict.not_judged == 1


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


def test_dates_and_truth_values_are_shown_as_they_are() -> None:
    made = pd.to_datetime(["2026-03-31 23:59:59", "2026-04-01 00:00:00"]).tolist()
    (judgement,) = judged(frame(made_at=made), PAST | {"shows": ["is_paid", "agency_code"]}).judgements
    assert judgement.examples == [
        'papers/2026-03-31/a.csv, row 2: made_at = "2026-04-01 00:00:00" and is_paid = true and '
        'agency_code = "H38.1"'
    ]


def test_pairs_of_columns_show_both_values() -> None:
    ended = [pd.NaT, pd.Timestamp("2026-03-29 07:00:00"), pd.Timestamp("2026-03-30 08:00:00")]
    (judgement,) = judged(frame(ended_at=ended), LATER).judgements
    assert (judgement.rows, judgement.unexpected) == (2, 1)
    assert judgement.examples == [
        'papers/2026-03-31/a.csv, row 2: ended_at = "2026-03-29 07:00:00" and made_at = "2026-03-30 08:00:00"'
    ]


def test_only_rows_that_meet_the_condition_are_judged() -> None:
    rows = frame(paper_code=["G1", None, None, "G4"], _when_0=[True, True, False, False])
    (judgement,) = judge_rows(
        expectations(NOT_EMPTY | {"when": "is_paid"}), [rows], PARAMETERS, conditions=["is_paid"]
    )
    assert (judgement.outcome, judgement.rows, judgement.unexpected) == ("fail", 2, 1)
    assert judgement.examples == ["papers/2026-03-31/a.csv, row 2: paper_code = empty"]
    rows["_when_0"] = False
    (judgement,) = judge_rows(
        expectations(NOT_EMPTY | {"when": "is_paid"}), [rows], PARAMETERS, conditions=["is_paid"]
    )
    assert (judgement.outcome, judgement.rows) == ("pass", 0)


def test_at_most_five_examples_but_every_row_is_counted() -> None:
    chunks = [frame(agency_code=["X1"] * 4), frame(agency_code=["X2"] * 40)]
    (judgement,) = judge_rows(expectations(AGENCY), chunks, PARAMETERS)
    assert judgement.unexpected == 44
    assert len(judgement.examples) == 5
    assert judgement.examples[4].endswith('row 1: agency_code = "X2"')


def test_several_expectations_of_one_type_on_one_column_are_judged_each() -> None:
    """Great Expectations' own way to add one would replace the other."""
    others = AGENCY | {"kwargs": {"column": "agency_code", "value_set": ["X1"]}}
    verdict = judged(frame(agency_code=["H38.1", "X1", "X2"]), AGENCY, others, AGENCY)
    assert [j.unexpected for j in verdict.judgements] == [2, 2, 2]
    assert [j.examples[0].split(": ")[1] for j in verdict.judgements] == [
        'agency_code = "X1"',
        'agency_code = "H38.1"',
        'agency_code = "X1"',
    ]


def test_a_column_that_is_not_there_is_errored_and_not_bad_data() -> None:
    verdict = judged(frame(agency_code=["H38.1", "X"]), WRONG, AGENCY)
    assert [j.outcome for j in verdict.judgements] == ["errored", "fail"]
    assert (verdict.outcome, verdict.blocks) == ("errored", True)
    assert verdict.judgements[0].unexpected == 0
    assert "Because. could not be judged: " in verdict.messages[0]
    assert "no_such_column" in verdict.messages[0]


def test_errored_in_one_chunk_stays_errored() -> None:
    whole = frame(agency_code=["X"])
    for chunks in ([whole, whole.drop(columns="agency_code"), whole], [whole.drop(columns="agency_code")]):
        (judgement,) = judge_rows(expectations(AGENCY), chunks, PARAMETERS)
        assert judgement.outcome == "errored"
        assert len(judgement.examples) == 1
        assert judgement.examples[0].startswith("could not be judged: ")


def test_chunks_without_rows_say_nothing() -> None:
    verdict = judged(frame(paper_code=["G1"]).head(0), NOT_EMPTY, blocks=True)
    assert (verdict.outcome, verdict.blocks, verdict.not_judged) == ("pass", False, 1)
    assert [j.outcome for j in judge_rows(expectations(NOT_EMPTY), [], PARAMETERS)] == ["pass"]


VALUES = st.fixed_dictionaries(
    {
        "paper_code": st.sampled_from(["G1", "G2", None]),
        "agency_code": st.sampled_from(["H38.1", "H99", None]),
        "made_at": st.sampled_from(
            [pd.Timestamp("2026-03-30 08:00:00"), pd.Timestamp("2026-04-02 08:00:00"), pd.NaT]
        ),
        "ended_at": st.sampled_from([pd.Timestamp("2026-03-31 08:00:00"), pd.NaT]),
        "_when_0": st.booleans(),
    }
)


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(VALUES, min_size=2, max_size=30), cuts=st.sets(st.integers(1, 29), max_size=3))
def test_judged_in_chunks_is_judged_whole(rows: list[dict[str, Any]], cuts: set[int]) -> None:
    said = expectations(NOT_EMPTY, AGENCY, PAST, LATER, NOT_EMPTY | {"when": "is_paid"})
    whole = frame(**{name: [row[name] for row in rows] for name in rows[0]})
    places = [0, *sorted(c for c in cuts if c < len(rows)), len(rows)]
    chunks = [whole.iloc[a:b] for a, b in pairwise(places)]

    def answers(judgements: list[Judgement]) -> list[tuple[object, ...]]:
        return [(j.outcome, j.rows, j.unexpected, j.examples) for j in judgements]

    in_chunks = judge_rows(said, chunks, PARAMETERS, ["is_paid"])
    assert answers(in_chunks) == answers(judge_rows(said, [whole], PARAMETERS, ["is_paid"]))


# --- what is judged: frames of the landed rows ---


def papers(rows: int, **values: str) -> duckdb.DuckDBPyConnection:
    """A delivery of so many papers; `values` is SQL over the row number `n`."""
    con = duckdb.connect(":memory:")
    sql = {c: f"CAST(NULL AS {t})" for c, t in contract().table_schema("papers").items()}
    sql |= {
        "paper_code": "'G' || n",
        "kind": "'provincial'",
        "row_number": "n",
        "file_name": "'papers/2026-03-31/a.csv'",
        "delivered_on": "DATE '2026-03-31'",
    }
    columns = ", ".join(f"{v} AS {c}" for c, v in (sql | values).items())
    con.execute(
        f"CREATE SCHEMA landed; CREATE TABLE landed.papers AS SELECT {columns} FROM range({rows}) r(n)"
    )
    return con


def test_frames_hold_only_what_is_asked_for_in_the_order_of_delivery() -> None:
    con = papers(5000, row_number="5000 - n", is_paid="n % 2 = 0")
    landed = LandedFrames(con, contract(), rows_per_frame=2048)
    frames = list(landed.rows("papers", ["paper_code"], ["is_paid", "amount > 0"]))
    assert [len(f) for f in frames] == [2048, 2048, 904]
    assert list(frames[0].columns) == ["file_name", "row_number", "paper_code", "_when_0", "_when_1"]
    together = pd.concat(frames)
    assert together["row_number"].tolist() == list(range(1, 5001))
    assert together["_when_0"].sum() == 2500
    assert not together["_when_1"].any(), "an unknown answer is no"


def test_what_is_unique_is_counted_over_all_chunks() -> None:
    con = papers(5000, paper_code="'G' || (n % 4999)")
    said = expectations(
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "rows_with_this_key", "max_value": 1},
            "shows": ["paper_code"],
        }
    )
    landed = LandedFrames(con, contract(), rows_per_frame=2048)
    (judgement,) = judge(Suite(source="papers", rows=tuple(said)), landed, PARAMETERS).judgements
    assert (judgement.rows, judgement.unexpected) == (5000, 2)
    assert judgement.examples == [
        'papers/2026-03-31/a.csv, row 0: rows_with_this_key = "2" and paper_code = "G0"',
        'papers/2026-03-31/a.csv, row 4999: rows_with_this_key = "2" and paper_code = "G0"',
    ]


def column_suite(**said: Any) -> Suite:
    return Suite.model_validate({"source": "papers", "columns": [{"why": "Because.", **said}]})


def test_a_whole_column_is_judged_once_over_all_rows() -> None:
    suite = column_suite(column="kind", measure="distinct_values", kwargs={"min_value": 2})
    verdict = judge(suite, LandedFrames(papers(100), contract()), PARAMETERS)
    assert verdict.messages == [
        "Because. papers/2026-03-31, all rows of papers: kind, distinct_values = 1, "
        'value "xxxxxxxxxx", 100 of 100 filled'
    ]
    few = judge(suite, LandedFrames(papers(99), contract()), PARAMETERS)
    assert (few.outcome, few.not_judged) == ("pass", 1)
    none = judge(suite, LandedFrames(papers(0), contract()), PARAMETERS)
    assert (none.outcome, none.not_judged) == ("pass", 1)


def test_the_share_of_a_value_is_that_among_the_filled_rows_that_meet_the_condition() -> None:
    suite = column_suite(
        column="kind",
        measure="share",
        value="communal",
        when="paper_code <> 'G0'",
        kwargs={"max_value": 0.5},
        at_least=3,
    )
    kind = "CASE WHEN n < 3 THEN 'communal' WHEN n = 3 THEN 'provincial' END"
    verdict = judge(suite, LandedFrames(papers(10, kind=kind), contract()), PARAMETERS)
    assert verdict.messages == [
        'Because. papers/2026-03-31, all rows of papers: kind, share = 66.7%, value "communal", 3 of 9 filled'
    ]


def test_sql_that_fails_is_errored_and_stops_the_night() -> None:
    rows = expectations(NOT_EMPTY | {"when": "no_such_column > 1"}, NOT_EMPTY)
    suite = column_suite(column="nor_this", measure="filled", kwargs={"min_value": 1}).model_copy(
        update={"rows": tuple(rows)}
    )
    verdict = judge(suite, LandedFrames(papers(3), contract()), PARAMETERS)
    assert [j.outcome for j in verdict.judgements] == ["errored"] * 3
    assert verdict.blocks
    assert "no_such_column" in verdict.messages[0]


def test_only_the_newest_delivery_landed_this_night(tmp_path: Path) -> None:
    def delivery(day: int, name: str) -> Delivery:
        return Delivery("papers", date(2026, 3, day), name, "sha", 1, tmp_path / name)

    old, new, other = delivery(30, "a.csv"), delivery(31, "a.csv"), delivery(31, "b.csv")
    assert landed_this_night([old, new, other]) == [new, other]
    assert landed_this_night([]) == []
