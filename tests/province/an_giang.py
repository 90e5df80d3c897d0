"""An Giang 2025: a province whose counts are those that its report of the year published.

What is set and what is only shipped beside stands in docs/decisions/0018.
"""

from __future__ import annotations

from datetime import date

from tests.province.goals import Catalogue, Goals, Savings
from tests.province.plan import Arguments
from tests.published import an_giang_figures, an_giang_score

AS_OF = date(2025, 12, 31)
AFTERWARDS = date(2026, 1, 15)
# The report's own number is not known here.
DOCUMENT = "BC-2025-AN-GIANG"
_SEED = 4


def an_giang(scale: int = 1, gzip: bool = False) -> Arguments:
    """Arguments that make An Giang 2025, its dossiers divided by `scale`, without faults.

    A second delivery, dated AFTERWARDS, brings what happened after the report.
    """
    figures = an_giang_figures(scale)
    value = {figure.code: figure.value for figure in figures}
    count = {code: int(number) for code, number in value.items()}
    goals = Goals(
        fates=(
            count["resolved_early"],
            count["resolved_on_time"],
            count["resolved_overdue"],
            count["in_progress_within"],
            count["in_progress_overdue"],
        ),
        carried_over=count["carried_over"],
        online=count["received_online"],
        petitions_published=count["petitions_published"],
        petitions_in_progress=count["petitions_in_progress"],
        petitions_elsewhere=count["petitions_other"],
        catalogue=Catalogue(
            provincial=count["procedures_provincial"],
            communal=count["procedures_communal"],
            full=count["services_full"],
            partial=count["services_partial"],
            business=count["procedures_business"],
        ),
        savings=Savings(
            procedures=count["savings_procedures"],
            days=value["savings_days"],
            hourly_cost=value["savings_hourly_cost"],
        ),
        document_number=DOCUMENT,
        # what the report left out it did not say
        reported=tuple(figure for figure in an_giang_figures() if figure.origin == "published"),
        score=an_giang_score(),
    )
    return Arguments(
        goals.received,
        year=AS_OF.year,
        seed=_SEED,
        fault_rate=0,
        departments=count["departments"],
        communes=count["communes"],
        until=AS_OF,
        deliveries=1,
        gzip=gzip,
        afterwards=AFTERWARDS,
        goals=goals,
    )
