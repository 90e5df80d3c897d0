"""What is said of services, on the sample: every figure again by plain counting."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.pipeline.test_steering import rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]


def test_what_procedures_and_fields_miss_is_what_the_agency_misses(current: Path) -> None:
    """To the last dossier, for every agency, period and indicator that is divided."""
    wrong = rows(
        current,
        """SELECT s.*, r.numerator, r.denominator
           FROM (SELECT basis, period_type, period_start, agency_code, indicator_code, grouping_kind,
                        sum(missed) AS missed, max(missed_in_agency) AS whole, min(missed_rank) AS first
                 FROM shortfalls GROUP BY ALL) AS s
           LEFT JOIN indicator_counts AS r
             USING (basis, period_type, period_start, agency_code, indicator_code)
           WHERE s.missed <> s.whole OR s.first <> 1
              OR s.whole IS DISTINCT FROM r.denominator - r.numerator""",
    )
    assert wrong == []
    asked = rows(current, "SELECT DISTINCT indicator_code, grouping_kind FROM shortfalls WHERE missed > 0")
    assert len(asked) == 10


def test_the_catalogue_counted_by_hand(current: Path) -> None:
    procedures = rows(current, "SELECT * FROM dim_procedure")
    used = {
        row["procedure_code"]
        for row in rows(
            current,
            """SELECT DISTINCT procedure_code FROM dossier_facts
               WHERE basis = 'one_stop' AND received_on >= DATE '2023-09-30'""",
        )
    }
    told: Counter[tuple[str, str]] = Counter()
    for row in procedures:
        online = row["service_level_code"] in ("3", "4")
        held = {
            "procedures": True,
            "services_online": online,
            "services_full": row["service_level_code"] == "4",
            "services_partial": row["service_level_code"] == "3",
            "procedures_business": bool(row["is_for_business"]),
            "business_online": online and bool(row["is_for_business"]),
            "services_zero_fee": online and not row["has_fee"],
            "procedures_place_free": bool(row["is_place_free"]),
            "procedures_unused": row["procedure_code"] not in used,
        }
        for code, holds in held.items():
            told[code, row["level"]] += holds
            told[code, "all"] += holds
    figures = rows(current, "SELECT * FROM catalogue_figures")
    assert {(row["figure_code"], row["level"]): row["procedures"] for row in figures} == told
    (first,) = rows(current, "SELECT min(received_on) AS day FROM dossier_facts WHERE basis = 'one_stop'")
    since = {row["since_on"] for row in figures if row["figure_code"] == "procedures_unused"}
    assert since == {max(first["day"], date(2023, 9, 30))}


def test_papers_asked_again_are_those_of_the_findings(current: Path) -> None:
    """Of the province in the year: papers and dossiers of both rules, from the list of findings."""
    (year,) = rows(
        current,
        """SELECT sum(formal_dossiers) AS formal_dossiers, sum(formal_papers) AS formal_papers,
                  sum(dossiers_asked_again) AS dossiers_asked_again,
                  sum(papers_asked_again) AS papers_asked_again
           FROM digitization_quality WHERE period_type = 'year' AND agency_level = 'province'""",
    )
    findings = rows(
        current,
        """SELECT rule_code, dossier_code, CAST(one_stop_value AS INTEGER) AS papers FROM sync_findings
           WHERE rule_code IN ('formal_digitization', 'asked_again_although_held') AND status <> 'fixed'""",
    )
    formal = [row for row in findings if row["rule_code"] == "formal_digitization"]
    again = [row for row in findings if row["rule_code"] == "asked_again_although_held"]
    assert formal
    assert again
    assert year == {
        "formal_dossiers": len({row["dossier_code"] for row in formal}),
        "formal_papers": sum(row["papers"] for row in formal),
        "dossiers_asked_again": len({row["dossier_code"] for row in again}),
        "papers_asked_again": sum(row["papers"] for row in again),
    }


def test_papers_asked_again_by_type_add_up_to_those_of_procedures(current: Path) -> None:
    """In every period and agency; a dossier brings a type once, so none has more than there are."""
    wrong = rows(
        current,
        """SELECT * FROM (
               SELECT period_type, period_start, agency_code, procedure_code,
                      sum(dossiers_asked_again) AS papers, max(dossiers_asked_again) AS most,
                      sum(dossiers_spared) AS spared, sum(trips) AS trips
               FROM reuse_candidates GROUP BY ALL)
           FULL JOIN (FROM digitization_quality WHERE papers_asked_again > 0)
             USING (period_type, period_start, agency_code, procedure_code)
           WHERE papers IS DISTINCT FROM papers_asked_again OR most > dossiers_asked_again
              OR spared > dossiers_asked_again OR trips > papers""",
    )
    assert wrong == []
    assert rows(current, "SELECT * FROM reuse_candidates WHERE period_type = 'year'")
