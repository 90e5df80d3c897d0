"""The made-up province: same bytes again, the contracts' names, and faults that are really there."""

from __future__ import annotations

import csv
import gzip
import hashlib
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

from orchestration.landing.contracts import load_contract
from tests.province.__main__ import main
from tests.province.clock import AFTERNOON_ENDS, DAY, Clock, day_number
from tests.province.making import make_province
from tests.province.plan import Arguments, fault_counts
from tests.province.small_files import SMALL_SOURCES, TABLES
from tests.unit.helpers import land

ROOT = Path(__file__).parents[2]
SIDES = ("one_stop_dossiers", "national_dossiers")
# what only the one-stop system says, of its own work
SENDING = (
    "TrangThaiDongBoDVC", "TrangThaiHangDoi", "PhanHoiDongBo", "DaXoa", "NgayCapNhat", "NgayGuiThuXinLoi",
)  # fmt: skip
CLOSER = {"status_differs": {"status_rewritten_to_done"}, "due_differs": {"due_missing"}}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("province")
    make_province(Arguments(2000), out)
    return out


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    make_province(Arguments(600, fault_rate=0, deliveries=3), out)
    return out


def messages(out: Path, source: str) -> Iterator[Row]:
    """All messages of a source, deliveries in their order."""
    for path in sorted((out / "raw" / source).rglob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def dossiers(out: Path, source: str) -> dict[str, Row]:
    """Dossiers by code, as the last delivery that holds them has them."""
    return {row["MaHoSo"]: row for message in messages(out, source) for row in message["data"]}


def steps(out: Path) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {"MC": [], "DVCQG": []}
    for message in messages(out, "processing_steps"):
        rows = message["data"]
        found[message["NguonDuLieu"]] += [(r["MaHoSo"], r["ThoiDiemXuLy"], r["TrangThai"]) for r in rows]
    return found


def table(out: Path, source: str) -> list[Row]:
    rows: list[Row] = []
    for path in sorted((out / "raw" / source).rglob("*.csv")):
        rows += csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
    return rows


def tracked(out: Path, day: str) -> dict[str, Row]:
    """Dossiers by code, as the page of that day lists them."""
    rows: dict[str, Row] = {}
    for path in sorted((out / "raw" / "tracked_dossiers" / day).glob("*.xls")):
        lines = re.findall("<tr>(.*)</tr>", path.read_text(encoding="utf-8"))
        cells = [
            [html.unescape(cell) for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", line)]
            for line in lines
        ]
        _, _, header, *body, total = cells
        assert total[:2] == ["Tổng số", f"{len(body)} hồ sơ"]
        rows |= {row["Mã hồ sơ"]: row for row in (dict(zip(header, line, strict=True)) for line in body)}
    return rows


def faults(out: Path) -> list[Row]:
    with (out / "truth" / "faults.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def digest(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def contract(source: str) -> Row:
    loaded: Row = yaml.safe_load((ROOT / "raw" / "sources" / f"{source}.yml").read_text(encoding="utf-8"))
    return loaded


# --- the same again ---


def test_same_arguments_same_bytes_and_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_province(Arguments(300, seed=seed, departments=3, communes=5, gzip=True), tmp_path / name)
    first, again, other = (digest(tmp_path / name) for name in "abc")
    assert first == again
    assert first.keys() == other.keys()
    same = {name for name in first if first[name] == other[name]}
    alike = ("_COMPLETE", "procedures", "agencies", "working_calendar")
    assert all(any(word in n for word in alike) for n in same)


def test_packed_files_hold_the_same(tmp_path: Path) -> None:
    make_province(Arguments(50), tmp_path / "plain")
    make_province(Arguments(50, gzip=True), tmp_path / "packed")
    for path in (p for p in (tmp_path / "plain" / "raw").rglob("*") if p.suffix in (".json", ".csv")):
        packed = tmp_path / "packed" / path.relative_to(tmp_path / "plain")
        assert gzip.decompress(packed.with_name(packed.name + ".gz").read_bytes()) == path.read_bytes()


# --- form ---


@pytest.mark.parametrize("source", SIDES)
def test_dossiers_have_the_names_of_the_contract(province: Path, source: str) -> None:
    spec = contract(source)
    wanted = {c["wire"] for c in spec["columns"]} | {x["wire"] for x in spec["lists"]}
    # the message's own names; a list of the same dossiers has Vietnamese headers
    wanted |= {p["wire"] for p in spec["personal"] if p["wire"].isascii()}
    lists: dict[str, set[str]] = {}
    for row in dossiers(province, source).values():
        assert wanted <= row.keys()
        for nested in spec["lists"]:
            for item in row[nested["wire"]]:
                lists.setdefault(nested["wire"], set()).update(item)
                assert all(isinstance(v, str | list) for v in item.values())
        assert all(isinstance(v, str | list) for v in row.values())
    for nested in spec["lists"]:
        assert {c["wire"] for c in nested["columns"]} <= lists[nested["wire"]]
    assert ("MaHoSoKhac" in row) is (source == "one_stop_dossiers")


@pytest.mark.parametrize("source", ["processing_steps", "payments"])
def test_messages_have_the_names_of_the_contract(province: Path, source: str) -> None:
    spec = contract(source)
    wanted = {c["wire"] for c in spec["columns"]} | {p["wire"] for p in spec["personal"]}
    for message in messages(province, source):
        assert {c["wire"] for c in spec.get("envelope", [])} <= message.keys()
        assert all(wanted == row.keys() for row in message["data"])


@pytest.mark.parametrize("source", ["agencies", "procedures", "petitions", "digitized_documents"])
def test_tables_have_the_headers_and_codes_of_the_contract(province: Path, source: str) -> None:
    spec, rows = contract(source), table(province, source)
    assert rows
    wanted = {c["wire"] for c in spec["columns"]} | {p["wire"] for p in spec.get("personal", [])}
    assert rows[0].keys() == wanted
    for column in spec["columns"]:
        if "codes" in column:
            assert {row[column["wire"]].upper() for row in rows} <= column["codes"].keys()
        if column.get("required") and column["name"] != "handled_at":
            assert all(row[column["wire"]] for row in rows)


def test_deliveries_are_complete_and_hold_only_news(clean: Path) -> None:
    days = ["2026-07-31", "2026-08-31", "2026-09-30"]
    for source in (clean / "raw").iterdir():
        assert sorted(d.name for d in source.iterdir()) == days
        assert all((d / "_COMPLETE").exists() for d in source.iterdir())
    sizes = []
    for day in days:
        rows = [
            r
            for p in (clean / "raw/one_stop_dossiers" / day).glob("*.json")
            for r in json.loads(p.read_text())["data"]
        ]
        sizes.append(len(rows))
        limit = day.replace("-", "") + "235959"
        for row in rows:
            times = [
                row[k] for k in ("NgayNopHoSo", "NgayTiepNhan", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi")
            ]
            assert all(t <= limit for t in times)
    assert sizes[0] > 3 * sizes[1]
    assert len(dossiers(clean, "one_stop_dossiers")) == 600


def test_step_keys_are_unique_and_codes_too(province: Path) -> None:
    for rows in steps(province).values():
        keys = [(code, at) for code, at, _ in rows]
        assert len(keys) == len(set(keys))
    payments = [r["MaThamChieu"] for m in messages(province, "payments") for r in m["data"]]
    assert len(payments) == len(set(payments))
    papers = [r["Mã giấy tờ"] for r in table(province, "digitized_documents")]
    assert len(papers) == len(set(papers))


# --- truth ---


def test_clean_province_has_equal_sides(clean: Path) -> None:
    one_stop, national = (dossiers(clean, source) for source in SIDES)
    for row in one_stop.values():
        assert row.pop("MaHoSoKhac") in ("", row["MaHoSo"])
        said = {name: row.pop(name) for name in SENDING}
        assert [said[name] for name in SENDING[:4]] == ["1", "3", "Cập nhật thành công", "0"]
        assert row["NgayNopHoSo"] <= said["NgayCapNhat"] <= row["NgayDongBo"] <= "20260930235959"
    assert one_stop == national
    both = steps(clean)
    assert both["MC"] == both["DVCQG"]
    assert faults(clean) == []


def test_faults_are_in_the_extracts_and_nothing_else_is(province: Path) -> None:
    one_stop, national = (dossiers(province, source) for source in SIDES)
    told: dict[str, set[str]] = {}
    for fault in faults(province):
        told.setdefault(fault["fault_code"], set()).add(fault["dossier_code"])
        found_by = fault["expected_findings"].split(";")
        assert found_by[0] == fault["fault_code"]
        assert set(found_by[1:]) <= CLOSER.get(fault["fault_code"], set())
    both = one_stop.keys() & national.keys()
    found = {
        "missing_on_national": one_stop.keys() - national.keys(),
        "missing_on_one_stop": national.keys() - one_stop.keys(),
        "status_differs": {c for c in both if one_stop[c]["TrangThaiHoSo"] != national[c]["TrangThaiHoSo"]},
        "due_differs": {c for c in both if one_stop[c]["NgayHenTra"] != national[c]["NgayHenTra"]},
    }
    assert told == found
    assert all(len(codes) >= 3 for codes in told.values())
    assert told["status_differs"] & told["due_differs"]
    assert len(one_stop) == 2000
    for code in both:
        changed = {k for k in national[code] if national[code][k] != one_stop[code][k]}
        assert changed <= {"TrangThaiHoSo", "NgayHenTra"}
    # what a closer look at the same difference says
    closer = {f["dossier_code"] for f in faults(province) if f["expected_findings"].count(";")}
    assert closer == {
        code
        for code in both
        if (national[code]["NgayHenTra"] == "" != one_stop[code]["NgayHenTra"])
        or (national[code]["TrangThaiHoSo"] == "9" and one_stop[code]["TrangThaiHoSo"] in ("5", "6", "8"))
    }
    for code in told["missing_on_national"]:
        row = one_stop[code]
        assert [row[n] for n in (*SENDING[:3], "NgayDongBo")] == ["0", "1", "", ""]
    with_steps = {side: {code for code, _, _ in rows} for side, rows in steps(province).items()}
    assert with_steps["MC"] - with_steps["DVCQG"] == told["missing_on_national"]
    assert with_steps["DVCQG"] - with_steps["MC"] == told["missing_on_one_stop"]


def test_every_fault_occurs_in_a_small_province() -> None:
    assert all(count >= 3 for count in fault_counts(Arguments(500, fault_rate=0.001 * 2)).values())
    assert not any(fault_counts(Arguments(500, fault_rate=0)).values())


def test_truth_says_what_the_extracts_say(province: Path) -> None:
    one_stop = dossiers(province, "one_stop_dossiers")
    truth = pq.read_table(province / "truth" / "dossiers.parquet").to_pylist()
    assert {t["dossier_code"] for t in truth} == one_stop.keys()
    for row in truth:
        wire = one_stop[row["dossier_code"]]
        assert wire["TrangThaiHoSo"] == row["status_code"]
        assert wire["KenhThucHien"] == (row["channel_code"] or "")
        assert wire["NgayHenTra"] == (f"{row['due_at']:%Y%m%d%H%M%S}" if row["due_at"] else "")
        assert len(wire["DanhSachHoSoBoSung"]) == row["supplement_count"]
        assert sum(int(f["Gia"]) for f in wire["DanhSachLePhi"]) == row["fee_total"]


def test_an_apology_follows_two_of_three_late_ends(clean: Path) -> None:
    late = [
        row
        for row in dossiers(clean, "one_stop_dossiers").values()
        if "" != row["NgayHenTra"] < row["NgayKetThucXuLy"] < "20260929"
    ]
    letters = [row for row in late if row["NgayGuiThuXinLoi"]]
    assert 0.4 < len(letters) / len(late) < 0.9
    for row in letters:
        assert row["NgayKetThucXuLy"][:8] < row["NgayGuiThuXinLoi"][:8] <= row["NgayCapNhat"][:8]
    others = [row for row in dossiers(clean, "one_stop_dossiers").values() if row not in late]
    assert not any(row["NgayGuiThuXinLoi"] for row in others if not row["NgayKetThucXuLy"])


def test_the_store_held_what_is_said_to_be_taken_from_it(province: Path) -> None:
    rows = table(province, "digitized_documents")
    held = {(row["Số định danh"], row["Mã kết quả"]): row for row in rows if row["Mã kết quả"]}
    one_stop = dossiers(province, "one_stop_dossiers")
    taken = 0
    for row in one_stop.values():
        for paper in row["TaiLieuNop"]:
            if paper["DuocLayTuKhoDMQG"] == "1" and paper["MaKetQuaThayThe"]:
                document = held[row["SoGiayToChuHoSo"], paper["MaKetQuaThayThe"]]
                day, month, year = document["Ngày số hóa"][:10].split("/")
                assert f"{year}{month}{day}" < row["NgayNopHoSo"]
                assert document["Mã hồ sơ"] not in one_stop
                assert document["Đã đồng bộ DVCQG"] == "0"
                taken += 1
    assert taken >= 20
    assert all(bool(row["Dữ liệu trích xuất"]) is bool(row["Đường dẫn"]) for row in rows)


def test_personal_values_are_listed(province: Path) -> None:
    listed = set((province / "truth" / "personal_values.txt").read_text(encoding="utf-8").splitlines())
    for row in dossiers(province, "national_dossiers").values():
        values = {row[k] for k in ("ChuHoSo", "SoGiayToChuHoSo", "MaDoiTuong", "Email", "Fax", "SoDienThoai")}
        assert values - {""} <= listed
    for row in table(province, "petitions"):
        assert {row["Người gửi"], row["Số điện thoại"], row["Địa chỉ"]} <= listed


# --- small sources ---


@pytest.mark.parametrize("source", [*SMALL_SOURCES, "tracked_dossiers"])
def test_small_sources_land_whole_under_their_contracts(province: Path, tmp_path: Path, source: str) -> None:
    (tmp_path / "raw").symlink_to(province / "raw")
    landed = land(tmp_path, load_contract(ROOT / "raw" / "sources" / f"{source}.yml"))
    assert {str(d.delivered_on) for d in landed.deliveries} == {"2026-08-31", "2026-09-30"}
    assert sum(a.rows_landed for a in landed.accounts) >= 8
    for account in landed.accounts:
        assert account.rows_quarantined == 0
        assert account.rows_in == account.rows_landed


def test_the_ministrys_dossiers_are_on_no_other_side(province: Path) -> None:
    codes = dossiers(province, "ministry_dossiers").keys()
    assert codes
    assert not codes & (dossiers(province, SIDES[0]).keys() | dossiers(province, SIDES[1]).keys())


def test_persons_of_the_small_sources_are_listed(province: Path) -> None:
    listed = set((province / "truth" / "personal_values.txt").read_text(encoding="utf-8").splitlines())
    for source in TABLES:
        spec = contract(source)
        named = {p["wire"] for p in spec.get("personal", []) if p["class"] in ("name", "contact", "address")}
        for row in table(province, source):
            assert {row[wire] for wire in named & row.keys()} - {""} <= listed
    for row in dossiers(province, "ministry_dossiers").values():
        assert {row["ChuHoSo"], row["ThongTinNguoiNop"]["SoDienThoai"]} <= listed


# --- the list of tracked dossiers ---


def test_the_tracked_list_has_the_headers_of_the_contract_and_persons_that_are_listed(province: Path) -> None:
    spec = contract("tracked_dossiers")
    personal = {p["wire"] for p in spec["personal"]}
    listed = set((province / "truth" / "personal_values.txt").read_text(encoding="utf-8").splitlines())
    rows = [row for day in ("2026-08-31", "2026-09-30") for row in tracked(province, day).values()]
    assert rows[0].keys() == {"STT"} | {c["wire"] for c in spec["columns"]} | personal
    for row in rows:
        assert {row[wire] for wire in personal} <= listed
    assert any(row["Người nộp"] != row["Chủ hồ sơ"] for row in rows)


def test_the_tracked_list_holds_what_is_open_and_what_ended_late_since_the_last(province: Path) -> None:
    with (ROOT / "dbt_project/seeds/code_lists/dossier_statuses.csv").open(encoding="utf-8") as lines:
        labels = {row["status_code"]: row["status_name_vi"] for row in csv.DictReader(lines)}

    def slashed(digits: str) -> str:
        d = digits
        seconds = "" if d.endswith("00") else f":{d[12:]}"
        return f"{d[6:8]}/{d[4:6]}/{d[:4]} {d[8:10]}:{d[10:12]}{seconds}" if d else ""

    wanted = {}
    for code, row in dossiers(province, "one_stop_dossiers").items():
        due, ended = row["NgayHenTra"], row["NgayKetThucXuLy"]
        ended_late = due < ended and ended > "20260831235959"
        if due and (row["TrangThaiHoSo"] in ("2", "4", "5", "6") or ended_late):
            times = (row["NgayNopHoSo"], row["NgayTiepNhan"], due, ended)
            wanted[code] = (labels[row["TrangThaiHoSo"]], row["TenTTHC"], *map(slashed, times))
    found = {
        code: (
            row["Trạng thái"], row["Tên thủ tục hành chính"],
            *(row[k] for k in ("Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý")),
        )
        for code, row in tracked(province, "2026-09-30").items()
    }  # fmt: skip
    assert found == wanted
    assert {len(due) for *_, due, _ in found.values()} == {16, 19}
    assert {bool(ended) for *_, ended in found.values()} == {True, False}


def test_where_nothing_is_tracked_no_list_is_delivered(tmp_path: Path) -> None:
    make_province(Arguments(12, seed=3, departments=2, communes=3), tmp_path)
    assert (tmp_path / "raw" / "one_stop_dossiers").exists()
    assert not (tmp_path / "raw" / "tracked_dossiers").exists()


# --- edge cases ---


def test_edge_cases_of_dossiers_occur(province: Path) -> None:
    rows = dossiers(province, "one_stop_dossiers").values()
    until = "20260930235959"
    many = 3
    assert all(Counter(r["TrangThaiHoSo"] for r in rows)[str(code)] >= many for code in range(1, 11))
    assert {r["KenhThucHien"] for r in rows} == {"", "1", "2", "3"}
    finished = [r for r in rows if r["TrangThaiHoSo"] in ("9", "10")]
    ended = [r for r in finished if r["NgayKetThucXuLy"] and r["NgayHenTra"]]
    still = [r for r in rows if r["TrangThaiHoSo"] in ("2", "4", "5", "6")]
    cases = {
        "not received": [r for r in rows if r["TrangThaiHoSo"] in ("1", "3") and not r["NgayTiepNhan"]],
        "refused at": [r for r in rows if r["TrangThaiHoSo"] == "3" and r["NgayTuChoi"]],
        "early": [r for r in ended if r["NgayKetThucXuLy"] < r["NgayHenTra"]],
        "on the due second": [r for r in ended if r["NgayKetThucXuLy"] == r["NgayHenTra"]],
        "late": [r for r in ended if r["NgayKetThucXuLy"] > r["NgayHenTra"]],
        "end not told": [r for r in finished if not r["NgayKetThucXuLy"]],
        "no due, ended": [r for r in finished if not r["NgayHenTra"]],
        "no due, open": [r for r in still if not r["NgayHenTra"]],
        "open, overdue": [r for r in still if r["NgayHenTra"] and r["NgayHenTra"] <= until],
        "open, in time": [r for r in still if r["NgayHenTra"] > until],
        "carried over": [r for r in rows if r["NgayTiepNhan"].startswith("2025")],
        "fees all zero": [
            r for r in rows if r["DanhSachLePhi"] and {f["Gia"] for f in r["DanhSachLePhi"]} == {"0"}
        ],
    }
    supplements = [r["DanhSachHoSoBoSung"] for r in rows]
    cases |= {
        "supplement closed, due date kept": [
            s for s in supplements if len(s) == 1 and s[0]["NgayTiepNhanBoSung"] and not s[0]["NgayHenTraMoi"]
        ],
        "supplement with a new due date": [s for s in supplements if s and s[0]["NgayHenTraMoi"]],
        "supplement open": [s for s in supplements if s and not s[-1]["NgayTiepNhanBoSung"]],
        "supplements": [s for s in supplements if len(s) >= 2],
    }
    for code in "0123":
        cases[f"paid {code}"] = [
            r for r in rows if r["DanhSachLePhi"] and r["DuocThanhToanTrucTuyen"] == code
        ]
    components = [c for r in rows for c in r["TaiLieuNop"]]
    for code in "012":
        cases[f"reused {code}"] = [c for c in components if c["DuocTaiSuDung"] == code]
    results = [x for r in rows for x in r["DanhSachGiayToKetQua"]]
    cases |= {
        "component without file": [c for c in components if not c["DuongDanTaiTepTin"]],
        "result with file": [x for x in results if x["DuongDanTepTinKetQua"]],
        "result without file": [x for x in results if not x["DuongDanTepTinKetQua"]],
    }
    assert {name: len(found) for name, found in cases.items() if len(found) < many} == {}
    known = steps(province)["MC"]
    told = {code for code, _, status in known if status in ("9", "10")}
    assert {r["MaHoSo"] for r in cases["end not told"]} <= told


def test_vehicle_inspection_comes_to_the_counter(province: Path) -> None:
    rows = [r for r in dossiers(province, "one_stop_dossiers").values() if r["MaHoSo"].startswith("H01.09-")]
    name, count = Counter(r["TenTTHC"] for r in rows).most_common(1)[0]
    online = sum(r["TenTTHC"] == name and r["KenhThucHien"] == "2" for r in rows)
    assert count > len(rows) / 2
    assert online < 0.15 * count


def test_petitions_cover_statuses_and_situations(province: Path) -> None:
    rows = {r["Mã PAKN"]: r for r in table(province, "petitions")}.values()
    assert len(rows) == 40
    assert {"chờ công khai", "đã công khai", "Từ chối tiếp nhận", "chờ bổ sung"} <= {
        r["Trạng thái"] for r in rows
    }
    assert {len(r["Mã cơ quan"]) for r in rows} == {3, 6, 7}
    assert 8 <= sum(bool(r["Mã hồ sơ"]) for r in rows) <= 32
    assert any(r["Ngày chuyển"] for r in rows)
    assert {r["Không hài lòng"] for r in rows} == {"", "0", "1"}


# --- calendar, landed form, command ---


def test_due_dates_skip_holidays_and_use_make_up_days() -> None:
    clock = Clock(2026)
    nine = 9 * 3600
    friday_before_tet = np.array([day_number(date(2026, 2, 13)) * DAY + nine])
    assert clock.due_day(friday_before_tet, np.array([1]))[0] == day_number(date(2026, 2, 23))
    before_make_up_saturday = np.array([day_number(date(2026, 8, 21)) * DAY + nine])
    assert clock.due_day(before_make_up_saturday, np.array([1]))[0] == day_number(date(2026, 8, 22))
    moments = np.array([day_number(date(2026, 3, 2)) * DAY + AFTERNOON_ENDS - 60])
    assert clock.time_at(clock.working_seconds(moments))[0] == moments[0]


def test_landed_form_has_the_same_dossiers(tmp_path: Path) -> None:
    arguments = Arguments(300, deliveries=1, departments=4, communes=6)
    make_province(arguments, tmp_path / "wire")
    make_province(arguments, tmp_path / "landed", "landed")
    for source in SIDES:
        wire = dossiers(tmp_path / "wire", source)
        landed = pq.read_table(
            tmp_path / "landed/landed" / source / source / "part-00000.parquet"
        ).to_pylist()
        assert {r["dossier_code"] for r in landed} == wire.keys()
        for row in landed:
            assert row["status_code"] == wire[row["dossier_code"]]["TrangThaiHoSo"]
            due = row["due_at"]
            assert (f"{due:%Y%m%d%H%M%S}" if due else "") == wire[row["dossier_code"]]["NgayHenTra"]
        parts = pq.read_table(
            tmp_path / "landed/landed" / source / f"{source}__components" / "part-00000.parquet"
        )
        assert parts.num_rows == sum(len(r["TaiLieuNop"]) for r in wire.values())


def test_command_writes_a_province_and_refuses_a_used_folder(tmp_path: Path) -> None:
    arguments = ["--out", str(tmp_path / "p"), "--dossiers", "60", "--communes", "3", "--until", "2026-03-15"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert sorted(d.name for d in (tmp_path / "p/raw/payments").iterdir()) == ["2026-02-28", "2026-03-15"]
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 2
    assert "is not empty" in again.output
