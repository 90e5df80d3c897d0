"""What plans and decisions ask for, on the sample: every row again by plain arithmetic."""

from __future__ import annotations

import csv
import gzip
import math
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.places import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]

BUSINESS_DATE = date(2026, 9, 30)
# the 97.5 % point of the normal distribution, from a table
Z = 1.959963984540054


def rows(current: Path, sql: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        result = con.execute(sql)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def is_met(numerator: int, denominator: int, direction: str, target: Decimal) -> bool:
    share = Decimal(100 * numerator) / denominator
    return {"at_least": share >= target, "at_most": share <= target, "below": share < target}[direction]


def test_what_a_target_is_short_of_is_exactly_what_is_missing(current: Path) -> None:
    """With so many more (fewer) it is met, with one less of that it is not."""
    progress = rows(current, "SELECT * FROM assigned_target_progress WHERE denominator > 0")
    assert len(progress) > 500
    for row in progress:
        where = f"{row['agency_code']} {row['measure_code']} {row['period_type']} {row['period_start']}"
        target, sign = row["target_percent"], 1 if row["direction"] == "at_least" else -1
        judge = (row["denominator"], row["direction"], target)
        short = row["short_of_target"]
        assert row["is_met"] == is_met(row["numerator"], *judge), where
        assert is_met(row["numerator"] + sign * short, *judge), where
        if short:
            assert not is_met(row["numerator"] + sign * (short - 1), *judge), where


def test_the_rest_of_the_year_brings_what_the_pace_says(current: Path) -> None:
    """If what is expected comes and just so many of it count, the target is met; with one less it is not."""
    paces = rows(current, "SELECT * FROM assigned_target_pace WHERE denominator > 0")
    assert {row["target_period"] for row in paces} == {"2026", "2026-Q3"}
    assert {row["is_possible"] for row in paces} == {True, False}
    for row in paces:
        where = f"{row['agency_code']} {row['measure_code']} {row['target_period']}"
        whole = row["denominator"] + row["still_expected"]
        judge = (whole, row["direction"], row["target_percent"])
        reached = row["numerator"] + row["still_needed"]
        if row["is_possible"]:
            assert reached <= whole, where
            assert is_met(reached, *judge), where
        if row["still_needed"]:
            assert not is_met(reached - 1, *judge), where
        if row["target_period"] == "2026-Q3":
            assert row["working_days_left"] == row["still_expected"] == 0, where
        assert row["is_certain"] == (row["still_needed"] == 0), where


def test_agencies_are_ordered_by_their_gap(current: Path) -> None:
    paces = rows(current, "SELECT * FROM assigned_target_pace WHERE denominator > 0 ORDER BY ALL")
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in paces:
        key = (row["basis"], row["measure_code"], row["target_period"], row["agency_level"])
        groups.setdefault(key, []).append(row)
    assert len(groups) > 10
    for key, members in groups.items():
        gaps = [row["target_percent"] - 100 * row["rate"] for row in members]
        for row, gap in zip(members, gaps, strict=True):
            # rates have six places: gaps that differ by less may stand either way
            farther = sum(other > gap + Decimal("0.0002") for other in gaps)
            not_nearer = sum(other >= gap - Decimal("0.0002") for other in gaps)
            assert farther < row["gap_rank"] <= not_nearer, key


def test_a_measure_is_the_indicator_it_names(current: Path) -> None:
    """Components of Decision 766 are taken over as they are, late_share is what 2.1 leaves."""
    differing = rows(
        current,
        """SELECT * FROM measure_results AS m JOIN indicator_counts AS i
             ON m.basis = i.basis AND m.period_type = i.period_type AND m.period_start = i.period_start
             AND m.agency_code = i.agency_code
             AND i.indicator_code = CASE m.measure_code WHEN 'late_share' THEN '2.1' ELSE m.measure_code END
           WHERE m.denominator <> i.denominator
              OR m.numerator <> CASE m.measure_code
                  WHEN 'late_share' THEN i.denominator - i.numerator ELSE i.numerator END""",
    )
    assert differing == []
    told = rows(
        current,
        """SELECT DISTINCT measure_code FROM measure_results
           WHERE basis = 'one_stop' AND numerator BETWEEN 1 AND denominator - 1""",
    )
    assert {row["measure_code"] for row in told} >= {"3.3", "full_process", "late_share", "certified_copies"}


def test_full_process_counted_from_the_dossiers(current: Path) -> None:
    facts = rows(
        current,
        """SELECT basis, agency_code, count(*) AS denominator,
                  count(*) FILTER (is_online AND service_level_code = '4') AS numerator
           FROM dossier_facts LEFT JOIN dim_procedure USING (procedure_code)
           WHERE received_on BETWEEN DATE '2026-07-01' AND DATE '2026-09-30' GROUP BY ALL""",
    )
    ours = {
        (row["basis"], row["agency_code"]): (row["numerator"], row["denominator"])
        for row in rows(
            current,
            """SELECT * FROM measure_results WHERE measure_code = 'full_process' AND period_type = 'quarter'
               AND period_start = DATE '2026-07-01' AND agency_level <> 'province' AND denominator > 0""",
        )
    }
    units = rows(
        current,
        """SELECT agency_code FROM dim_agency
           WHERE coalesce(valid_from_on, DATE '2026-09-30') <= DATE '2026-09-30'
           AND coalesce(valid_to_on, DATE '2026-07-01') >= DATE '2026-07-01'""",
    )
    known = {row["agency_code"] for row in units}
    assert ours == {
        (row["basis"], row["agency_code"]): (row["numerator"], row["denominator"])
        for row in facts
        if row["agency_code"] in known
    }
    assert len(ours) > 20


def test_letters_and_repeated_requests_counted_from_the_dossiers(current: Path) -> None:
    """Of the year, agency by agency; the change is that of two rates side by side."""
    asked, late = (
        {
            row["agency_code"]: row["dossiers"]
            for row in rows(
                current,
                f"""SELECT agency_code, count(*) AS dossiers FROM dossier_facts
                    WHERE basis = 'one_stop' AND {condition} GROUP BY ALL""",
            )
        }
        for condition in (
            "supplement_requests >= 2 AND year(received_on) = 2026",
            "ended_at > counted_due_at AND year(ended_at) = 2026",
        )
    )
    letters = Counter(
        row["agency_code"]
        for row in rows(
            current,
            "SELECT * FROM overdue_explanations WHERE apology = 'sent' AND year(one_stop_ended_at) = 2026",
        )
    )
    for row in rows(
        current,
        """SELECT * FROM measure_results WHERE basis = 'one_stop' AND period_type = 'year'
           AND period_start = DATE '2026-01-01' AND agency_level <> 'province'""",
    ):
        agency = row["agency_code"]
        if row["measure_code"] == "asked_twice":
            assert row["numerator"] == asked.get(agency, 0), agency
        if row["measure_code"] == "apology_letters":
            assert (row["numerator"], row["denominator"]) == (letters[agency], late.get(agency, 0)), agency
    assert len(asked) > 5
    assert len(late) > 20
    assert sum(letters.values()) < sum(late.values())
    changes = rows(
        current,
        """SELECT m.rate_change, m.rate - before.rate AS change FROM measure_results AS m
           LEFT JOIN measure_results AS before ON m.basis = before.basis
             AND m.agency_code = before.agency_code AND m.measure_code = before.measure_code
             AND before.period_type = 'month' AND before.period_start = m.period_start - INTERVAL 1 MONTH
           WHERE m.period_type = 'month'""",
    )
    assert all(row["rate_change"] == row["change"] for row in changes)
    assert any(row["change"] for row in changes)


def test_results_that_the_portal_lacks_counted_from_the_findings(current: Path) -> None:
    """Of the dossiers of the year with an electronic result, agency by agency."""
    lacking = {
        row["dossier_code"]
        for row in rows(current, "SELECT * FROM sync_findings WHERE fixed_on IS NULL AND NOT provisional")
        if row["rule_code"] in ("missing_on_national", "result_not_pushed")
    }
    held, pushed = Counter[str](), Counter[str]()
    for row in rows(
        current,
        """SELECT agency_code, dossier_code FROM dossier_facts WHERE basis = 'one_stop'
           AND has_electronic_result AND year(received_on) = 2026""",
    ):
        held[row["agency_code"]] += 1
        pushed[row["agency_code"]] += row["dossier_code"] not in lacking
    measured = rows(
        current,
        """SELECT * FROM measure_results WHERE measure_code = 'results_pushed' AND period_type = 'year'
           AND period_start = DATE '2026-01-01' AND agency_level <> 'province'""",
    )
    for row in measured:
        agency = row["agency_code"]
        assert (row["numerator"], row["denominator"]) == (pushed[agency], held[agency]), agency
    assert sum(held.values()) - 100 < sum(pushed.values()) < sum(held.values())
    assert len(measured) > 20
    (target,) = rows(
        current,
        """SELECT * FROM target_results WHERE target_code = 'rate_10' AND definition = 'province'
           AND period_start = DATE '2026-01-01'""",
    )
    assert (target["numerator"], target["denominator"]) == (sum(pushed.values()), sum(held.values()))


def test_savings_counted_from_the_delivered_file(current: Path) -> None:
    """Every line of the file multiplied and added up in exact decimals."""
    (path,) = (ROOT / "raw/sample/time_limit_cuts/2026-09-30").glob("*.csv.gz")
    field_of = {
        row["procedure_code"]: row["field_code"] for row in rows(current, "SELECT * FROM dim_procedure")
    }
    totals = ("procedures", "days_cut", "hours_cut", "cost_saved", "procedures_without_frequency",
              "yearly_hours_cut", "yearly_cost_saved")  # fmt: skip
    told: dict[tuple[str, str], dict[str, Decimal]] = {}
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        for line in csv.DictReader(stream):
            days, hourly, subjects, times = (
                Decimal(line[name].replace(".", "").replace(",", ".") or "NaN")
                for name in (
                    "Số ngày cắt giảm", "Chi phí mỗi giờ (đồng)", "Số đối tượng mỗi năm",
                    "Số lần thực hiện mỗi năm",
                )
            )  # fmt: skip
            hours = 8 * days
            done = Decimal(0) if subjects.is_nan() else subjects * times
            cost, without = hours * hourly, Decimal(subjects.is_nan())
            amounts = (Decimal(1), days, hours, cost, without, hours * done, cost * done)
            for group in (
                ("all", "all"),
                ("level", {"Tỉnh": "provincial", "Xã": "communal"}[line["Cấp thực hiện"]]),
                ("agency", line["Mã cơ quan chủ trì"] or "unknown"),
                ("field", field_of[line["Mã TTHC"]]),
            ):
                sums = told.setdefault(group, dict.fromkeys(totals, Decimal(0)))
                for name, amount in zip(totals, amounts, strict=True):
                    sums[name] += amount
    savings = {
        (row["grouping_kind"], row["item_code"]): row
        for row in rows(current, "SELECT * FROM savings WHERE period_start = DATE '2026-01-01'")
    }
    assert savings.keys() == told.keys()
    assert len(told) > 15
    for group, sums in told.items():
        row = savings[group]
        assert {name: row[name] or 0 for name in totals} == sums, group
        assert row["cost_saved_rounded"] == sums["cost_saved"].quantize(Decimal(1), ROUND_HALF_UP), group


def test_petitions_state_by_state_on_both_days(current: Path) -> None:
    """Every count of the province again from the petitions."""
    facts = rows(current, "SELECT * FROM petition_facts")
    lines = rows(
        current,
        """SELECT * FROM petition_lifecycle WHERE kind = 'all'
           AND agency_code = (SELECT agency_code FROM dim_agency WHERE agency_level = 'province')""",
    )
    assert {row["as_of"] for row in lines} == {"period_end", "now"}
    for line in lines:
        day = BUSINESS_DATE if line["as_of"] == "now" else min(line["period_end"], BUSINESS_DATE)
        assert line["judged_on"] == day
        told: Counter[str] = Counter()
        for fact in facts:
            if not line["period_start"] <= fact["received_on"] <= line["period_end"]:
                continue
            handled = fact["handled_on"] is not None and fact["handled_on"] <= day
            public = fact["published_on"] is not None and fact["published_on"] <= day
            late = (fact["handled_on"] if handled else day) > fact["handle_by_on"]
            resolved = handled and fact["outcome"] == "resolved"
            unseen = resolved and (fact["published_on"] if public else day) > fact["publish_by_on"]
            told["received"] += 1
            told[fact["outcome"] if handled else "in_progress"] += 1
            told["in_progress_overdue"] += not handled and late
            told["handled_late"] += handled and late
            told["published"] += resolved and public
            told["published_late"] += unseen
            told["on_time"] += not late and not unseen
            told["repeated"] += fact["is_repeat"]
        where = f"{line['as_of']} {line['period_type']} {line['period_start']}"
        assert {name: line[name] for name in told} == told, where
    assert any(line["in_progress"] for line in lines)


def test_the_satisfaction_interval_is_wilsons(current: Path) -> None:
    """By the formula of Wilson (1927): centre and half-width of a share of n answers at 95 %."""
    lines = rows(current, "SELECT * FROM satisfaction_index")
    assert {row["factor"] for row in lines} == {"access", "procedure", "staff", "result", "feedback", "all"}
    for row in lines:
        n, p = row["answers"], row["satisfied"] / row["answers"]
        centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        assert float(row["satisfaction_index"]) == pytest.approx(p, abs=1e-6)
        assert float(row["index_from"]) == pytest.approx(max(centre - half, 0), abs=2e-6), row
        assert float(row["index_to"]) == pytest.approx(min(centre + half, 1), abs=2e-6), row
        assert row["has_few_sheets"] == (row["sheets"] < 30)


def test_every_task_of_the_plan_has_a_judgement(current: Path) -> None:
    """Those with a measure by its figure, read again from the measures; the others as reported."""
    tasks = rows(current, "SELECT * FROM plan_progress")
    assert {row["judged_by"] for row in tasks} == {"data", "report"}
    for row in tasks:
        if row["judged_by"] == "report":
            assert row["status"] == row["reported_state"], row["task_code"]
            continue
        (figure,) = rows(
            current,
            f"""SELECT numerator, denominator FROM measure_results WHERE basis = 'one_stop'
                AND period_type = 'year' AND period_start = DATE '2026-01-01'
                AND agency_code = '{row["measured_agency_code"]}'
                AND measure_code = '{row["measure_code"]}'""",
        )
        judge = (figure["numerator"], figure["denominator"], row["direction"], row["target_percent"])
        assert row["status"] == ("done" if is_met(*judge) else "not_met"), row["task_code"]
