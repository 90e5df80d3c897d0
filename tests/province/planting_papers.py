"""Faults of papers and results: files, links, and what the digitisation store holds of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.province.cases import DOCUMENTS, Case, fault, when
from tests.province.wire import held_code
from tests.province.wire_files import Row

PAPERS, RESULTS = "TaiLieuNop", "DanhSachGiayToKetQua"
FILE, RESULT_FILE = "DuongDanTaiTepTin", "DuongDanTepTinKetQua"
Item = dict[str, Any]


def _with_file(row: Row, **values: str) -> list[int]:
    """Places of the papers that have a file and were not taken back."""
    return [
        place
        for place, paper in enumerate(row[PAPERS])
        if paper[FILE]
        and paper["IsDeleted"] == "False"
        and all(paper[name] == value for name, value in values.items())
    ]


def _has_file(case: Case) -> bool:
    return bool(_with_file(case.here))


def _papers(case: Case) -> list[Item]:
    """The first paper with a file, in each version that the portal got; papers do not change."""
    place = _with_file(case.here)[0]
    return [row[PAPERS][place] for row in case.national]


def _results(case: Case) -> list[Item]:
    return [result for row in case.national for result in row[RESULTS]]


def _has_result_file(case: Case) -> bool:
    return any(result[RESULT_FILE] for result in case.here[RESULTS])


# --- results ---


@fault(
    "result_is_submitted_file",
    touches={"results", "components"},
    suits=lambda case: _has_result_file(case) and _has_file(case),
)
def result_is_submitted_file(case: Case) -> None:
    """Where there is no result, the software sends the first paper that was submitted."""
    link = _papers(case)[0][FILE]
    for result in _results(case):
        if result[RESULT_FILE]:
            result[RESULT_FILE] = link


@fault(
    "result_before_completion",
    touches={"results", "status", "ended"},
    suits=lambda case: case.is_in_progress and not case.there[RESULTS],
)
def result_before_completion(case: Case) -> None:
    """In progress on both sides, and the portal holds a result."""
    case.there[RESULTS].append(
        {
            "TenGiayTo": "Kết quả giải quyết",
            "MaThanhPhanHoSo": "000.00.00.H01-KQ000001",
            "GiayToId": "",
            RESULT_FILE: f"https://tep.example/{case.code}/kq1.pdf",
            "MaGiayToKetQua": "KQ.H01.000001",
        }
    )


@fault(
    "result_missing",
    touches={"results", "status"},
    suits=lambda case: case.is_over and bool(case.here[RESULTS]),
)
def result_missing(case: Case) -> tuple[str, ...]:
    """The list of results came empty."""
    for row in case.national:
        row[RESULTS] = []
    return ("result_not_pushed",) if _has_result_file(case) else ()


@fault("result_not_pushed", touches={"results"}, suits=_has_result_file)
def result_not_pushed(case: Case) -> None:
    """The result without its file."""
    for result in _results(case):
        result[RESULT_FILE] = ""


# --- papers ---


@fault("component_not_pushed", touches={"components"}, suits=_has_file)
def component_not_pushed(case: Case) -> None:
    """One paper without its file."""
    for paper in _papers(case):
        paper.update({FILE: "", "DuocSoHoa": "0"})


@fault("digitized_without_file", "component_not_pushed", touches={"components"}, suits=_has_file)
def digitized_without_file(case: Case) -> None:
    """The flag is a constant, and the file did not come."""
    for paper in _papers(case):
        paper.update({FILE: "", "DuocSoHoa": "1"})


@fault("link_internal", touches={"components"}, suits=_has_file)
def link_internal(case: Case) -> None:
    """An address inside the province's network."""
    for paper in _papers(case):
        paper[FILE] = f"https://10.0.12.5/{case.code}/1.pdf"


@fault("link_expiring", touches={"components"}, suits=_has_file)
def link_expiring(case: Case) -> None:
    """A link for some minutes."""
    for paper in _papers(case):
        paper[FILE] += "?t=1695168000"


# --- the store ---


def _digitized(case: Case) -> list[Row]:
    """Documents of the store of papers that the one-stop system says are digitised."""
    codes = {case.here[PAPERS][place]["MaThanhPhanHoSo"] for place in _with_file(case.here, DuocSoHoa="1")}
    return [row for row in case.documents if row["Loại giấy tờ"] == "TP" and row["Mã thành phần"] in codes]


@fault(
    "formal_digitization",
    touches={"store"},
    suits=lambda case: any(row["Đường dẫn"] for row in case.documents),
    changes=(DOCUMENTS,),
)
def formal_digitization(case: Case) -> None:
    """A picture of the paper, nothing read out of it."""
    next(row for row in case.documents if row["Đường dẫn"])["Dữ liệu trích xuất"] = ""


@fault(
    "digitized_not_in_store",
    touches={"store", "components"},
    suits=lambda case: bool(_digitized(case)),
    changes=(DOCUMENTS,),
)
def digitized_not_in_store(case: Case) -> None:
    """One paper never reached the store."""
    case.drop([_digitized(case)[0]])


def _reuses_what_is_held(case: Case) -> bool:
    """And no result of the dossier itself could stand for it."""
    own = {row["Mã kết quả"] for row in case.documents}
    claimed = {p["MaKetQuaThayThe"] for p in case.here[PAPERS] if p["IsDeleted"] == "False"}
    return any(row["Mã kết quả"] in claimed - own for row in case.held)


@fault(
    "reuse_without_store",
    touches={"store", "components"},
    suits=_reuses_what_is_held,
    changes=(DOCUMENTS,),
)
def reuse_without_store(case: Case) -> None:
    """The store holds nothing of what it says was taken from it."""
    case.drop(list(case.held))


def _asked_for(case: Case) -> list[int]:
    return _with_file(case.here, DuocTaiSuDung="0", DuocLayTuKhoDMQG="0")


@fault(
    "asked_again_although_held",
    touches={"store", "components", "received", "filed"},
    suits=lambda case: bool(case.documents) and bool(_asked_for(case)),
    changes=(DOCUMENTS,),
)
def asked_again_although_held(case: Case) -> None:
    """The store held that paper of the owner a month before."""
    like, paper = case.documents[0], case.here[PAPERS][_asked_for(case)[0]]
    code = held_code(case.code)
    like.file.add(
        {
            **like,
            "Mã giấy tờ": f"{code}-TP",
            "Mã hồ sơ": code,
            "Loại giấy tờ": "TP",
            "Mã thành phần": paper["MaThanhPhanHoSo"],
            "Ngày số hóa": _slashed(when(case.here["NgayNopHoSo"]) - timedelta(days=30)),
            "Đường dẫn": f"/kho/{code}/tp",
            "Đã đồng bộ DVCQG": "0",
            "Mã kết quả": "",
            "Hiệu lực đến": "",
        }
    )


def _slashed(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M:%S}"
