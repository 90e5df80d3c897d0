"""Great Expectations on what landed: suites judged in three answers (pass, fail, errored).

Rows are judged in chunks and the results merged; measures of whole columns are judged once. Pure: no
Dagster. Great Expectations is imported only when something is judged (it takes 8 s).
"""

from __future__ import annotations

import functools
import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb
import pandas as pd

from orchestration.landed_frames import ColumnMeasure, LandedFrames, condition_column
from orchestration.landing.values import shown
from orchestration.suites import ColumnExpectation, RowExpectation, Suite

Outcome = Literal["pass", "fail", "errored"]
Expectation = RowExpectation | ColumnExpectation
_EXAMPLES = 5


@dataclass
class Judgement:
    """What became of one expectation over all rows seen.

    Attributes:
        rows: how many rows it could look at; with none it passes, and says nothing.
        unexpected: how many of them are not as expected.
        examples: the first of them in words, or why it could not be judged.
    """

    expectation: Expectation
    outcome: Outcome = "pass"
    rows: int = 0
    unexpected: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """Why it matters, how many rows, and the first ones by file, row, column and value."""
        count = f"{self.unexpected} row(s). " if isinstance(self.expectation, RowExpectation) else ""
        where = "; ".join(self.examples)
        return f"{self.expectation.why} {count if self.unexpected else ''}{where}".strip()


@dataclass
class Verdict:
    """The suite's answer: errored when something could not be judged, fail when something failed."""

    judgements: list[Judgement]

    @property
    def outcome(self) -> Outcome:
        if any(j.outcome == "errored" for j in self.judgements):
            return "errored"
        return "fail" if any(j.outcome == "fail" for j in self.judgements) else "pass"

    @property
    def blocks(self) -> bool:
        """Whether the night must stop: an errored check, or a failed one that blocks."""
        return any(
            j.outcome == "errored" or (j.outcome == "fail" and j.expectation.blocks) for j in self.judgements
        )

    @property
    def messages(self) -> list[str]:
        """One message per expectation that did not pass."""
        return [j.message for j in self.judgements if j.outcome != "pass"]

    @property
    def not_judged(self) -> int:
        """How many expectations passed only because there were no rows for them."""
        return sum(j.outcome == "pass" and j.rows == 0 for j in self.judgements)


def judge(suite: Suite, landed: LandedFrames, parameters: Mapping[str, Any]) -> Verdict:
    """Judge what landed of a source.

    Args:
        suite: what to expect.
        landed: the rows.
        parameters: what `$name` in the kwargs of an expectation stands for.
    """
    judgements = [
        judgement
        for table, expectations in suite.tables().items()
        for judgement in _judge_table(table, expectations, landed, parameters)
    ]
    return Verdict(
        [*judgements, *(_judge_column(suite.source, e, landed, parameters) for e in suite.columns)]
    )


def judge_rows(
    expectations: Sequence[RowExpectation],
    frames: Iterable[pd.DataFrame],
    parameters: Mapping[str, Any],
    conditions: Sequence[str] = (),
) -> list[Judgement]:
    """Judge chunks of one table, each row with file_name and row_number; results are merged.

    Args:
        expectations: what to expect of the rows.
        frames: the chunks; column `_when_<n>` says whether a row meets `conditions[n]`.
        parameters: what `$name` in the kwargs of an expectation stands for.
        conditions: the conditions `when` that the frames have an answer to.
    """
    judgements = [Judgement(e) for e in expectations]
    questions = [
        _Question(
            e.type,
            _with_parameters(e.kwargs, parameters),
            condition_column(conditions.index(e.when)) if e.when is not None else None,
        )
        for e in expectations
    ]
    for frame in frames:
        if frame.empty:
            continue
        frame = frame.reset_index(drop=True)
        for judgement, result in zip(judgements, _validate(questions, frame), strict=True):
            _merge(judgement, result, frame)
    return judgements


def _judge_table(
    table: str, expectations: list[RowExpectation], landed: LandedFrames, parameters: Mapping[str, Any]
) -> list[Judgement]:
    columns = [c for e in expectations for c in e.columns]
    conditions = list(dict.fromkeys(e.when for e in expectations if e.when is not None))
    try:
        return judge_rows(expectations, landed.rows(table, columns, conditions), parameters, conditions)
    except duckdb.Error as error:
        return [Judgement(e, "errored", examples=[_could_not(error)]) for e in expectations]


def _judge_column(
    source: str, expectation: ColumnExpectation, landed: LandedFrames, parameters: Mapping[str, Any]
) -> Judgement:
    judgement = Judgement(expectation)
    wanted = ColumnMeasure(
        expectation.table or source, expectation.column, expectation.value, expectation.when
    )
    try:
        measures = landed.measures([wanted])
    except duckdb.Error as error:
        return Judgement(expectation, "errored", examples=[_could_not(error)])
    measured = measures.iloc[0]
    if measured["filled"] < expectation.at_least:
        return judgement
    kwargs = {"column": expectation.measure, **_with_parameters(expectation.kwargs, parameters)}
    (result,) = _validate([_Question(expectation.type, kwargs, None)], measures)
    _merge(judgement, result, measures)
    judgement.rows = int(measured["rows"])
    return judgement


def _with_parameters(kwargs: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: parameters[v[1:]] if isinstance(v, str) and v.startswith("$") else v for k, v in kwargs.items()
    }


# --- Great Expectations ---


@dataclass(frozen=True)
class _Question:
    """One expectation as Great Expectations is asked it; of the rows where `condition` is true."""

    type: str
    kwargs: dict[str, Any]
    condition: str | None


@functools.cache
def _context() -> Any:
    """One ephemeral context for the life of the process: each makes temporary folders of its own."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _great_expectations() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations


def _validate(questions: Sequence[_Question], frame: pd.DataFrame) -> list[dict[str, Any]]:
    gx, context = _great_expectations(), _context()
    from great_expectations.expectations.row_conditions import Column

    name = str(uuid.uuid4())
    suite = gx.ExpectationSuite(name=name)
    for number, question in enumerate(questions):
        only = {} if question.condition is None else {"row_condition": Column(question.condition) == True}  # noqa: E712
        configuration = gx.expectations.expectation_configuration.ExpectationConfiguration(
            type=question.type, kwargs=question.kwargs | only, meta={"number": number}
        )
        # add_expectation_configuration would replace another one of the same type on the same column
        suite.expectations.append(configuration.to_domain_obj())
    # a source of its own for each frame: a source keeps every frame it was ever given
    source = context.data_sources.add_pandas(name)
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
    # only the places of the first rows: GX takes 10 s to name the file and row of 200 thousand bad ones
    outcome = batch.get_batch({"dataframe": frame}).validate(
        suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": _EXAMPLES}
    )
    context.data_sources.delete(name)
    results: dict[int, dict[str, Any]] = {}
    for result in outcome.results:
        content = result.to_json_dict()
        results[content["expectation_config"]["meta"]["number"]] = content
    return [results[number] for number in range(len(questions))]


def _merge(judgement: Judgement, result: dict[str, Any], frame: pd.DataFrame) -> None:
    raised = _raised(result.get("exception_info") or {})
    if raised is not None:
        # An exception inside an expectation comes back as success = False: that says nothing about the data.
        if judgement.outcome != "errored":
            judgement.outcome, judgement.examples = "errored", []
        if len(judgement.examples) < _EXAMPLES:
            judgement.examples.append(_could_not(raised))
        return
    detail = result.get("result", {})
    judgement.rows += int(detail.get("element_count") or 0) - int(detail.get("missing_count") or 0)
    judgement.unexpected += int(detail.get("unexpected_count") or 0)
    if result["success"] or judgement.outcome == "errored":
        return
    judgement.outcome = "fail"
    places = (detail.get("partial_unexpected_index_list") or [])[: _EXAMPLES - len(judgement.examples)]
    judgement.examples += [_example(judgement.expectation, frame.loc[place]) for place in places]


def _raised(info: dict[str, Any]) -> str | None:
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None


# --- words ---


def _could_not(error: object) -> str:
    return f"could not be judged: {str(error)[:300]}"


def _example(expectation: Expectation, row: Any) -> str:
    if isinstance(expectation, RowExpectation):
        values = " and ".join(f"{c} = {_text(row[c])}" for c in expectation.columns)
        return f"{row['file_name']}, row {row['row_number']}: {values}"
    measured = row[expectation.measure]
    number = f"{measured:.1%}" if expectation.measure.endswith("share") else str(measured)
    # the value of a share is a word of the suite, the most frequent one may be anything
    value = expectation.value if expectation.measure == "share" else row["most_common"]
    return (
        f"{row['place']}, all rows of {row['table']}: {row['column']}, {expectation.measure} = {number}, "
        f"value {json.dumps(value) if expectation.measure == 'share' else _text(value)}, "
        f"{row['filled']} of {row['rows']} filled"
    )


def _text(value: Any) -> str:
    if pd.isna(value):
        return "empty"
    text = str(value)
    return text.lower() if text.lower() in ("true", "false") else json.dumps(shown(text), ensure_ascii=False)
