"""Cases of the small sources and of the ministry's dossiers; what a case is stands in suite_cases.py."""

from __future__ import annotations

from typing import Any

from tests.unit.suite_cases import BUSINESS_DAY_ENDS, TOMORROW, ColumnCase, Row, RowCase

_OF_THE_FIRST: Row = {"dossier_code": "G17.20-20260302-0000001"}
# {n} stands for the number of the row, {day} for a day of its own
HEALTHY: dict[str, Row] = {
    "certified_copies": {
        "agency_code": "H01.01",
        "certified_on": "{day}",
        "requests": 100,
        "electronic_requests": 20,
        "electronic_copies": 30,
    },
    "explanations": {
        "dossier_code": "H01.01-260301-{n:04d}",
        "rule_code": "missing_on_national",
        "agency_code": "H01.01",
        "cause_code": "operation",
        "explanation_length": "full",
        "remedy_length": "brief",
        "responsible_agency_code": "H01",
        "explained_on": "2026-03-20",
        "remedied_on": "2026-04-15",
    },
    "ministry_dossiers": {
        "dossier_code": "G17.20-20260302-{n:07d}",
        "procedure_code": "1.000001",
        "service_code": "1.000001.01",
        "owner_type": "citizen",
        "receiving_agency_code": "G17.20",
        "filed_at": "2026-03-02 07:00:00",
        "received_at": "2026-03-02 08:00:00",
        "status_code": "10",
    },
    "ministry_dossiers__components": {
        **_OF_THE_FIRST,
        "component_code": "TP1",
        "copies": 1,
        "copy_kind": "electronic",
        "has_file": True,
    },
    "ministry_dossiers__steps": {
        **_OF_THE_FIRST,
        "processed_at": "2026-03-02 08:30:00",
        "status_code": "4",
        "started_at": "2026-03-02 08:30:00",
    },
    "ministry_dossiers__fees": {**_OF_THE_FIRST, "fee_code": "1", "amount": 5000, "is_paid": True},
    "ministry_dossiers__results": {**_OF_THE_FIRST, "result_code": "KQ1", "has_file": True},
    # a part of an index whose lines above and below are not in the delivery
    "par_index": {
        "agency_code": "H01",
        "index_year": "2024",
        "component_code": "1.{n}",
        "level": "part",
        "max_points": 10,
        "self_points": 9.5,
        "appraised_points": 6,
        "survey_points": 2.5,
        "achieved_points": 8.5,
    },
    "plan_tasks": {
        "document_number": "55/KH-UBND",
        "document_on": "2026-01-10",
        "task_code": "{n}",
        "task_name": "Soát bước dễ trễ hạn",
        "lead_agency_code": "H01.01",
        "lead_name": "Sở Ví dụ",
        "due_text": "30/6/2026",
        "due_kind": "by_date",
        "due_on": "2026-06-30",
        "due_year": "2026",
        "indicator_code": "late_share",
        "measure_direction": "below",
        "measure_value": 1,
        "state": "done",
        "done_on": "2026-03-10",
    },
    "publication_decisions": {
        "decision_number": "{n}/QĐ-UBND",
        "procedure_code": "1.000001",
        "agency_code": "H01.01",
        "issued_on": "2026-02-02",
        "in_force_on": "2026-02-03",
        "legal_basis_in_force_on": "2026-03-01",
        "change_kind": "amended",
        "publicised_at": "2026-02-04 15:30:00",
        "has_name": True,
    },
    "reported_figures": {
        "document_number": "{n}/BC-UBND",
        "document_on": "2026-03-25",
        "agency_code": "H01",
        "indicator_code": "3.3",
        "period_label": "2026-Q1",
        "as_of_on": "2026-03-20",
        "reported_value": 66.7,
        "unit": "%",
        "numerator": 200,
        "denominator": 300,
        "target_value": 60,
        "statement": "met",
    },
    "satisfaction_surveys": {
        "sheet_code": "P2603-{n:04d}",
        "question_code": "I.1",
        "agency_code": "H01.01",
        "surveyed_on": "2026-03-10",
        "round_code": "2026-Q1",
        "factor": "access",
        "answer": 4,
        "form": "paper",
    },
    "system_outages": {
        "system": "national",
        "started_at": "{day} 08:00:00",
        "ended_at": "2026-04-01 09:00:00",
        "planned": False,
    },
    "targets": {
        "agency_code": "H01.01",
        "indicator_code": "3.{n}",
        "period_label": "2026",
        "direction": "at_least",
        "target_value": 60,
        "unit": "%",
        "document_number": "150/QĐ-UBND",
        "assigned_on": "2025-12-20",
    },
    "time_limit_cuts": {
        "decision_number": "200/QĐ-UBND",
        "decided_on": "2026-02-02",
        "procedure_code": "1.{n:06d}",
        "level": "provincial",
        "agency_code": "H01.01",
        "legal_days": 10,
        "reduced_days": 7,
        "days_cut": 3,
        "hours_per_day": 8,
        "hourly_cost": 50000.5,
        "subjects_per_year": 20,
        "times_per_year": 1.5,
    },
    "tracked_dossiers": {
        "dossier_code": "H01.01-260301-{n:04d}",
        "agency_code": "H01.01",
        "agency_name": "Sở Ví dụ",
        "procedure_name": "Đăng ký",
        "status_label": "Đã trả kết quả",
        "filed_at": "2026-03-02 07:00:00",
        "received_at": "2026-03-02 08:00:00",
        "due_at": "2026-03-06 17:00:00",
        "ended_at": "2026-03-09 09:00:00",
    },
    "working_calendar": {"calendar_on": "{day}", "kind": "day_off", "reason": "Lễ"},
}
_MAKE_UP: Row = {
    "calendar_on": "2026-01-10",
    "kind": "working_make_up",
    "morning_hours": "07:00-11:30",
    "afternoon_hours": "13:30-17:00",
}
_IN_PROGRESS: Row = {"status_label": "Đang xử lý", "ended_at": None}
_RECEIVED_STEP: Row = {"status_code": "2", "row_number": 1}


def _total(year: str, **changes: Any) -> Row:
    """The total of an index with one part only, which has 8.5 of 10 points."""
    return {"agency_code": "H01.01", "index_year": year, "component_code": "0", "level": "total", **changes}


def _part(year: str) -> Row:
    return {
        "agency_code": "H01.01",
        "index_year": year,
        "component_code": "1",
        "parent_component_code": "0",
    }


ROW_CASES: dict[str, list[RowCase]] = {
    "certified_copies": [
        RowCase("stands twice in one delivery", {"certified_on": "2025-12-31"}),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}, {"agency_code": "000.00.01.H01"}),
        RowCase("in the future", {"certified_on": "2026-04-01"}, {"certified_on": "2026-03-31"}),
        RowCase("More electronic requests", {"electronic_requests": 101}, {"electronic_requests": 100}),
        RowCase("Fewer electronic copies", {"electronic_copies": 19}, {"electronic_copies": 20}),
        RowCase(
            "no request that ended in one",
            {"electronic_requests": 0},
            {"electronic_requests": 0, "electronic_copies": 0},
        ),
        RowCase("no request that ended in one", {"electronic_requests": 0, "electronic_copies": 1}),
    ],
    "explanations": [
        RowCase(
            "Two explanations of one finding",
            {"dossier_code": "H01.01-260301-0001"},
            {"dossier_code": "H01.01-260301-0001", "rule_code": "overdue"},
        ),
        RowCase(
            "Two explanations of one finding",
            {"dossier_code": "H01.01-260301-0001"},
            {"dossier_code": "H01.01-260301-0001", "finding_id": "another field of the dossier"},
        ),
        RowCase("nobody can be asked further", {"agency_code": "H99.99"}),
        RowCase("said to be responsible", {"responsible_agency_code": "H99.99"}),
        RowCase(
            "of no dossier",
            {"dossier_code": "H01.01-2603-0001"},
            {"dossier_code": "000.00.01.H01-260301-0001"},
        ),
        RowCase("of no dossier", {"dossier_code": "H01.02"}, {"dossier_code": "H01.01"}),
        RowCase("in the future", {"explained_on": "2026-04-01"}, {"explained_on": "2026-03-31"}),
        RowCase(
            "when there was no dossier yet",
            {"dossier_code": "G17.20-20260321-0000001"},
            {"dossier_code": "G17.20-20260320-0000001"},
        ),
        RowCase("no word of explanation", {"explanation_length": None}),
        RowCase(
            "remedied on a day, but not how",
            {"remedy_length": None},
            {"remedy_length": None, "remedied_on": None},
        ),
    ],
    "ministry_dossiers": [
        RowCase("stands more than once in one delivery", {"dossier_code": "G17.20-20260302-0000001"}),
        RowCase(
            "neither the old nor the new form", {"dossier_code": "92000"}, {"dossier_code": "H01-260301-0001"}
        ),
        RowCase(
            "no national code", {"procedure_code": "H01-12"}, {"procedure_code": "3.904848.000.00.00.G17"}
        ),
        RowCase(
            "in no list of agencies", {"receiving_agency_code": "H99"}, {"receiving_agency_code": "H01.01"}
        ),
        RowCase("in no list of agencies", {"receiving_agency_code": "H99"}),
        RowCase("never received", {"received_at": None}, {"received_at": None, "status_code": "1"}),
        RowCase("filed in the future", {"filed_at": TOMORROW}),
        RowCase("received in the future", {"received_at": TOMORROW}, {"received_at": BUSINESS_DAY_ENDS}),
        RowCase(
            "Received before it was filed",
            {"filed_at": "2026-03-02 08:00:01"},
            {"filed_at": "2026-03-02 08:00:00"},
        ),
        RowCase("A time of the dossier came without its zone", {"zone_unknown_columns": "filed_at"}),
        RowCase(
            "A time of a step came without its zone", {"zone_unknown_columns": "processed_at"}, table="steps"
        ),
        RowCase("A step in the future", {"processed_at": TOMORROW, "started_at": None}, table="steps"),
        RowCase(
            "A step ended before it began",
            {"processed_at": "2026-03-02 08:29:59"},
            {"processed_at": "2026-03-02 01:30:00", "zone_unknown_columns": "processed_at"},
            table="steps",
        ),
        RowCase(
            "A step ended before it began",
            {"processed_at": "2026-03-02 01:29:59", "zone_unknown_columns": "processed_at"},
            table="steps",
        ),
        # dossiers 1 and 2 have these steps only: one before the reception is wrong if it is the last
        RowCase(
            "The last step of the dossier",
            {"row_number": 2, "processed_at": "2026-03-02 07:59:59", "started_at": None},
            {"row_number": 1, "processed_at": "2026-03-02 07:00:00", "started_at": None},
            table="steps",
        ),
        RowCase(
            "The last step of the dossier",
            {"row_number": 2, "processed_at": "2026-03-02 07:59:59", "started_at": None},
            {"row_number": 1, "processed_at": "2026-03-02 08:00:00", "started_at": None},
            table="steps",
        ),
        RowCase(
            "said to be electronic, but there is no file",
            {"has_file": False},
            {"has_file": False, "copy_kind": "original"},
            table="components",
        ),
        # row 2 of the dossiers is still open
        RowCase("before the dossier was finished", {"row_number": 2}, {"row_number": 1}, table="results"),
    ],
    "par_index": [
        RowCase("stands twice would be added twice", {"component_code": "1.1"}),
        RowCase("in no list of agencies", {"agency_code": "H99"}),
        RowCase("a year that has not ended", {"index_year": "2026"}, {"index_year": "2025"}),
        RowCase("gave itself more points", {"self_points": 10.01}, {"self_points": 10}),
        RowCase(
            "More appraised points", {"appraised_points": 10.01}, {"appraised_points": 10, "survey_points": 0}
        ),
        RowCase(
            "More points by the survey",
            {"survey_points": 10.01},
            {"survey_points": 10, "appraised_points": 0},
        ),
        RowCase("More points achieved", {"achieved_points": 10.01}, {"achieved_points": 10}),
        RowCase(
            "of the appraisal and of the survey together",
            {"achieved_points": 8.6},
            {"survey_points": None, "achieved_points": 6.05},
        ),
        RowCase("not the sum of those one level below", _total("2021", achieved_points=8.3), _total("2020")),
        RowCase("not the sum of the maxima", _total("2022", max_points=10.01), _total("2020")),
        RowCase("is not in the delivery", {"parent_component_code": "9"}, _part("2020")),
        RowCase("is not in the delivery", {"parent_component_code": "1"}),
        RowCase("there is no index", _total("2023", achieved_points=None), _part("2021")),
        RowCase("there is no index", _total("2019", achieved_points=None), {"achieved_points": None}),
        RowCase(
            "beyond the number of ranked units",
            {"index_rank": 35, "ranked_units": 34},
            _part("2022") | {"index_rank": 34, "ranked_units": 34},
        ),
        RowCase("16th of 18", {"index_rank": 16}, {"index_rank": 16, "ranked_units": 18}),
        RowCase("16th of 18", {"index_rank": 17}),
    ],
    "plan_tasks": [
        RowCase("Two tasks under one number", {"task_code": "1"}),
        RowCase("in no list of agencies", {"lead_agency_code": "H99.99"}, {"lead_agency_code": None}),
        RowCase("A plan of the future", {"document_on": "2026-04-01"}, {"document_on": "2026-03-31"}),
        RowCase("done in the future", {"done_on": "2026-04-01"}, {"done_on": "2026-03-31"}),
        RowCase("done before its plan", {"done_on": "2026-01-09"}, {"done_on": "2026-01-10"}),
        RowCase("due before its plan", {"due_on": "2026-01-09"}, {"due_on": "2026-01-10"}),
        RowCase(
            "a year that was over",
            {"due_kind": "by_year", "due_on": None, "due_year": "2025"},
            {"due_kind": "by_year", "due_on": None, "due_year": "2025", "document_on": "2025-12-31"},
        ),
        RowCase("a year that was over", {"due_kind": "by_quarter", "due_year": "2025"}, {"due_year": "2025"}),
        RowCase("without a due time", {"due_kind": None}, {"due_kind": "ongoing", "due_on": None}),
        RowCase("neither a date, a quarter", {"due_kind": "other"}, {"due_kind": "by_quarter"}),
        RowCase(
            "said to be done, but not when", {"done_on": None}, {"state": "in_progress", "done_on": None}
        ),
        RowCase(
            "its state says that it is not",
            {"state": "in_progress"},
            {"state": "in_progress", "done_on": None},
        ),
        RowCase(
            "level to reach is missing",
            {"measure_value": None},
            {"indicator_code": None, "measure_value": None},
        ),
        RowCase(
            "level without its direction",
            {"measure_direction": None},
            {"measure_direction": None, "measure_value": None},
        ),
    ],
    "publication_decisions": [
        RowCase(
            "names a procedure once",
            {"decision_number": "1/QĐ-UBND"},
            {"decision_number": "1/QĐ-UBND", "procedure_code": "2.000001"},
        ),
        RowCase("not national", {"procedure_code": "H01.12"}, {"procedure_code": "1.000001.000.00.00.H35"}),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}),
        RowCase(
            "A decision of the future",
            {"issued_on": "2026-04-01", "publicised_at": None},
            {"issued_on": "2026-03-31", "publicised_at": None},
        ),
        RowCase("made public in the future", {"publicised_at": TOMORROW}),
        RowCase(
            "Made public before",
            {"publicised_at": "2026-02-01 23:59:59"},
            {"publicised_at": "2026-02-02 00:00:00"},
        ),
        RowCase("in force before", {"in_force_on": "2026-02-01"}, {"in_force_on": "2026-02-02"}),
        RowCase("nobody can say whether", {"legal_basis_in_force_on": None}),
        RowCase(
            "a year is mistyped",
            {"legal_basis_in_force_on": "2024-02-01"},
            {"legal_basis_in_force_on": "2028-01-31"},
        ),
        *(
            RowCase(
                "several dates of issue",
                {"decision_number": "700/QĐ-UBND", "procedure_code": code, "issued_on": bad},
                {"decision_number": "800/QĐ-UBND", "procedure_code": code, "issued_on": good},
            )
            for code, bad, good in (
                ("1.000001", "2026-02-02", "2026-02-02"),
                ("1.000002", "2026-02-01", "2025-02-03"),
            )
        ),
    ],
    "reported_figures": [
        RowCase("states a figure twice", {"document_number": "1/BC-UBND"}),
        RowCase("in no list of agencies", {"agency_code": "H99"}),
        RowCase("A document of the future", {"document_on": "2026-04-01"}, {"document_on": "2026-03-31"}),
        RowCase(
            "a day that has not come",
            {"document_on": None, "as_of_on": "2026-04-01"},
            {"document_on": None, "as_of_on": "2026-03-31"},
        ),
        RowCase("as of a day after it", {"as_of_on": "2026-03-26"}, {"as_of_on": "2026-03-25"}),
        *(
            RowCase("before its period began", {"period_label": later}, {"period_label": same})
            for later, same in (
                ("2027", "2026"),
                ("2026-H2", "2026-H1"),
                ("2026-Q2", "2026-Q1"),
                ("2026-04", "2026-03"),
            )
        ),
        RowCase(
            "before its period began",
            {"as_of_on": None, "document_on": "2025-12-31"},
            {"as_of_on": None, "document_on": "2026-01-01"},
        ),
        RowCase("greater than its whole", {"numerator": 301}, {"numerator": 300, "reported_value": 100}),
        RowCase("divided by its denominator", {"reported_value": 66.1}, {"reported_value": 67}),
        RowCase(
            "A rate below 0 %",
            {"reported_value": 667},
            {"reported_value": 667, "unit": "hồ sơ"},
        ),
        RowCase("A rate below 0 %", {"reported_value": -0.1}, {"reported_value": 0}),
        RowCase("A rate below 0 %", {"reported_value": 100.1}, {"reported_value": 100}),
        RowCase("The figure itself is missing", {"reported_value": None}),
        RowCase("part without its whole", {"denominator": None}, {"numerator": None, "denominator": None}),
        RowCase("the target is missing", {"target_value": None}, {"target_value": None, "statement": None}),
    ],
    "satisfaction_surveys": [
        RowCase(
            "answers a question once",
            {"sheet_code": "P2603-0001"},
            {"sheet_code": "P2603-0001", "question_code": "I.2"},
        ),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}),
        RowCase("in the future", {"surveyed_on": "2026-04-01"}, {"surveyed_on": "2026-03-31"}),
        *(
            RowCase(
                "stands under several factors",
                {"question_code": "9.1", "factor": factor},
                {"question_code": "9.1", "factor": "staff", "round_code": "2025-Q4"},
            )
            for factor in ("staff", "result")
        ),
        *(
            RowCase(
                "judges several agencies",
                {"sheet_code": "P1", "question_code": f"{place}.1", "agency_code": agency},
                {"sheet_code": "P2", "question_code": f"{place}.1"},
            )
            for place, agency in enumerate(("H01", "H01.01"))
        ),
    ],
    "system_outages": [
        RowCase(
            "began at the same time",
            {"started_at": "2025-12-31 08:00:00"},
            {"started_at": "2025-12-31 08:00:00", "system": "axis"},
        ),
        RowCase("nobody planned", {"started_at": TOMORROW}, {"started_at": TOMORROW, "planned": True}),
        RowCase("nobody planned", {"started_at": TOMORROW, "planned": None}),
        RowCase(
            "before it began",
            {"started_at": "2026-03-03 08:00:00", "ended_at": "2026-03-03 07:59:00"},
            {"started_at": "2026-03-03 08:00:00", "ended_at": None},
        ),
    ],
    "targets": [
        RowCase("Two targets for one thing", {"indicator_code": "3.1"}),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}),
        RowCase(
            "in the future",
            {"assigned_on": "2026-04-01"},
            {"assigned_on": "2026-03-31"},
        ),
        *(
            RowCase(
                "after its period was over",
                {"period_label": period, "assigned_on": after},
                {"period_label": period, "assigned_on": last},
            )
            for period, last, after in (
                ("2025", "2025-12-31", "2026-01-01"),
                ("2025-Q4", "2025-12-31", "2026-01-01"),
                ("2025-Q2", "2025-06-30", "2025-07-01"),
                ("2026-02", "2026-02-28", "2026-03-01"),
            )
        ),
        RowCase("without its direction", {"direction": None}),
        *(
            RowCase(
                "at most so much in another",
                {"indicator_code": "9.9", "agency_code": agency, "direction": direction},
                {"indicator_code": "9.9", "agency_code": agency, "period_label": "2026-Q1"},
            )
            for agency, direction in (("H01", "at_least"), ("H01.01", "at_most"))
        ),
        RowCase("above 100 %", {"target_value": 100.01}, {"target_value": 100.01, "unit": "hồ sơ"}),
        RowCase("above 100 %", {"target_value": 100.01}, {"target_value": 100}),
        RowCase("at least 0", {"target_value": 0}, {"target_value": 0, "direction": "at_most"}),
        RowCase("at least 0", {"target_value": 0}, {"target_value": 0.01}),
    ],
    "time_limit_cuts": [
        RowCase(
            "cuts the time of a procedure once",
            {"procedure_code": "1.000001"},
            {"procedure_code": "1.000001", "decision_number": "201/QĐ-UBND"},
        ),
        RowCase("not national", {"procedure_code": "H01.12"}, {"procedure_code": "1.900001.000.00.00.H35"}),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}, {"agency_code": None}),
        RowCase("A decision of the future", {"decided_on": "2026-04-01"}, {"decided_on": "2026-03-31"}),
        RowCase(
            "Nothing was cut",
            {"reduced_days": 10, "days_cut": 0},
            {"reduced_days": 9.99, "days_cut": 0.01},
        ),
        RowCase("not those between", {"days_cut": 3.01}, {"reduced_days": 6.99, "days_cut": 3.01}),
        *(
            RowCase(
                "several costs in one year",
                {"decided_on": "2024-02-02", "hourly_cost": cost},
                {"decided_on": "2023-02-02", "hourly_cost": 50000.6},
            )
            for cost in (50000.6, 50000.7)
        ),
        RowCase(
            "but not how often",
            {"times_per_year": None},
            {"times_per_year": None, "subjects_per_year": None},
        ),
        RowCase("but not how many", {"subjects_per_year": None}, {"subjects_per_year": 0}),
    ],
    "tracked_dossiers": [
        RowCase("stands more than once in one delivery", {"dossier_code": "H01.01-260301-0001"}),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}, {"agency_code": "000.00.01.H01"}),
        RowCase(
            "but never received",
            {**_IN_PROGRESS, "received_at": None},
            {**_IN_PROGRESS, "status_label": "Mới đăng ký", "received_at": None},
        ),
        RowCase("received in the future", {"received_at": TOMORROW}, {"received_at": BUSINESS_DAY_ENDS}),
        RowCase("ended in the future", {"ended_at": TOMORROW}, {"ended_at": BUSINESS_DAY_ENDS}),
        *(
            RowCase(why, {column: bad}, {column: good})
            for why, column, bad, good in (
                ("Ended before it was received", "ended_at", "2026-03-02 07:59:59", "2026-03-02 08:00:00"),
                ("Ended before it was received", "ended_at", "2026-03-01 00:00:00", "2026-03-02 00:00:00"),
                ("Due before it was received", "due_at", "2026-03-02 07:59:59", "2026-03-02 08:00:00"),
                ("Due before it was received", "due_at", "2026-03-01 00:00:00", "2026-03-02 00:00:00"),
                ("Received before it was filed", "filed_at", "2026-03-02 08:00:01", "2026-03-02 08:00:00"),
            )
        ),
        RowCase(
            "Received before it was filed",
            {"received_at": "2026-03-01 00:00:00"},
            {"received_at": "2026-03-02 00:00:00"},
        ),
        *(
            RowCase("without the date it ended", {"status_label": label, "ended_at": None}, good)
            for label, good in (
                ("Đã xử lý xong", {"status_label": "Đã xử lý xong"}),
                ("ĐÃ TRẢ KẾT QUẢ", _IN_PROGRESS),
            )
        ),
        RowCase("still being worked on", {"status_label": "Đang xử lý"}, _IN_PROGRESS),
        RowCase(
            "without a due date",
            {**_IN_PROGRESS, "due_at": None},
            {**_IN_PROGRESS, "status_label": "Yêu cầu bổ sung giấy tờ", "due_at": None},
        ),
    ],
    "working_calendar": [
        RowCase("both off and worked", {"calendar_on": "2025-12-31"}),
        RowCase("not on a weekend", {**_MAKE_UP, "calendar_on": "2026-01-09"}, _MAKE_UP),
        RowCase("not on a weekend", {**_MAKE_UP, "calendar_on": "2026-01-12"}, {"calendar_on": "2026-05-01"}),
        RowCase("the year is mistyped", {"calendar_on": "2036-03-29"}, {"calendar_on": "2036-03-28"}),
        RowCase("A day off with working hours", {"morning_hours": "07:00-11:30"}, _MAKE_UP),
        RowCase("A day off with working hours", {"afternoon_hours": "13:30-17:00"}),
        RowCase("end before they begin", {**_MAKE_UP, "morning_hours": "11:30-07:00"}, _MAKE_UP),
        RowCase("end before they begin", {**_MAKE_UP, "afternoon_hours": "17:00-13:30"}),
        RowCase(
            "end before they begin",
            {**_MAKE_UP, "afternoon_hours": "11:00-17:00"},
            {**_MAKE_UP, "afternoon_hours": "11:30-17:00"},
        ),
    ],
}
_IN_UTC: Row = {**_RECEIVED_STEP, "processed_at": "2026-03-02 01:00:59"}
_IN_LOCAL_TIME: Row = {**_RECEIVED_STEP, "processed_at": "2026-03-02 08:00:00"}
_FACTORS = ("access", "procedure", "staff", "result", "feedback")
COLUMN_CASES: dict[str, list[ColumnCase]] = {
    "certified_copies": [
        ColumnCase(
            "one number into both columns",
            [{"electronic_requests": 100}],
            # a day without requests says nothing
            [{"electronic_requests": 100}, {}, {"requests": 0, "electronic_requests": 0}],
        )
    ],
    "explanations": [
        ColumnCase(
            "shorter than 30", [{"explanation_length": "brief"}], [{"explanation_length": "brief"}, {}]
        ),
        ColumnCase('"Khác"', [{"cause_code": "other"}], [{"cause_code": "other"}, {}]),
    ],
    "ministry_dossiers": [ColumnCase("in UTC", [_IN_UTC], [_IN_UTC, _IN_LOCAL_TIME])],
    "publication_decisions": [
        ColumnCase("even their name", [{"has_name": False}], [{"has_name": False}, {}])
    ],
    "satisfaction_surveys": [
        ColumnCase("five factors", [{"factor": f} for f in _FACTORS[:4]], [{"factor": f} for f in _FACTORS]),
        ColumnCase("Nearly every answer is the same", [{}], [{}, {"answer": 5}]),
        ColumnCase(
            "Most answers are empty", [{"answer": None}, {"answer": None}, {}], [{"answer": None}, {}]
        ),
    ],
    "working_calendar": [ColumnCase("changed places", [_MAKE_UP, _MAKE_UP, {}], [_MAKE_UP, {}])],
}
