"""What a unit has to offer, and the indicators that count its procedures: 3.1, 3.2, 3.5, 3.5b and 4.5a."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.oracle.agencies import Agency
from tests.oracle.dossiers import Dossier
from tests.oracle.procedures import Catalogue, Procedure
from tests.oracle.verdicts import Count, count_in


@dataclass(frozen=True)
class Services:
    """The procedures under the authority of a unit, and three parts of them."""

    authority: frozenset[str]
    online: frozenset[str]
    fee_bearing: frozenset[str]
    for_citizens: frozenset[str]


def is_under(procedure: Procedure, agency: Agency, ever_received: Iterable[str]) -> bool:
    """The province has all, a commune the communal ones, a department the provincial it ever received."""
    if agency.level == "province":
        return True
    if agency.level == "commune":
        return procedure.is_communal
    return not procedure.is_communal and procedure.code in ever_received


def services_of(agency: Agency, catalogue: Catalogue, ever_received: frozenset[str]) -> Services:
    """The services of a unit that ever received dossiers of those procedures."""
    procedures = [p for p in catalogue.values() if is_under(p, agency, ever_received)]
    return Services(
        authority=frozenset(p.code for p in procedures),
        online=frozenset(p.code for p in procedures if p.is_online),
        fee_bearing=frozenset(p.code for p in procedures if p.has_fee),
        for_citizens=frozenset(p.code for p in procedures if p.is_for_citizens),
    )


def count_services(services: Services, dossiers: list[Dossier]) -> dict[str, Count]:
    """The counts of a unit's procedures, by the dossiers it received in a period."""
    online = {dossier.procedure for dossier in dossiers if dossier.channel == "2"}
    obliged = [dossier for dossier in dossiers if dossier.has_obligation()]
    paid = {dossier.procedure for dossier in obliged if dossier.is_paid_online()}
    population = {dossier.procedure for dossier in dossiers if dossier.uses_population_data()}
    return {
        "3.1": count_in(services.authority, services.online, "offered online"),
        "3.2": count_in(services.online, online, "has an online dossier"),
        "3.5": count_in(services.fee_bearing, (d.procedure for d in obliged), "has a dossier with a fee"),
        "3.5b": count_in(services.fee_bearing, paid, "has a dossier paid online"),
        "4.5a": count_in(services.for_citizens, population, "has a dossier with population data"),
    }
