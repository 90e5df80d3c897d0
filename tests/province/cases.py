"""What a planted fault is, and the dossier that it is planted on: all that the extracts say about it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.province.wire import held_code
from tests.province.wire_files import Extracts, Row, dossiers_named

SOURCES = (
    "one_stop_dossiers", "national_dossiers", "processing_steps", "payments", "digitized_documents",
    "agencies", "procedures", "ministry_dossiers",
)  # fmt: skip
ONE_STOP, NATIONAL, STEPS, PAYMENTS, DOCUMENTS, AGENCIES, PROCEDURES, _ = SOURCES
BOTH_SIDES = (ONE_STOP, NATIONAL)
# No fault beside it: what it does to the pair, or to its code, other rules would see too.
ALONE: Collection[str] = ()
# so long before the business date the last thing happened, so that no finding waits for its hours to pass
_SETTLED = timedelta(days=5)


class CannotPlant(ValueError):
    """A fault that is not known, or that no dossier suits; the message says which."""


def when(text: str) -> datetime:
    """The time that stands on the wire."""
    return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007


def written(at: datetime) -> str:
    """A time as it stands on the wire."""
    return f"{at:%Y%m%d%H%M%S}"


def moved(text: str, **by: float) -> str:
    """A time on the wire, moved; empty stays empty."""
    return written(when(text) + timedelta(**by)) if text else ""


class Province:
    """The extracts of a written province, its dossiers as cases."""

    def __init__(self, raw: Path, faulty: set[str]) -> None:
        self.extracts = Extracts(raw, SOURCES)
        self.last_day = max(file.day for file in self.extracts.files[ONE_STOP])
        self.end = f"{self.last_day:%Y%m%d}235959"
        self.catalogue = {row["Mã TTHC"]: row for row in self.extracts.rows(PROCEDURES)}
        ministry = {row["MaHoSo"]: str(row["TrangThai"]) for row in self.extracts.rows("ministry_dossiers")}
        self.ministry_status = ministry  # dossiers of ministries that no dossier has been tied to
        cases = self._cases()
        self.codes = set(cases)
        tracked = dossiers_named(raw, "tracked_dossiers")
        # petitions and explanations rely on the dossiers they name
        others = faulty | dossiers_named(raw, "petitions") | dossiers_named(raw, "explanations")
        self.cases = [c for code, c in sorted(cases.items()) if code not in others and c.is_settled_pair]
        for case in self.cases:
            case.is_tracked = case.code in tracked

    def _cases(self) -> dict[str, Case]:
        cases: dict[str, Case] = {}

        def case_of(code: str) -> Case:
            return cases.setdefault(code, Case(self, code))

        for row in self.extracts.rows(ONE_STOP):
            case_of(row["MaHoSo"]).one_stop.append(row)
        for row in self.extracts.rows(NATIONAL):
            case_of(row["MaHoSo"]).national.append(row)
        for row in self.extracts.rows(STEPS):
            case, is_one_stop = case_of(row["MaHoSo"]), row.file.head["NguonDuLieu"] == "MC"
            (case.one_stop_steps if is_one_stop else case.national_steps).append(row)
        for row in self.extracts.rows(PAYMENTS):
            case_of(row["MaHoSo"]).payments.append(row)
        held = {held_code(code): case for code, case in cases.items()}
        for row in self.extracts.rows(DOCUMENTS):
            if row["Mã hồ sơ"] in held:
                held[row["Mã hồ sơ"]].held.append(row)
            else:
                case_of(row["Mã hồ sơ"]).documents.append(row)
        return cases

    def add_to_catalogue(self, source: str, like: Row, **changes: str) -> None:
        """Add a row to every delivery of a catalogue, once: like another one, with other cells."""
        key = next(iter(like))
        for file in self.extracts.files[source]:
            if all(row[key] != changes[key] for row in file.rows):
                file.add({**like, **changes})


@dataclass
class Case:
    """One dossier: its versions by delivery on both sides, and what hangs on it.

    Attributes:
        code: the code that a finding bears; a fault that changes it says so.
        held: results of its owner that the store held before.
        number: how many dossiers got the same fault before.
    """

    province: Province
    code: str
    one_stop: list[Row] = field(default_factory=list)
    national: list[Row] = field(default_factory=list)
    one_stop_steps: list[Row] = field(default_factory=list)
    national_steps: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    is_tracked: bool = False
    number: int = 0
    random: random.Random = field(default_factory=random.Random)

    @property
    def here(self) -> Row:
        """The one-stop system's copy."""
        return self.one_stop[-1]

    @property
    def there(self) -> Row:
        """The portal's copy."""
        return self.national[-1]

    @property
    def agency_code(self) -> str:
        return self.code.split("-")[0]

    @property
    def is_settled_pair(self) -> bool:
        """Both sides hold it, it was received, and nothing happened to it lately."""
        if not (self.one_stop and self.national and self.here["NgayTiepNhan"]):
            return False
        changed = self.here["NgayCapNhat"]
        return bool(changed) and when(self.province.end) - when(changed) > _SETTLED

    @property
    def is_over(self) -> bool:
        """It ended, and the date says so."""
        return self.here["TrangThaiHoSo"] in ("9", "10") and bool(self.here["NgayKetThucXuLy"])

    @property
    def is_in_progress(self) -> bool:
        return self.here["TrangThaiHoSo"] in ("2", "4", "5", "6") and not self.here["NgayKetThucXuLy"]

    def national_times(self, *states: str) -> list[str]:
        """Times of the portal's steps of some states, in their order."""
        return sorted(s["ThoiDiemXuLy"] for s in self.national_steps if s["TrangThai"] in states)

    def drop(self, rows: list[Row]) -> None:
        """Remove rows from their files."""
        for row in rows:
            row.file.drop(row)
        rows.clear()

    def new_code(self, agency_code: str, least: int = 10_000) -> str:
        """A code of the same day that no dossier bears, with a random number of five digits."""
        day = self.code.split("-")[1]
        while (code := f"{agency_code}-{day}-{self.random.randint(least, 99_999)}") in self.province.codes:
            pass
        self.province.codes.add(code)
        return code

    def recode(self, code: str, *, both_sides: bool) -> None:
        """Give the portal's copy another code, or the dossier wherever it stands."""
        rows = self.national + self.national_steps
        if both_sides:
            rows += self.one_stop + self.one_stop_steps + self.payments
            for row in self.documents:
                row["Mã hồ sơ"] = code
            self.code = code
        for row in rows:
            row["MaHoSo"] = code


Suits = Callable[[Case], bool]
Edit = Callable[[Case], tuple[str, ...] | None]


@dataclass(frozen=True)
class PlantedFault:
    """One fault that can be planted on a dossier.

    Attributes:
        findings: the rules that find it, on every dossier it is planted on.
        touches: what it changes or relies on; two faults that touch different things may sit on one dossier.
        changes: the sources whose files it edits.
        edit: edits the case, and may say which further rules then find it.
    """

    code: str
    findings: tuple[str, ...]
    touches: frozenset[str]
    changes: frozenset[str]
    suits: Suits
    edit: Edit


@dataclass(frozen=True)
class MassFault:
    """One fault across the dossiers of an agency; `edit` says of which agency, and which cases it used up."""

    code: str
    changes: frozenset[str]
    edit: Callable[[Province, set[str]], str]


FAULTS: dict[str, PlantedFault] = {}
MASS_FAULTS: dict[str, MassFault] = {}


def fault(
    code: str,
    *refined: str,
    touches: Collection[str],
    suits: Suits,
    changes: Collection[str] = (NATIONAL,),
    instead: tuple[str, ...] = (),
) -> Callable[[Edit], Edit]:
    """Register a fault that the rule of its name finds.

    Args:
        refined: other rules that find it too.
        instead: the rules that find it, where none has its name.
    """

    def register(edit: Edit) -> Edit:
        findings = instead or (*refined, code)
        FAULTS[code] = PlantedFault(code, findings, frozenset(touches), frozenset(changes), suits, edit)
        return edit

    return register


def mass_fault(
    code: str, changes: Collection[str]
) -> Callable[[Callable[[Province, set[str]], str]], Callable[[Province, set[str]], str]]:
    """Register a fault across many dossiers that the rule of its name finds."""

    def register(edit: Callable[[Province, set[str]], str]) -> Callable[[Province, set[str]], str]:
        MASS_FAULTS[code] = MassFault(code, frozenset(changes), edit)
        return edit

    return register
