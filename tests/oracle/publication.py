"""Decisions that publish procedures, and indicators 1.1, 1.2 and 1.3."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.oracle.agencies import AgencyList
from tests.oracle.extracts import TABLE_TIMES, Row, as_code, as_day, is_filled, latest_rows
from tests.oracle.periods import Period
from tests.oracle.procedures import procedure_code_of
from tests.oracle.verdicts import Count, Verdict, count_of
from tests.oracle.working_time import working_days_after, working_days_before

PARTS = (
    "Tên TTHC",
    "Trình tự thực hiện",
    "Cách thức thực hiện",
    "Thành phần hồ sơ",
    "Số lượng hồ sơ",
    "Thời hạn giải quyết",
    "Đối tượng thực hiện",
    "Cơ quan thực hiện",
)
DAYS_BEFORE_FORCE, DAYS_TO_PUBLICISE = 5, 5


@dataclass(frozen=True)
class Decision:
    """What one decision says of one procedure."""

    number: str
    procedure: str
    agency: str | None
    issued: date
    basis_in_force: date | None
    is_repeal: bool
    public: date | None
    filled_parts: int

    def is_public_on(self, day: date) -> bool:
        """Whether the procedure was made public by a day."""
        return self.public is not None and self.public <= day

    def last_day_to_issue(self) -> date | None:
        """Five working days before the legal basis takes effect; nothing when it is not said when."""
        if self.basis_in_force is None:
            return None
        return working_days_before(self.basis_in_force, DAYS_BEFORE_FORCE)

    def last_day_to_publicise(self) -> date:
        """Five working days after it was issued."""
        return working_days_after(self.issued, DAYS_TO_PUBLICISE)


def as_decision(row: Row, issued: date, agencies: AgencyList) -> Decision:
    """One row of the table."""
    return Decision(
        number=as_code(row["Số quyết định"]),
        procedure=procedure_code_of(row["Mã TTHC"]),
        agency=agencies.code_of(as_code(row["Mã cơ quan tham mưu"])),
        issued=issued,
        basis_in_force=as_day(row["Ngày hiệu lực của văn bản quy phạm pháp luật"], *TABLE_TIMES),
        is_repeal=as_code(row["Loại công bố"]) == "BÃI BỎ",
        public=as_day(row["Ngày công khai trên CSDLQG"], *TABLE_TIMES),
        filled_parts=sum(is_filled(row[part]) for part in PARTS),
    )


def read_decisions(raw: Path, business_date: date, agencies: AgencyList) -> list[Decision]:
    """All decisions that say when they were issued, one for each procedure in them."""
    rows = latest_rows(raw, "publication_decisions", business_date, "Số quyết định", "Mã TTHC")
    dated = [(row, as_day(row["Ngày ban hành"], *TABLE_TIMES)) for row in rows]
    return [as_decision(row, issued, agencies) for row, issued in dated if issued is not None]


def by_procedure(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Decisions by the procedure they are about."""
    grouped: dict[str, list[Decision]] = {}
    for decision in decisions:
        grouped.setdefault(decision.procedure, []).append(decision)
    return grouped


def judge_issue(decision: Decision) -> tuple[bool, str]:
    """1.1: issued in time before the legal basis takes effect."""
    last_day = decision.last_day_to_issue()
    in_time = last_day is None or decision.issued <= last_day
    return in_time, f"{decision.number} issued on {decision.issued}, last day {last_day}"


def judge_update(decision: Decision, day: date) -> tuple[bool, str]:
    """1.2: made public by the day of judgement, and within the limit."""
    last_day = decision.last_day_to_publicise()
    in_time = decision.public is not None and decision.public <= min(day, last_day)
    return in_time, f"{decision.number} public on {decision.public}, last day {last_day}"


def all_of(procedure: str, judged: list[tuple[bool, str]]) -> Verdict:
    """A procedure counts once, and only when each of its decisions does."""
    return Verdict(procedure, all(good for good, _ in judged), "; ".join(said for _, said in judged))


def count_issue(decisions: list[Decision], period: Period, business_date: date) -> Count:
    """1.1: procedures of the decisions issued in the period."""
    issued = (d for d in decisions if period.start <= d.issued <= period.judged_on(business_date))
    return count_of(
        [
            all_of(procedure, [judge_issue(decision) for decision in theirs])
            for procedure, theirs in by_procedure(issued).items()
        ]
    )


def count_update(decisions: list[Decision], period: Period, business_date: date) -> Count:
    """1.2: procedures made public in the period, and those still to be made public at its end."""
    day = period.judged_on(business_date)
    asked = (d for d in decisions if d.issued <= day and (d.public is None or d.public >= period.start))
    return count_of(
        [
            all_of(procedure, [judge_update(decision, day) for decision in theirs])
            for procedure, theirs in by_procedure(asked).items()
        ]
    )


def count_contents(decisions: list[Decision], period: Period, business_date: date) -> Count:
    """1.3: public procedures that are not repealed, by the newest decision made public."""
    day = period.judged_on(business_date)
    verdicts = []
    for procedure, theirs in by_procedure(d for d in decisions if d.is_public_on(day)).items():
        newest = max(theirs, key=lambda decision: (decision.issued, decision.number))
        if not newest.is_repeal:
            said = f"{newest.number} of {newest.issued} with {newest.filled_parts} of {len(PARTS)} parts"
            verdicts.append(Verdict(procedure, newest.filled_parts == len(PARTS), said))
    return count_of(verdicts)


def count_publication(decisions: list[Decision], period: Period, business_date: date) -> dict[str, Count]:
    """The three indicators of one unit's decisions."""
    return {
        "1.1": count_issue(decisions, period, business_date),
        "1.2": count_update(decisions, period, business_date),
        "1.3": count_contents(decisions, period, business_date),
    }
