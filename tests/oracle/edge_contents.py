"""Dossiers on the edge of counting at all, and of the indicators that look at their contents."""

from __future__ import annotations

from tests.oracle.edge import UNKNOWN, Row, due


def paper(reused: str, deleted: str = "False") -> Row:
    """One TaiLieuNop."""
    return {
        "MaThanhPhanHoSo": "TP1",
        "IsDeleted": deleted,
        "DuongDanTaiTepTin": "https://tep.example/1.pdf",
        "DuocSoHoa": "1",
        "DuocTaiSuDung": reused,
        "DuocLayTuKhoDMQG": "0",
        "MaKetQuaThayThe": "",
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
