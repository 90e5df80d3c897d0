"""For each expectation written by hand: a row that it takes, and one that it must not.

A row is what differs from the healthy row of its table, in which {n} stands for its number. Cases of what
the contracts say are made from the contracts, in test_suites.py. Small sources: suite_cases_small.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Row = dict[str, Any]

BUSINESS_DAY_ENDS = "2026-03-31 23:59:59"
TOMORROW = "2026-04-01 08:00:00"
AGENCIES = ["H01", "H01.01", "000.00.01.H01"]
# code → level of service; the catalogue that dossiers are compared with
CATALOGUE = {"1.000001": "4", "1.000002": "2"}

_DOSSIER: Row = {
    "dossier_code": "H01.01-260301-{n:04d}",
    "agency_code": "H01.01",
    "procedure_code": "1.000001",
    "field_code": "G15-HT01",
    "channel_code": "2",
    "owner_type_code": "1",
    "filed_at": "2026-03-02 07:00:00",
    "received_at": "2026-03-02 08:00:00",
    "due_at": "2026-03-06 17:00:00",
    "ended_at": "2026-03-04 09:00:00",
    "returned_at": "2026-03-05 10:00:00",
    "status_code": "10",
    "return_method_code": "0",
    "processing_unit_name": "Sở Ví dụ",
    "filed_through_code": "1",
    "has_digitized_component": True,
    "is_vneid_verified": True,
    "online_payment_code": "1",
    "has_procedure_name": True,
    "synced_at": "2026-03-05 10:15:00",
    "owner_identity_class": "twelve_digits",
    "owner_phone_class": "mobile",
    "abstract_class": "written",
}
# what the one-stop system says of its own work
_SENDING: Row = {
    "modified_at": "2026-03-05 10:00:00",
    "sync_flag_code": "1",
    "sync_queue_code": "3",
    "has_sync_reply": True,
    "is_deleted": False,
}
_LISTS: dict[str, Row] = {
    "components": {
        "component_code": "TP1",
        "has_file": True,
        "file_link_class": "public",
        "is_digitized": True,
        "reuse_code": "0",
    },
    "fees": {"fee_code": "1", "fee_kind_code": "1", "collected_when_code": "1", "amount": 5000},
    "supplements": {
        "requested_at": "2026-03-03 08:00:00",
        "completed_at": "2026-03-03 09:00:00",
        "is_completed": True,
    },
    "results": {"result_code": "KQ1", "has_file": True, "file_link_class": "public"},
    "linked_databases": {"database_code": "7"},
}
HEALTHY: dict[str, Row] = {
    "agencies": {
        "agency_code": "H01.{n:03d}",
        "old_agency_code": "000.00.01.H01",
        "agency_name": "Sở Ví dụ",
        "agency_level": "department",
        "parent_agency_code": "H01.001",
        "valid_from_on": "2025-07-01",
    },
    "procedures": {
        "procedure_code": "1.{n:06d}",
        "procedure_name": "Đăng ký",
        "field_code": "G15-HT01",
        "field_name": "Hộ tịch",
        "level": "communal",
        "service_level_code": "4",
        "time_limit_days": 5,
        "has_fee": True,
        "returns_paper": True,
        "is_for_citizens": True,
        "is_for_business": False,
        "is_outside_competence": False,
    },
    "processing_steps": {
        "side": "one_stop",
        "dossier_code": "H01.01-260301-0001",
        "processed_at": "2026-03-02 08:00:00",
        "status_code": "2",
        "officer_class": "named",
    },
    "payments": {
        "payment_code": "DVC{n}",
        "dossier_code": "H01.01-260301-0001",
        "amount": 5000,
        "state": "succeeded",
        "method": "online",
        "gateway_code": "1",
        "paid_at": "2026-03-02 14:00:00",
    },
    "petitions": {
        "petition_code": "PAKN.{n}",
        "agency_code": "H01.01",
        "kind": "procedure",
        "sent_at": "2026-03-02 08:00:00",
        "received_at": "2026-03-02 09:00:00",
        "transferred_at": "2026-03-02 10:00:00",
        "handled_at": "2026-03-03 09:00:00",
        "published_at": "2026-03-04 09:00:00",
        "status_text": "đã công khai",
    },
    "digitized_documents": {
        "document_code": "D{n}",
        "dossier_code": "H01.01-260301-0001",
        "kind": "result",
        "component_code": "KQ1",
        "result_code": "KQ1",
        "digitized_at": "2026-03-02 08:00:00",
        "has_file": True,
        "is_pushed": True,
        "has_data": True,
    },
    "portal_scores": {
        "province_code": "H44",
        "unit_name": "Sở Ví dụ {n}",
        "period_label": "2026-08",
        "endpoint": "transparency",
        "metric_code": "M1",
        "field_name": "ratio",
        "value": 50,
    },
}
for _source in ("one_stop_dossiers", "national_dossiers"):
    HEALTHY[_source] = _DOSSIER | (_SENDING if _source == "one_stop_dossiers" else {})
    for _name, _row in _LISTS.items():
        HEALTHY[f"{_source}__{_name}"] = {"dossier_code": "H01.01-260301-0001", **_row}


class RowCase(NamedTuple):
    """Which expectation (its table, if a list's, and words of its `why`), a bad row, and a good one."""

    why: str
    bad: Row
    good: Row = {}  # noqa: RUF012
    table: str | None = None


class ColumnCase(NamedTuple):
    """Which expectation, and rows that fill a delivery: bad ones, and good ones."""

    why: str
    bad: list[Row]
    good: list[Row]


_STILL_OPEN: Row = {"status_code": "4", "ended_at": None, "returned_at": None}
# row 2 of the dossiers, for the cases of lists in them
STILL_OPEN: dict[str, Row] = {
    "one_stop_dossiers": _STILL_OPEN,
    "national_dossiers": _STILL_OPEN,
    "ministry_dossiers": {"status_code": "4"},
}

_DOSSIER_ROWS = [
    RowCase("stands more than once in one delivery", {"dossier_code": "H01.01-260301-0001"}),
    RowCase("in no list of agencies", {"agency_code": "H99.99"}, {"agency_code": "000.00.01.H01"}),
    RowCase(
        "not in the catalogue", {"procedure_code": "1.999999"}, {"procedure_code": "1.000001.000.00.00.H35"}
    ),
    RowCase("MucDo2NopTrucTuyen", {"procedure_code": "1.000002.000.00.00.H35"}),
    RowCase("KhongCoNgayTiepNhan", {"received_at": None, "status_code": "4"}),
    RowCase("KhongCoNgayKetThuc", {"ended_at": None, "status_code": "9"}),
    RowCase("TiepNhanSauNgayHienTai", {"received_at": TOMORROW}, {"received_at": BUSINESS_DAY_ENDS}),
    RowCase("KetThucSauNgayHienTai", {"ended_at": TOMORROW}, {"ended_at": BUSINESS_DAY_ENDS}),
    RowCase(
        "KetThucHoSoTruocNgayNhan", {"ended_at": "2026-03-02 07:59:59"}, {"ended_at": "2026-03-02 08:00:00"}
    ),
    RowCase(
        "In progress without a due date", {**_STILL_OPEN, "due_at": None}, {**_STILL_OPEN, "status_code": "2"}
    ),
    RowCase("Due before it was received", {"due_at": "2026-03-02 07:59:59"}),
    RowCase("Received before it was filed", {"filed_at": "2026-03-02 08:00:01"}),
    RowCase("in the very second", {"ended_at": "2026-03-02 08:00:00"}),
    RowCase("handed over before the processing ended", {"returned_at": "2026-03-04 08:59:59"}),
    RowCase("still being worked on", {"status_code": "2"}, {**_STILL_OPEN}),
    RowCase('not "result returned"', {"status_code": "9"}, {"status_code": "9", "returned_at": None}),
    RowCase("said to be digitised", {"has_file": False}, table="components"),
    RowCase(
        "replaced by an earlier result",
        {"reuse_code": "2"},
        {"reuse_code": "2", "replacing_result_code": "KQ1"},
        table="components",
    ),
    RowCase("came before it was asked for", {"completed_at": "2026-03-03 07:59:59"}, table="supplements"),
    RowCase("said to have come, but not when", {"completed_at": None}, table="supplements"),
    # row 2 of the dossiers is the bad one: a dossier that is still open
    RowCase("before the dossier was finished", {"row_number": 2}, {"row_number": 1}, table="results"),
]
_DOSSIER_COLUMNS = [
    ColumnCase(
        "Made-up identity numbers",
        [{"owner_identity_class": "placeholder"}, *[{}] * 9],
        [{"owner_identity_class": "placeholder"}, *[{}] * 24],
    ),
    ColumnCase("Made-up telephone numbers", [{"owner_phone_class": "placeholder"}, *[{}] * 9], [{}]),
    ColumnCase("software's own word", [{"abstract_class": "placeholder"}], [{"abstract_class": "other"}]),
    ColumnCase(
        "more than a tenth",
        [{"owner_link": "a"}, {"owner_link": "b"}],
        [{"owner_link": str(n)} for n in range(20)],
    ),
    ColumnCase("NgayTiepNhan into NgayNopHoSo", [{"filed_at": "2026-03-02 08:00:00"}], [{}]),
    ColumnCase("without a time of day", [{"received_at": "2026-03-02 00:00:00"}], [{}]),
    ColumnCase("all fees are 0", [{"amount": 0}], [{"amount": 0}, {}]),
]

ROW_CASES: dict[str, list[RowCase]] = {
    "one_stop_dossiers": _DOSSIER_ROWS,
    "national_dossiers": _DOSSIER_ROWS,
    "processing_steps": [
        RowCase("in the future", {"processed_at": TOMORROW}, {"processed_at": BUSINESS_DAY_ENDS}),
        RowCase(
            "ended before it began",
            {"started_at": "2026-03-02 08:00:01"},
            {"started_at": "2026-03-02 08:00:00"},
        ),
    ],
    "payments": [
        RowCase("would be counted twice", {"payment_code": "DVC1"}),
        RowCase("no payment; it must not count", {"amount": 0}, {"amount": 1}),
        RowCase("in the future", {"paid_at": TOMORROW}, {"paid_at": BUSINESS_DAY_ENDS}),
        RowCase("through no gateway", {"gateway_code": None}),
        RowCase("Paid in cash", {"method": "cash"}, {"method": "cash", "gateway_code": None}),
    ],
    "petitions": [
        RowCase("stands more than once", {"petition_code": "PAKN.1"}),
        RowCase("in no list of agencies", {"agency_code": "H99.99"}),
        RowCase("received in the future", {"received_at": TOMORROW}),
        RowCase("handled in the future", {"handled_at": TOMORROW}),
        RowCase("received before it was sent", {"received_at": "2026-03-02 07:59:59"}),
        RowCase("handled before it was received", {"handled_at": "2026-03-02 08:59:59"}),
        RowCase("handed on before it was received", {"transferred_at": "2026-03-02 08:59:59"}),
        RowCase("published before the petition was handled", {"published_at": "2026-03-03 08:59:59"}),
        RowCase("never handled", {"handled_at": None}),
    ],
    "digitized_documents": [
        RowCase("stands twice", {"document_code": "D1"}),
        RowCase("in the future", {"digitized_at": TOMORROW}),
        RowCase("not its file", {"has_file": False}),
    ],
    "agencies": [
        RowCase("stands twice", {"agency_code": "H01.001"}),
        RowCase("above it is not in the list", {"parent_agency_code": "H09"}),
        RowCase("ended before it began", {"valid_to_on": "2025-06-30"}, {"valid_to_on": "2025-07-01"}),
    ],
    "procedures": [
        RowCase("stands twice", {"procedure_code": "1.000001"}),
        RowCase(
            "whose service it is",
            {"is_for_citizens": False},
            {"is_for_citizens": False, "is_for_business": True},
        ),
    ],
    "portal_scores": [
        RowCase("delivered twice on one day", {"unit_name": "Sở Ví dụ 1"}),
        RowCase("above 100 %", {"value": 100.01}, {"value": 100}),
    ],
}
_CASH: Row = {"method": "cash", "gateway_code": None}
COLUMN_CASES: dict[str, list[ColumnCase]] = {
    "one_stop_dossiers": _DOSSIER_COLUMNS,
    "national_dossiers": _DOSSIER_COLUMNS,
    "processing_steps": [
        ColumnCase("Chuyên viên", [{"officer_class": "placeholder"}], [{"officer_class": "placeholder"}, {}]),
        ColumnCase("carry one status", [{}], [{}, {"status_code": "9"}]),
    ],
    "payments": [ColumnCase("clock of 12", [{"paid_at": "2026-03-02 12:59:59"}], [{}, _CASH])],
    "agencies": [
        ColumnCase(
            "more than one province",
            [{"agency_level": "province"}, {"agency_level": "province"}],
            [{"agency_level": "province"}, {}],
        ),
        ColumnCase("names no province", [{}], [{"agency_level": "province"}, {}]),
    ],
    "procedures": [
        ColumnCase("offered at level 2", [{"service_level_code": "2"}], [{"service_level_code": "2"}, {}]),
        ColumnCase("has a fee", [{"has_fee": False}], [{"has_fee": False}, {}]),
    ],
    "portal_scores": [ColumnCase("has a value", [{"value": None}] * 19 + [{}], [{"value": None}, {}])],
}
