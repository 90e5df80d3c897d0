"""Great Expectations on landed rows: what the data say, judged in three answers.

Suites are the YAML files of `expectations/`, one per source, each expectation with the words why it
matters. Pure: no Dagster. Great Expectations is imported only when something is judged (it takes 8 s).
"""

from __future__ import annotations

import functools
import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from orchestration.landing.values import shown

Outcome = Literal["pass", "fail", "errored"]
_EXAMPLES = 5


class Expectation(BaseModel):
    """One expectation of a suite, in Great Expectations' own terms, with its weight and its reason."""

    model_config = ConfigDict(extra="forbid")
    type: str
    kwargs: dict[str, Any]
    blocks: bool = False
    why: str


class Suite(BaseModel):
    """All expectations on one landed source."""

    model_config = ConfigDict(extra="forbid")
    source: str
    expectations: list[Expectation]


@dataclass
class Judgement:
    """What became of one expectation over all rows seen."""

    expectation: Expectation
    outcome: Outcome = "pass"
    unexpected: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """Why it matters, how many rows, and the first ones by file, row, column and value."""
        where = "; ".join(self.examples)
        count = f"{self.unexpected} row(s). " if self.unexpected else ""
        return f"{self.expectation.why} {count}{where}".strip()


@dataclass
class Verdict:
    """The suite's answer: errored when something could not be judged, fail when something blocks."""

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


def load_suite(folder: Path, source: str) -> Suite:
    """The suite of a source.

    Raises:
        FileNotFoundError, pydantic.ValidationError: there is none, or it does not say what a suite must.
    """
    suite = Suite.model_validate(yaml.safe_load((folder / f"{source}.yml").read_text(encoding="utf-8")))
    if suite.source != source:
        raise ValueError(f"expectations/{source}.yml says source {suite.source!r}")
    return suite


def judge(suite: Suite, frames: Iterable[pd.DataFrame], parameters: dict[str, Any]) -> Verdict:
    """Validate frames of landed rows (each with file_name and row_number) against a suite.

    Args:
        suite: what to expect.
        frames: chunks of the same table; an expectation passes when it passes in each.
        parameters: what `$name` in the kwargs of an expectation stands for.
    """
    judgements = [Judgement(e) for e in suite.expectations]
    configured = [_with_parameters(e.kwargs, parameters) for e in suite.expectations]
    for frame in frames:
        if frame.empty:
            continue
        for judgement, result in zip(judgements, _validate(suite, configured, frame), strict=True):
            _merge(judgement, result)
    return Verdict(judgements)


def _with_parameters(kwargs: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        k: parameters[v[1:]] if isinstance(v, str) and v.startswith("$") else v for k, v in kwargs.items()
    }


@functools.cache
def _pandas_source() -> Any:
    """One ephemeral context for the life of the process: each makes temporary folders of its own."""
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("landed")


def _great_expectations() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations


def _validate(suite: Suite, kwargs: list[dict[str, Any]], frame: pd.DataFrame) -> list[dict[str, Any]]:
    asset = _pandas_source().add_dataframe_asset(f"{suite.source} {uuid.uuid4()}")
    batch = asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})
    gx = _great_expectations()
    gx_suite = gx.ExpectationSuite(name=suite.source)
    for number, (expectation, values) in enumerate(zip(suite.expectations, kwargs, strict=True)):
        gx_suite.add_expectation_configuration(
            gx.expectations.expectation_configuration.ExpectationConfiguration(
                type=expectation.type, kwargs=values, meta={"number": number}
            )
        )
    outcome = batch.validate(
        gx_suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["file_name", "row_number"],
            "partial_unexpected_count": _EXAMPLES,
        },
    )
    results: dict[int, dict[str, Any]] = {}
    for result in outcome.results:
        content = result.to_json_dict()
        results[content["expectation_config"]["meta"]["number"]] = content
    return [results[number] for number in range(len(suite.expectations))]


def _merge(judgement: Judgement, result: dict[str, Any]) -> None:
    raised = _raised(result.get("exception_info") or {})
    if raised is not None:
        # An exception inside an expectation comes back as success = False: that says nothing about the data.
        judgement.outcome = "errored"
        judgement.examples.append(f"could not be judged: {raised}")
        return
    if result["success"]:
        return
    if judgement.outcome == "pass":
        judgement.outcome = "fail"
    detail = result.get("result", {})
    judgement.unexpected += int(detail.get("unexpected_count") or 0)
    named = [v for k, v in judgement.expectation.kwargs.items() if k.startswith("column")]
    columns = [c for v in named for c in (v if isinstance(v, list) else [v])]
    for row in detail.get("unexpected_index_list") or []:
        if len(judgement.examples) >= _EXAMPLES:
            break
        values = " and ".join(f"{c} = {_text(row[c])}" for c in columns if c in row)
        judgement.examples.append(f"{row['file_name']}, row {row['row_number']}: {values}")


def _raised(info: dict[str, Any]) -> str | None:
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))[:300]
    return None


def _text(value: Any) -> str:
    return json.dumps(shown(str(value)), ensure_ascii=False) if value is not None else "empty"
