"""What Dagster's event log says of a run: how its steps ended, what its checks answered, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import dagster as dg

from orchestration.operations.advice import with_advice
from orchestration.places import LOCAL_TIME
from orchestration.publishing.outcomes import StepOutcome

_ENDS = {
    dg.DagsterEventType.STEP_SUCCESS: "pass",
    dg.DagsterEventType.STEP_FAILURE: "errored",
    dg.DagsterEventType.STEP_SKIPPED: "skipped",
}
_MEASURES = ("rows", "bytes", "peak_memory_bytes")


@dataclass(frozen=True)
class CheckAnswer:
    """What one check of a run answered.

    Attributes:
        asset: key of the asset, its parts joined by `/`.
        outcome: pass, fail or errored.
        blocks: whether it stops the night when it does not pass.
        message: its words; empty when it has none.
    """

    step: str
    asset: str
    check: str
    outcome: str
    blocks: bool
    message: str

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.asset.rsplit('/', 1)[-1]}: {self.check}"


@dataclass(frozen=True)
class StepError:
    """Why a step broke off, where no check of it says so."""

    step: str
    message: str


def check_answers(events: Iterable[dg.DagsterEvent]) -> list[CheckAnswer]:
    """What every check answered, in the order of the events."""
    answers = []
    for event in events:
        if event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            continue
        said = event.asset_check_evaluation_data
        outcome = said.metadata.get("outcome")
        answers.append(
            CheckAnswer(
                step=event.step_key or "",
                asset=said.asset_key.to_user_string(),
                check=said.check_name,
                outcome=str(outcome.value) if outcome is not None else "pass" if said.passed else "fail",
                blocks=said.severity == dg.AssetCheckSeverity.ERROR,
                message=said.description or "",
            )
        )
    return answers


def step_errors(events: Iterable[dg.DagsterEvent]) -> list[StepError]:
    """Why steps broke off; a failed check that blocks stops its step too, but has words of its own."""
    errors = []
    for event in events:
        if event.event_type != dg.DagsterEventType.STEP_FAILURE:
            continue
        error = event.step_failure_data.error
        in_words = event.step_failure_data.user_failure_data
        if in_words is not None:
            errors.append(StepError(event.step_key or "", with_advice(str(in_words.description))))
        elif error is not None and error.cls_name != "DagsterAssetCheckFailedError":
            errors.append(StepError(event.step_key or "", with_advice(_last_cause(error))))
    return errors


def step_outcomes(entries: Sequence[dg.EventLogEntry]) -> list[StepOutcome]:
    """How the steps of a run ended so far, in the order of their start.

    Args:
        entries: of one run, as the event log has them.
    """
    steps: dict[str, StepOutcome] = {}
    for entry in entries:
        event, step = entry.dagster_event, entry.step_key
        if event is None or step is None:
            continue
        at = datetime.fromtimestamp(entry.timestamp, LOCAL_TIME)
        if event.event_type == dg.DagsterEventType.STEP_START:
            steps[step] = StepOutcome(step, at)
        elif event.event_type == dg.DagsterEventType.ASSET_OBSERVATION and step in steps:
            told = event.asset_observation_data.asset_observation.metadata
            measures = {
                m: int(str(told[m].value)) for m in _MEASURES if m in told and told[m].value is not None
            }
            steps[step] = replace(steps[step], **measures)  # type: ignore[arg-type]
        elif event.event_type in _ENDS:
            begun = steps.get(step, StepOutcome(step, at))
            took = Decimal(str((at - begun.started_at).total_seconds())).quantize(Decimal("0.001"))
            steps[step] = replace(begun, ended_at=at, outcome=_ENDS[event.event_type], seconds=took)
    events = [entry.dagster_event for entry in entries if entry.dagster_event is not None]
    return [_with_answers(step, check_answers(events)) for step in steps.values()]


def _with_answers(step: StepOutcome, answers: list[CheckAnswer]) -> StepOutcome:
    own = [answer for answer in answers if answer.step == step.step]
    blocked = any(answer.blocks and answer.outcome == "fail" for answer in own)
    counts = {f"checks_{word}": sum(a.outcome == o for a in own) for word, o in _ANSWERS.items()}
    outcome = "fail" if blocked and step.outcome != "running" else step.outcome
    return replace(step, outcome=outcome, **counts)  # type: ignore[arg-type]


_ANSWERS = {"passed": "pass", "failed": "fail", "errored": "errored"}


def _last_cause(error: object) -> str:
    cause = error
    while getattr(cause, "cause", None) is not None:
        cause = cause.cause  # type: ignore[attr-defined]
    return str(getattr(cause, "message", cause)).strip()
