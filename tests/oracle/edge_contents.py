"""Dossiers on the edge of counting at all, and of the indicators that look at their contents."""

from __future__ import annotations

from tests.oracle.edge import (
    COMMUNAL,
    NO_PAPER,
    NOT_FOR_CITIZENS,
    NOT_ONLINE,
    PRESENT,
    RENUMBERED,
    SHORT_LIMIT,
    UNKNOWN,
    ZERO_LIMIT,
    Edge,
    Row,
    due,
)


def paper(reused: str, deleted: str = "False", **more: str) -> Row:
    """One TaiLieuNop."""
    return {
        "MaThanhPhanHoSo": "TP1",
        "IsDeleted": deleted,
        "DuongDanTaiTepTin": "https://tep.example/1.pdf",
        "DuocSoHoa": "1",
        "DuocTaiSuDung": reused,
        "DuocLayTuKhoDMQG": "0",
        "MaKetQuaThayThe": "",
        **more,
    }


def fee(amount: str) -> Row:
    """One DanhSachLePhi."""
    return {"MaPhiLePhi": "1", "HinhThucThu": "1", "Gia": amount, "LoaiPhiLePhi": "1"}


def result(path: str) -> Row:
    """One DanhSachGiayToKetQua."""
    return {"MaThanhPhanHoSo": "KQ1", "DuongDanTepTinKetQua": path, "MaGiayToKetQua": "KQ.1"}


RECEPTION = [
    due("just registered", "20260310170000", TrangThaiHoSo="1"),
    due("not received", "20260310170000", TrangThaiHoSo="3", NgayKetThucXuLy="20260303080000"),
    due("status 0 of the transport system", "20260310170000", "20260303080000", TrangThaiHoSo="0"),
    due("status 11 of the notices", "20260310170000", "20260303080000", TrangThaiHoSo="11"),
    due("no status", "20260310170000", "20260303080000", TrangThaiHoSo=""),
    due("no reception date", "20260310170000", "20260303080000", NgayTiepNhan=""),
    due("old agency code", "20260310170000", "20260303080000", MaHoSo="000.00.02.H01-260302-9001"),
    due("agency nobody knows", "20260310170000", "20260303080000", MaHoSo="H99.01-260302-9001"),
    due("the province itself", "20260310170000", "20260303080000", MaHoSo="H01-260302-9001"),
    due("the province itself by its old code", "20260310170000", "", MaHoSo="000.00.00.H01-260302-9001"),
    due("small letters and blanks", "20260310170000", "20260303080000", MaHoSo=" h01.02-260302-9801 "),
    due("department that ended in May", "20260310170000", "20260303080000", MaHoSo="H01.90-260302-9001"),
    due(
        "the same, received after it",
        "20260710170000",
        MaHoSo="H01.90-260630-9001",
        NgayTiepNhan="20260630080000",
    ),
    due(
        "department that began in August",
        "20260910170000",
        MaHoSo="H01.91-260803-9001",
        NgayTiepNhan="20260803080000",
    ),
    due(
        "the same, received before it",
        "20260710170000",
        MaHoSo="H01.91-260630-9001",
        NgayTiepNhan="20260630080000",
    ),
    due("department the newest list has not", "20260310170000", MaHoSo="H01.92-260302-9001"),
    due("a code without hyphen", "20260310170000", "20260303080000", MaHoSo="H01.02"),
]

CONTENTS = [
    due("no fee items", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="1"),
    due("fee of 0", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="1", DanhSachLePhi=[fee("0")]),
    due("fee of nothing", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="2", DanhSachLePhi=[fee("")]),
    due(
        "0 and half a dong",
        "",
        MaTTHC=UNKNOWN,
        DuocThanhToanTrucTuyen="2",
        DanhSachLePhi=[fee("0"), fee("0.5")],
    ),
    due("paid in cash", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="3", DanhSachLePhi=[fee("5000")]),
    due(
        "not said how it was paid", "", MaTTHC=UNKNOWN, DuocThanhToanTrucTuyen="", DanhSachLePhi=[fee("5000")]
    ),
    due("no channel", "", MaTTHC=UNKNOWN, KenhThucHien=""),
    due("channel 0", "", MaTTHC=UNKNOWN, KenhThucHien="0"),
    due("reused but deleted", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("1", "True"), paper("0")]),
    due("reused result", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("0"), paper("2", "false")]),
    due("reuse code 3", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("3")]),
    due("result without a file", "", MaTTHC=UNKNOWN, DanhSachGiayToKetQua=[result(""), result("  ")]),
    due("second result has a file", "", MaTTHC=UNKNOWN, DanhSachGiayToKetQua=[result(""), result("a.pdf")]),
    due("a petition names it", "20260310170000", "20260303080000", MaHoSo="H01.691-260302-9001"),
    due(
        "a petition names it in small letters",
        "20260310170000",
        "20260303080000",
        MaHoSo="H01.692-260302-9001",
    ),
    due("late, and a petition names it", "20260310170000", "20260323080000", MaHoSo="H01.693-260302-9001"),
]

PAPER, NO_FILE, DELETED = paper("0"), paper("0", DuongDanTaiTepTin="  "), paper("0", "true")
FROM_STORE = {"DuocLayTuKhoDMQG": "1"}


def digitised(name: str, procedure: str, components: list[Row], results: list[Row]) -> Edge:
    """A dossier with papers in it."""
    return due(name, "", MaTTHC=procedure, TaiLieuNop=components, DanhSachGiayToKetQua=results)


DIGITISATION = [
    digitised("a file, no paper known to be due", UNKNOWN, [PAPER], []),
    digitised("a file, no paper due", NO_PAPER, [NO_FILE, PAPER], []),
    digitised("a file, but no result where a paper is due", SHORT_LIMIT, [PAPER], []),
    digitised("a file, the result without one", SHORT_LIMIT, [PAPER], [result(" ")]),
    digitised("a file, the second result with one", SHORT_LIMIT, [PAPER], [result(""), result("a.pdf")]),
    digitised("a result, but the component without a file", SHORT_LIMIT, [NO_FILE], [result("a.pdf")]),
    digitised("the component with a file is deleted", SHORT_LIMIT, [NO_FILE, DELETED], [result("a.pdf")]),
    digitised("the present number returns a paper", RENUMBERED, [PAPER], []),
    digitised("the number with its publisher", f"{NO_PAPER}.H01", [PAPER], []),
]

STORE = [
    due("from the store", "", MaTTHC=UNKNOWN, TaiLieuNop=[PAPER, paper("0", **FROM_STORE)]),
    due("from the store but deleted", "", MaTTHC=UNKNOWN, TaiLieuNop=[paper("0", "1", **FROM_STORE), PAPER]),
    due("a result pushed", "", MaTTHC=UNKNOWN, MaHoSo="H01.674-260302-9001"),
    due("a result not pushed", "", MaTTHC=UNKNOWN, MaHoSo="H01.675-260302-9001"),
    due("a component pushed", "", MaTTHC=UNKNOWN, MaHoSo="H01.676-260302-9001"),
    due("pushed in the newest version", "", MaTTHC=UNKNOWN, MaHoSo="H01.677-260302-9001"),
    due("not pushed in the newest version", "", MaTTHC=UNKNOWN, MaHoSo="H01.678-260302-9001"),
]
# document, dossier, kind, file, pushed
OLD_DOCUMENTS = [
    ("9004", "H01.677-260302-9001", "KQ", "/kho/4", "0"),
    ("9005", "H01.678-260302-9001", "KQ", "/kho/5", "1"),
]
DOCUMENTS = [
    ("9001", " h01.674-260302-9001", "kq", "", "1"),
    ("9002", "H01.675-260302-9001", "KQ", "/kho/2", "0"),
    ("9003", "H01.676-260302-9001", "TP", "/kho/3", "1"),
    ("9004", "H01.677-260302-9001", "KQ", "/kho/4", "True"),
    ("9005", "H01.678-260302-9001", "KQ", "/kho/5", "0"),
]

POPULATION_DATA = [
    due("verified", "", MaTTHC=SHORT_LIMIT, TaiKhoanDuocXacThucVoiVNeID="true"),
    due("a link without a code", "", MaTTHC=SHORT_LIMIT, DSKetNoiCSDL=[{"MaCSDL": " "}]),
    due("the second link has a code", "", MaTTHC=SHORT_LIMIT, DSKetNoiCSDL=[{"MaCSDL": ""}, {"MaCSDL": "1"}]),
    due("not for citizens", "", MaTTHC=NOT_FOR_CITIZENS, TaiKhoanDuocXacThucVoiVNeID="1"),
]


def online(name: str, procedure: str, **more: str) -> Edge:
    """A dossier filed online, in a field, paid for online."""
    fields = {"KenhThucHien": "2", "DuocThanhToanTrucTuyen": "2", "MaLinhVuc": "G15-HT01"}
    return due(name, "", MaTTHC=procedure, DanhSachLePhi=[fee("5000")], **(fields | more))


SERVICES = [
    online("a service by its number with the publisher", f"{SHORT_LIMIT}.000.00.00.H01"),
    online("a service by its old number", RENUMBERED),
    online("by both numbers, the old one", RENUMBERED, MaHoSo="H01.679-260302-9001"),
    online("by both numbers, the present one", PRESENT, MaHoSo="H01.679-260302-9002", KenhThucHien="1"),
    online("not offered online", NOT_ONLINE),
    online("a communal procedure at a department", COMMUNAL),
    online("a procedure nobody knows", UNKNOWN),
    online("never received", SHORT_LIMIT, TrangThaiHoSo="1"),
    online("never received before, and paid in cash", SHORT_LIMIT, DuocThanhToanTrucTuyen="3"),
    online("received in another year", SHORT_LIMIT, NgayTiepNhan="20250303080000"),
    online("received after D", SHORT_LIMIT, NgayTiepNhan="20261005080000"),
    online("at an agency nobody knows", ZERO_LIMIT, MaHoSo="H99.01-260302-9002"),
]
