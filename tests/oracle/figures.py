"""All figures of the oracle: numerator, denominator and points of every indicator, period and agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.oracle.agencies import Agency, AgencyList, read_agencies
from tests.oracle.dossiers import Dossier, read_dossiers, read_pushed_results
from tests.oracle.judging import Judge, Verdicts, judge_pairs
from tests.oracle.periods import Period, periods_of
from tests.oracle.petitions import Petition, Repeats, judge_petitions, read_petitions, repeats_among
from tests.oracle.procedures import Catalogue, read_catalogue
from tests.oracle.publication import Decision, count_publication, read_decisions
from tests.oracle.rule_data import AS_PROVINCE, NOT_DEPARTMENTS, PointRule, point_rules, rule_set_at
from tests.oracle.services import Services, count_services, services_of
from tests.oracle.sorting import Heaps, Unit, heaps_of, received_in
from tests.oracle.verdicts import Count, Verdict, count_of

BASES = ("one_stop", "national")
# A share of last year's total stands in for a period in which nothing was received; for a day nothing does.
PARTS_OF_A_YEAR = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}
NOTHING = Count(None, None, [])

Counts = dict[str, Count]


@dataclass(frozen=True, order=True)
class FigureKey:
    """What one figure is about."""

    ruleset: str
    basis: str
    period_type: str
    period_start: date
    period_end: date
    agency_code: str
    indicator_code: str


@dataclass(frozen=True)
class Figure:
    """One figure, and the verdicts it rests on: one for each member of the denominator.

    Where procedures of the catalogue are counted, only those that count have a verdict.
    """

    agency_level: str
    numerator: int | None
    denominator: int | None
    points: Decimal | None
    max_points: int
    verdicts: list[Verdict]

    @property
    def empty_reason(self) -> str | None:
        """Why there is no rate, where there is none."""
        if self.denominator is None:
            return "not_applicable"
        return "no_denominator" if self.denominator == 0 else None

    @property
    def rate(self) -> Fraction | None:
        """Numerator by denominator, where there is one."""
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)


@dataclass(frozen=True)
class Province:
    """Everything the extracts say on the business date."""

    business_date: date
    agencies: AgencyList
    catalogue: Catalogue
    dossiers: dict[str, list[Dossier]]
    petitions: list[Petition]
    decisions: list[Decision]
    pushed_results: frozenset[str]


@dataclass(frozen=True)
class Known:
    """The same, sorted by unit and day, and what follows from it for every period."""

    business_date: date
    dossiers: dict[str, Heaps[Dossier]]
    petitions: Heaps[Petition]
    decisions: dict[Unit, list[Decision]]
    services: dict[str, Services]
    repeats: Repeats
    judges: dict[str, Judge]
    pairs: Verdicts
    years: list[int]
    totals: dict[tuple[Unit, int], int]

    def has_news(self, unit: Unit, day: date) -> bool:
        """Whether the unit received a dossier of either side or a petition on a day."""
        return (unit, day) in self.petitions or any((unit, day) in heaps for heaps in self.dossiers.values())


def read_province(raw: Path, business_date: date) -> Province:
    """Read the extracts dated up to the business date."""
    agencies = read_agencies(raw, business_date)
    catalogue = read_catalogue(raw, business_date)
    return Province(
        business_date,
        agencies,
        catalogue,
        {basis: read_dossiers(raw, basis, business_date, agencies, catalogue) for basis in BASES},
        read_petitions(raw, business_date, agencies),
        read_decisions(raw, business_date, agencies),
        read_pushed_results(raw, business_date),
    )


def decisions_by_unit(decisions: list[Decision]) -> dict[Unit, list[Decision]]:
    """Decisions by the agency that drafted them; all of them are the province's."""
    units: dict[Unit, list[Decision]] = {None: decisions}
    for decision in decisions:
        if decision.agency is not None:
            units.setdefault(decision.agency, []).append(decision)
    return units


def services_by_agency(province: Province) -> dict[str, Services]:
    """What each agency has to offer."""
    ever: dict[Unit, set[str]] = {}
    for dossiers in province.dossiers.values():
        for dossier in dossiers:
            if dossier.is_received():
                ever.setdefault(dossier.agency, set()).add(dossier.procedure)
    return {
        agency.code: services_of(agency, province.catalogue, frozenset(ever.get(agency.code, ())))
        for agency in province.agencies.agencies
    }


def totals_by_year(heaps: Heaps[Dossier]) -> dict[tuple[Unit, int], int]:
    """How many dossiers each unit received in each calendar year."""
    totals: dict[tuple[Unit, int], int] = {}
    for (unit, day), dossiers in heaps.items():
        totals[unit, day.year] = totals.get((unit, day.year), 0) + len(dossiers)
    return totals


def known_of(province: Province) -> Known:
    """Sort what the extracts say."""
    today = province.business_date
    dossiers = {
        basis: heaps_of(dossier for dossier in those if dossier.is_received())
        for basis, those in province.dossiers.items()
    }
    petitions = heaps_of(province.petitions)
    named = frozenset(petition.dossier_code for petition in province.petitions)
    days = [*petitions, *(place for heaps in dossiers.values() for place in heaps)]
    return Known(
        business_date=today,
        dossiers=dossiers,
        petitions=petitions,
        decisions=decisions_by_unit(province.decisions),
        services=services_by_agency(province),
        repeats=repeats_among(province.petitions),
        judges={basis: Judge(today, province.pushed_results, named) for basis in BASES},
        pairs=judge_pairs(province.dossiers["one_stop"], province.dossiers["national"]),
        years=sorted({day.year for _, day in days}),
        totals=totals_by_year(dossiers["one_stop"]),
    )


def count_sync(known: Known, period: Period, unit: Unit) -> Count:
    """1.4: of both sides together; a share of last year's total where nothing was received."""
    received = received_in(known.dossiers["one_stop"], unit, period)
    last_year = period.start.year - 1
    has_last_year = rule_set_at(date(last_year, 12, 31)) is not None
    if received or period.kind not in PARTS_OF_A_YEAR or not has_last_year:
        return count_of([known.pairs[dossier.code] for dossier in received])
    share = Fraction(known.totals.get((unit, last_year), 0), PARTS_OF_A_YEAR[period.kind])
    return Count(0, int(share + Fraction(1, 2)), [])


def counts_of(known: Known, basis: str, period: Period, agency: Agency) -> Counts:
    """Every indicator of one period and agency, by its own dossiers, petitions, decisions and services."""
    today = known.business_date
    last_day = period.judged_on(today)
    unit = None if agency.is_province else agency.code
    dossiers = received_in(known.dossiers[basis], unit, period)
    petitions = received_in(known.petitions, unit, period)
    judged = known.judges[basis].by_indicator(dossiers, last_day)
    judged |= judge_petitions(petitions, known.repeats, last_day, today)
    return {
        **{indicator: count_of(verdicts) for indicator, verdicts in judged.items()},
        **count_publication(known.decisions.get(unit, []), period, today),
        **count_services(known.services[agency.code], dossiers),
        "1.4": count_sync(known, period, unit),
        "4.6": NOTHING,
    }


def in_scope(rule: PointRule, agency: Agency, own: Count, of_province: Count) -> Count | None:
    """What the rule set takes for an agency: its own count, the province's, or none at all."""
    if rule.scope == AS_PROVINCE:
        return of_province
    if rule.scope == NOT_DEPARTMENTS and agency.level == "department":
        return None
    return own


def figure_of(rule: PointRule, agency: Agency, own: Count, of_province: Count) -> Figure:
    """The figure of one indicator and agency."""
    count = in_scope(rule, agency, own, of_province)
    if count is None:
        return Figure(agency.level, None, None, None, rule.max_points, [])
    points = rule.points(count.numerator, count.denominator)
    return Figure(agency.level, count.numerator, count.denominator, points, rule.max_points, count.verdicts)


def agencies_in(province: Province, known: Known, period: Period) -> list[Agency]:
    """The agencies that have figures for a period, the province first."""
    agencies = [
        agency
        for agency in province.agencies.agencies
        if agency.is_valid_in(period)
        and (agency.is_province or period.kind != "day" or known.has_news(agency.code, period.start))
    ]
    return sorted(agencies, key=lambda agency: not agency.is_province)


def figures_in(
    province: Province, known: Known, basis: str, period: Period, ruleset: str | None
) -> dict[FigureKey, Figure]:
    """The figures of one basis and period under a rule set; without one there are none."""
    if ruleset is None:
        return {}
    figures = {}
    of_province: Counts = {}
    for agency in agencies_in(province, known, period):
        counts = counts_of(known, basis, period, agency)
        of_province = of_province or counts
        for indicator, rule in point_rules(ruleset).items():
            key = FigureKey(ruleset, basis, period.kind, period.start, period.end, agency.code, indicator)
            figures[key] = figure_of(rule, agency, counts[indicator], of_province[indicator])
    return figures


def figures_of(province: Province) -> dict[FigureKey, Figure]:
    """Every figure of a province on its business date."""
    known = known_of(province)
    figures: dict[FigureKey, Figure] = {}
    for year in known.years:
        for period in periods_of(year, province.business_date):
            for basis in BASES:
                # what is valid at its end scores it
                figures |= figures_in(province, known, basis, period, rule_set_at(period.end))
    return figures
