"""All figures of the oracle: numerator, denominator and points of every indicator, period and agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.oracle.agencies import AgencyList, read_agencies
from tests.oracle.dossiers import Dossier, read_dossiers
from tests.oracle.periods import Period, periods_begun
from tests.oracle.petitions import Petition, judge_petition, read_petitions
from tests.oracle.progress import judge_progress
from tests.oracle.rule_data import point_rules, rule_set_at
from tests.oracle.verdicts import Verdict

BASES = ("one_stop", "national")
INDICATORS = ("1.4", "2.1", "3.3", "3.6", "4.1", "4.3", "5.2", "5.4")


@dataclass(frozen=True, order=True)
class FigureKey:
    """What one figure is about."""

    basis: str
    period_type: str
    period_start: date
    period_end: date
    agency_code: str
    indicator_code: str


@dataclass(frozen=True)
class Figure:
    """One figure, and the verdicts it rests on: one for each member of the denominator."""

    numerator: int
    denominator: int
    points: Decimal | None
    verdicts: list[Verdict]


@dataclass(frozen=True)
class Province:
    """Everything the extracts say on the business date."""

    business_date: date
    agencies: AgencyList
    dossiers: dict[str, list[Dossier]]
    petitions: list[Petition]


def read_province(raw: Path, business_date: date) -> Province:
    """Read the extracts dated up to the business date."""
    agencies = read_agencies(raw, business_date)
    return Province(
        business_date,
        agencies,
        {basis: read_dossiers(raw, basis, business_date, agencies) for basis in BASES},
        read_petitions(raw, business_date, agencies),
    )


def judge_sync(dossier: Dossier, national_codes: set[str]) -> Verdict:
    """1.4: the dossier exists on the national side, under its code or its other code."""
    is_there = dossier.code in national_codes or dossier.other_code in national_codes
    return Verdict(dossier.code, is_there, "on the national side" if is_there else "not on the national side")


def judge_channel(dossier: Dossier) -> Verdict:
    """3.3: filed online."""
    return Verdict(dossier.code, dossier.channel == "2", f"channel {dossier.channel or 'not given'}")


def judge_payment(dossier: Dossier) -> Verdict | None:
    """3.6: paid online, of those with an obligation to pay; without one it is not in the denominator."""
    if not any(fee > 0 for fee in dossier.fees):
        return None
    return Verdict(
        dossier.code, dossier.online_payment in ("1", "2"), f"online payment {dossier.online_payment or 'no'}"
    )


def judge_result(dossier: Dossier) -> Verdict:
    """4.1: an electronic result file."""
    return Verdict(dossier.code, dossier.result_files > 0, f"{dossier.result_files} result files")


def judge_reuse(dossier: Dossier) -> Verdict:
    """4.3: a component that was reused."""
    return Verdict(dossier.code, dossier.reused_papers > 0, f"{dossier.reused_papers} reused papers")


def judge_satisfaction(dossier: Dossier, progress: Verdict, named_in_petitions: set[str]) -> Verdict:
    """5.4: not late, and no petition names it."""
    if dossier.code in named_in_petitions:
        return Verdict(dossier.code, False, "a petition names it")
    return progress


def dossiers_of(dossiers: list[Dossier], period: Period, agency_code: str | None) -> list[Dossier]:
    """Dossiers received in the period, of one agency or (None) of the whole province."""
    return [
        dossier
        for dossier in dossiers
        if dossier.is_received()
        and dossier.received is not None
        and period.holds(dossier.received.date())
        and agency_code in (None, dossier.agency)
    ]


def petitions_of(petitions: list[Petition], period: Period, agency_code: str | None) -> list[Petition]:
    """Petitions received in the period, of one agency or (None) of the whole province."""
    return [
        petition
        for petition in petitions
        if petition.received is not None
        and period.holds(petition.received.date())
        and agency_code in (None, petition.agency)
    ]


def verdicts_by_indicator(
    province: Province, basis: str, period: Period, agency_code: str | None
) -> dict[str, list[Verdict]]:
    """The verdicts of one period and agency (None: the whole province), by indicator."""
    today = province.business_date
    last_day = period.judged_on(today)
    national_codes = {dossier.code for dossier in province.dossiers["national"]}
    named = {petition.dossier_code for petition in province.petitions}
    one_stop = dossiers_of(province.dossiers["one_stop"], period, agency_code)
    dossiers = dossiers_of(province.dossiers[basis], period, agency_code)
    petitions = petitions_of(province.petitions, period, agency_code)
    progress = {dossier.code: judge_progress(dossier, last_day, today) for dossier in dossiers}
    payments = [judge_payment(dossier) for dossier in dossiers]
    return {
        "1.4": [judge_sync(dossier, national_codes) for dossier in one_stop],
        "2.1": list(progress.values()),
        "3.3": [judge_channel(dossier) for dossier in dossiers],
        "3.6": [verdict for verdict in payments if verdict is not None],
        "4.1": [judge_result(dossier) for dossier in dossiers],
        "4.3": [judge_reuse(dossier) for dossier in dossiers],
        "5.2": [judge_petition(petition, last_day, today) for petition in petitions],
        "5.4": [judge_satisfaction(dossier, progress[dossier.code], named) for dossier in dossiers],
    }


def figures_of(province: Province) -> dict[FigureKey, Figure]:
    """Every figure of a province on its business date."""
    figures = {}
    for period in periods_begun(province.business_date):
        rules = point_rules(rule_set_at(period.end))
        for agency in province.agencies.agencies:
            if not agency.is_valid_in(period):
                continue
            for basis in BASES:
                code = None if agency.is_province else agency.code
                for indicator, verdicts in verdicts_by_indicator(province, basis, period, code).items():
                    key = FigureKey(basis, period.kind, period.start, period.end, agency.code, indicator)
                    numerator = sum(verdict.counts for verdict in verdicts)
                    points = rules[indicator].points(numerator, len(verdicts))
                    figures[key] = Figure(numerator, len(verdicts), points, verdicts)
    return figures
