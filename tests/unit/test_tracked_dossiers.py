"""The list of tracked dossiers as one-stop systems export it, landed under its contract."""

from __future__ import annotations

from pathlib import Path

from orchestration.landing.contracts import load_contract
from tests.unit.helpers import SOURCES, at, land_files, quarantined
from tests.unit.writing import as_html

CONTRACT = load_contract(SOURCES / "tracked_dossiers.yml")
HEADER = [
    "STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp",
    "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
]  # fmt: skip
WHO = ["Tổ 1, ấp Giả Định", "Nguyễn Văn Mẫu", "Trần Thị Thử"]


def listed(number: int, code: str, status: str, *times: str) -> list[str]:
    return [str(number), "Sở Ví dụ", "Đăng ký  khai sinh", code, status, *WHO, *times]


ROWS = [
    listed(1, "H38.1-260302-0001", "Đang xử lý", "02/03/2026 07:00:01", "02/03/2026 08:00", "12/03/2026", ""),
    listed(2, "000.17.22.H38-260302-0002", "Liên thông", "", "02/03/2026", "", "03/03/2026 09:00:00"),
]
TITLES = [["DANH SÁCH THEO DÕI HỒ SƠ"], ["Từ ngày 01/03/2026 đến ngày 31/03/2026"]]
TOTAL = ["Tổng số", "2 hồ sơ", *[""] * 10]


def test_titles_and_total_are_no_rows_and_each_form_of_date_is_read(tmp_path: Path) -> None:
    landed = land_files(tmp_path, CONTRACT, a_xls=as_html([*TITLES, HEADER, *ROWS, TOTAL]))
    assert landed.numbers("a.xls") == (2, 2, 0)
    columns = "dossier_code, agency_code, agency_name, procedure_name, status_label"
    assert landed.rows(columns, CONTRACT.source) == [
        ("H38.1-260302-0001", "H38.1", "Sở Ví dụ", "Đăng ký khai sinh", "Đang xử lý"),
        ("000.17.22.H38-260302-0002", "000.17.22.H38", "Sở Ví dụ", "Đăng ký khai sinh", "Liên thông"),
    ]
    assert landed.rows("filed_at, received_at, due_at, ended_at", CONTRACT.source) == [
        (at("2026-03-02 07:00:01"), at("2026-03-02 08:00:00"), at("2026-03-12"), None),
        (None, at("2026-03-02"), None, at("2026-03-03 09:00:00")),
    ]


def test_who_filed_and_who_owns_is_dropped(tmp_path: Path) -> None:
    spoiled = listed(3, "H38.1-260302-0003", "Đang xử lý", "", WHO[1], "", "")
    landed = land_files(tmp_path, CONTRACT, a_xls=as_html([HEADER, *ROWS, spoiled]))
    account = landed.account("a.xls")
    assert account.personal_columns_dropped == ["Chủ hồ sơ", "Người nộp", "Địa chỉ"]
    assert quarantined(account) == [(3, "Ngày nhận", "xxxxxx xxx xxx")]
    # Parquet is packed, so its rows are written out
    manifests = "".join(p.read_text(encoding="utf-8") for p in landed.store.root.rglob("*.json"))
    written = manifests + str(landed.rows("*", CONTRACT.source))
    assert "H38.1-260302-0001" in written
    assert not any(who in written for who in WHO)
