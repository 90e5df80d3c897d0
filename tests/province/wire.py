"""The extracts as they come over the wire: JSON messages and CSV tables, one folder per source and date."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson

from tests.province.agencies import PROVINCE_CODE
from tests.province.clock import NEVER, Bools, Ints
from tests.province.dossiers import Dossiers
from tests.province.faults import national_due, national_status
from tests.province.known import (
    Items,
    Steps,
    all_steps,
    codes_of,
    fee_items,
    has_news,
    known_at,
    lay_out,
    sending_at,
    supplements_at,
)
from tests.province.papers import METHODS_WIRE, STATES_WIRE, all_papers, all_payments, held_results
from tests.province.people import OFFICERS_PER_AGENCY, People
from tests.province.petitions import Petition
from tests.province.plan import windows
from tests.province.texts import digit_texts
from tests.province.world import World

MARKER = "_COMPLETE"
_DOSSIERS_PER_FILE, _STEPS_PER_FILE, _ROWS_PER_CSV = 1000, 5000, 200_000
_FILES_AT = "https://tep.example/"
_STEP_NOTES = {
    1: "Hồ sơ nộp trực tuyến, chờ tiếp nhận",
    2: "Tiếp nhận hồ sơ",
    3: "Không đủ điều kiện tiếp nhận",
    4: "Chuyển xử lý",
    5: "Đề nghị bổ sung giấy tờ",
    6: "Thông báo nghĩa vụ tài chính",
    7: "Công dân rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã có kết quả",
    10: "Đã trả kết quả",
}


def component_code(procedure: int, position: int) -> str:
    """Code of a component of a procedure's dossier."""
    return f"000.00.00.{PROVINCE_CODE}-TP{procedure * 10 + position + 1:06d}"


def result_code(procedure: int) -> str:
    """Code of the result paper of a procedure."""
    return f"KQ.{PROVINCE_CODE}.{procedure + 1:06d}"


def result_component_code(procedure: int) -> str:
    """Code of the result paper as a component."""
    return f"000.00.00.{PROVINCE_CODE}-KQ{procedure + 1:06d}"


def held_code(code: str) -> str:
    """Code of the dossier that an older result of the owner came from: no side sends it."""
    return f"KHO-{code}"


class Folder:
    """Writes the files of one source and date, plain or packed, always with the same bytes."""

    def __init__(self, out: Path, source: str, day: date, packed: bool) -> None:
        self.path = out / "raw" / source / day.isoformat()
        self.path.mkdir(parents=True, exist_ok=True)
        self.packed = packed

    def write(self, name: str, content: bytes) -> None:
        """Write one file; the name gets .gz when packed."""
        if not self.packed:
            (self.path / name).write_bytes(content)
            return
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=6) as stream:
            stream.write(content)
        (self.path / f"{name}.gz").write_bytes(buffer.getvalue())

    def write_messages(self, name: str, head: str, rows: Sequence[str], per_file: int) -> None:
        """Write rows as messages {head, "data": [rows]}."""
        for number, start in enumerate(range(0, len(rows), per_file), start=1):
            body = head + ',"data":[' + ",\n".join(rows[start : start + per_file]) + "]}\n"
            self.write(f"{name}-{number:04d}.json", body.encode())

    def write_table(self, name: str, header: Sequence[str], lines: Sequence[str]) -> None:
        """Write lines of quoted cells under their header, UTF-8 with BOM."""
        for number, start in enumerate(range(0, len(lines), _ROWS_PER_CSV), start=1):
            body = "\n".join((cells(header), *lines[start : start + _ROWS_PER_CSV])) + "\n"
            self.write(f"{name}-{number:04d}.csv", b"\xef\xbb\xbf" + body.encode())

    def complete(self) -> None:
        """Set the marker."""
        (self.path / MARKER).write_bytes(b"")


def cells(values: Iterable[str]) -> str:
    """One CSV line with every cell quoted."""
    return '"' + '","'.join(v.replace('"', '""') for v in values) + '"'


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _flag(values: Bools) -> list[str]:
    texts: list[str] = np.where(values, "1", "0").tolist()
    return texts


def _joined(items: Items, texts: list[str], rows: int) -> list[str]:
    """The items of each of so many dossiers, as one comma-separated text."""
    ends = np.concatenate(([0], np.cumsum(np.bincount(items.row, minlength=rows)))).tolist()
    return [",".join(texts[a:b]) for a, b in pairwise(ends)]


class ChunkWriter:
    """Writes the dossiers of one chunk, and what hangs on them, for every business date."""

    def __init__(self, world: World, dossiers: Dossiers, people: People, officers: People, out: Path) -> None:
        self.world, self.dossiers, self.people, self.officers = world, dossiers, people, officers
        self.out = out
        self.codes: list[str] = codes_of(world, dossiers).to_pylist()
        self.steps = all_steps(dossiers)
        self.payments = all_payments(world, dossiers)
        self.papers = all_papers(dossiers)
        self.held = held_results(dossiers)
        self.unit_names = [u.name for u in world.agencies.units]

    def write(self) -> None:
        """Write all deliveries."""
        for day, after, now in windows(self.world.arguments):
            self._write_dossiers(day, after, now)
            self._write_steps(day, after, now)
            self._write_payments(day, after, now)
            self._write_papers(day, after, now)

    def _folder(self, source: str, day: date) -> Folder:
        return Folder(self.out, source, day, self.world.arguments.gzip)

    def _times(self, times: Ints) -> list[str]:
        return digit_texts(self.world.clock.digits(times))

    # --- dossiers ---

    def _components(self) -> list[str]:
        d = self.dossiers
        items = lay_out(d.component_count)
        row, at = items.row, items.position
        procedure = d.procedure[row].tolist()
        texts = [
            f'{{"TepDinhKemId":"","TenTepDinhKem":"Giấy tờ {i + 1} - {self.people.word[r]}.pdf",'
            f'"IsDeleted":"{"True" if gone else "False"}","MaThanhPhanHoSo":"{component_code(p, i)}",'
            f'"DuongDanTaiTepTin":"{f"{_FILES_AT}{self.codes[r]}/{i + 1}.pdf" if file else ""}",'
            f'"DuocSoHoa":"{digitized}","DuocTaiSuDung":"{reuse}","DuocLayTuKhoDMQG":"{store}",'
            f'"MaKetQuaThayThe":"{result_code(other) if reuse == 2 else ""}"}}'
            for r, i, p, gone, file, digitized, reuse, store, other in zip(
                row.tolist(),
                at.tolist(),
                procedure,
                d.component_is_deleted[row, at].tolist(),
                d.component_has_file[row, at].tolist(),
                _flag(d.component_is_digitized[row, at]),
                d.component_reuse[row, at].tolist(),
                _flag(d.component_from_store[row, at]),
                d.component_replacing[row, at].tolist(),
                strict=True,
            )
        ]
        return _joined(items, texts, len(d))

    def _fees(self) -> list[str]:
        items, amounts = fee_items(self.world, self.dossiers)
        when = self.dossiers.fee_collected_when[items.row].tolist()
        names = (
            '"TenPhiLePhi":"Lệ phí giải quyết","MaPhiLePhi":"1"',
            '"TenPhiLePhi":"Phí thẩm định","MaPhiLePhi":"2"',
        )
        texts = [
            f'{{{names[i]},"HinhThucThu":"{w}","Gia":"{a}","LoaiPhiLePhi":"{i + 1}"}}'
            for i, w, a in zip(items.position.tolist(), when, amounts.tolist(), strict=True)
        ]
        return _joined(items, texts, len(self.dossiers))

    def _supplements(self, now: int) -> list[str]:
        found = supplements_at(self.dossiers, now)
        officers = self.dossiers.unit[found.items.row] * OFFICERS_PER_AGENCY
        texts = [
            f'{{"HoSoBoSungId":"{i + 1}","NguoiYeuCauBoSung":"{self.officers.name[o]}",'
            f'"NoiDungBoSung":"Bổ sung giấy tờ của {self.people.name[r]}","NgayBoSung":"{asked}",'
            f'"NguoiTiepNhanBoSung":"{self.officers.name[o] if answered else ""}","ThongTinTiepNhan":"",'
            f'"NgayTiepNhanBoSung":"{answered}","TrangThaiBoSung":"{1 if answered else 0}",'
            f'"DanhSachGiayToBoSung":[],"DanhSachLePhiBoSung":[],'
            f'"NgayHenTraTruoc":"{before}","NgayHenTraMoi":"{new}"}}'
            for r, i, o, asked, answered, before, new in zip(
                found.items.row.tolist(),
                found.items.position.tolist(),
                officers.tolist(),
                self._times(found.asked_at),
                self._times(found.answered_at),
                self._times(found.previous_due_at),
                self._times(found.new_due_at),
                strict=True,
            )
        ]
        return _joined(found.items, texts, len(self.dossiers))

    def _results(self, counts: Ints) -> list[str]:
        items = lay_out(counts)
        row, at = items.row, items.position
        procedures = self.dossiers.procedure[row].tolist()
        texts = [
            f'{{"TenGiayTo":"Kết quả giải quyết","MaThanhPhanHoSo":"{result_component_code(p)}",'
            f'"GiayToId":"",'
            f'"DuongDanTepTinKetQua":"{f"{_FILES_AT}{self.codes[r]}/kq{i + 1}.pdf" if file else ""}",'
            f'"MaGiayToKetQua":"{result_code(p)}"}}'
            for r, i, p, file in zip(
                row.tolist(),
                at.tolist(),
                procedures,
                self.dossiers.result_has_file[row, at].tolist(),
                strict=True,
            )
        ]
        return _joined(items, texts, len(self.dossiers))

    def _write_dossiers(self, day: date, after: int, now: int) -> None:
        d = self.dossiers
        known = known_at(d, now)
        sending = sending_at(d, known, now)
        news = has_news(d, after, now)
        heads = [
            f'"MaTTHC":"{p.code}","TenTTHC":{_quoted(p.name)},"MaLinhVuc":"{p.field_code}",'
            f'"TenLinhVuc":{_quoted(p.field_name)}'
            for p in self.world.procedures
        ]
        units = [_quoted(name) for name in self.unit_names]
        databases = ("", '{"MaCSDL":"7"}', '{"MaCSDL":"7"},{"MaCSDL":"1"}')
        who = self.people
        status, due = known.status, known.due_at
        columns = zip(
            np.flatnonzero(news).tolist(),
            *(
                [column[i] for i in np.flatnonzero(news).tolist()]
                for column in (
                    self.codes,
                    np.where(d.channel == 0, "", d.channel.astype(str)).tolist(),
                    d.owner_type.tolist(),
                    self._times(d.filed_at),
                    self._times(known.received_at),
                    self._times(due),
                    self._times(national_due(d, due)),
                    status.tolist(),
                    national_status(d, status).tolist(),
                    self._times(known.returned_at),
                    self._times(known.ended_at),
                    self._times(known.refused_at),
                    d.return_method.tolist(),
                    d.filed_through.tolist(),
                    _flag(known.has_digitized_component),
                    _flag(d.is_vneid_verified),
                    known.payment_code.tolist(),
                    self._components(),
                    self._fees(),
                    self._supplements(now),
                    self._results(known.result_count),
                    d.procedure.tolist(),
                    d.unit.tolist(),
                    d.databases.tolist(),
                    self._times(sending.synced_at),
                    self._times(sending.modified_at),
                    self._times(sending.apology_sent_at),
                )
            ),
            strict=True,
        )
        one_stop: list[str] = []
        national: list[str] = []
        ghost, missing = d.is_ghost.tolist(), d.is_missing_on_national.tolist()
        for (
            r, code, channel, owner, filed, received, due_one, due_nat, status_one, status_nat, returned,
            ended,
            refused, method, through, digitized, verified, paid, components, fees, supplements, results,
            procedure, unit, database, synced, modified, apology,
        ) in columns:  # fmt: skip
            name, identity = who.name[r], who.identity[r]
            first = (
                f'{heads[procedure]},"KenhThucHien":"{channel}","SoGiayToChuHoSo":"{identity}",'
                f'"ChuHoSo":"{name}","LoaiDoiTuong":"{owner}","MaDoiTuong":"{who.portal_id[r]}",'
                f'"ThongTinKhac":"{who.address[r] if r % 7 == 0 else ""}","Email":"{who.email[r]}",'
                f'"Fax":"{who.fax[r]}","SoDienThoai":"{who.phone[r]}","TrichYeuHoSo":"Đề nghị của {name}",'
                f'"NgayNopHoSo":"{filed}","NgayTiepNhan":"{received}",'
            )
            last = (
                f',"NgayTra":"{returned}",'
                f'"ThongTinTra":"{f"Trả cho {name}" if returned and r % 3 == 0 else ""}",'
                f'"HinhThuc":"{method}","NgayKetThucXuLy":"{ended}","NgayTuChoi":"{refused}",'
                f'"DonViXuLy":{units[unit]},"GhiChu":"{f"Gọi {who.phone[r]}" if r % 11 == 0 else ""}",'
                f'"NoiNopHoSo":"{through}","HoSoCoThanhPhanSoHoa":"{digitized}",'
                f'"TaiKhoanDuocXacThucVoiVNeID":"{verified}","DuocThanhToanTrucTuyen":"{paid}",'
                f'"DinhDanhCHS":[{{"LoaiDinhDanh":"1","SoDinhDanh":"{identity}"}}],'
                f'"DSKetNoiCSDL":[{databases[database]}],"TaiLieuNop":[{components}],"DanhSachLePhi":[{fees}],'
                f'"DanhSachTepDinhKemKhac":[{_OTHER_PAPER if r % 23 == 0 else ""}],'
                f'"DanhSachHoSoBoSung":[{supplements}],"DanhSachGiayToKetQua":[{results}],"NgayDongBo":"{synced}"'
            )
            if not ghost[r]:
                said = _NOT_SENT if missing[r] else _SENT
                one_stop.append(
                    f'{{"MaHoSo":"{code}","MaHoSoKhac":"{code if r % 211 == 0 else ""}",{first}'
                    f'"NgayHenTra":"{due_one}","TrangThaiHoSo":"{status_one}"{last},{said},'
                    f'"NgayCapNhat":"{modified}","NgayGuiThuXinLoi":"{apology}","DaXoa":"0"}}'
                )
            if not missing[r]:
                national.append(
                    f'{{"MaHoSo":"{code}",{first}"NgayHenTra":"{due_nat}","TrangThaiHoSo":"{status_nat}"{last}}}'
                )
        head = f'{{"session":"","madonvi":"{PROVINCE_CODE}","service":"DongBoHoSoMC","isUpdating":"False"'
        name = f"dossiers-{d.chunk:03d}"
        self._folder("one_stop_dossiers", day).write_messages(name, head, one_stop, _DOSSIERS_PER_FILE)
        self._folder("national_dossiers", day).write_messages(name, head, national, _DOSSIERS_PER_FILE)

    # --- steps, payments, papers ---

    def _write_steps(self, day: date, after: int, now: int) -> None:
        d = self.dossiers
        steps: Steps = self.steps.between(after, now)
        by_code = np.argsort(np.argsort(np.array(self.codes, dtype=object)), kind="stable")
        order = np.lexsort((steps.at, by_code[steps.row]))
        row, at, status = steps.row[order], steps.at[order], steps.status[order]
        officer = d.unit[row] * OFFICERS_PER_AGENCY + (d.sequence[row] + status) % OFFICERS_PER_AGENCY
        begun = np.where(status == 4, at, NEVER)
        due = np.where(status == 4, d.due_at[row], NEVER)
        middles = [
            f',"PhongBanXuLy":"","NoiDungXuLy":"{_STEP_NOTES.get(code, "")}","TrangThai":"{code}"'
            for code in range(11)
        ]
        texts = [
            f'{{"MaHoSo":"{self.codes[r]}","NguoiXuLy":"{self.officers.name[o]}","ChucDanh":"",'
            f'"ThoiDiemXuLy":"{moment}"{middles[s]},"NgayBatDau":"{start}","NgayKetThucTheoQuyDinh":"{until}"}}'
            for r, o, moment, s, start, until in zip(
                row.tolist(),
                officer.tolist(),
                self._times(at),
                status.tolist(),
                self._times(begun),
                self._times(due),
                strict=True,
            )
        ]
        folder = self._folder("processing_steps", day)
        for side, hidden in (("MC", d.is_ghost), ("DVCQG", d.is_missing_on_national)):
            head = (
                f'{{"session":"","madonvi":"{PROVINCE_CODE}","service":"CapNhatTienDoHoSoMC",'
                f'"NguonDuLieu":"{side}"'
            )
            shown = [text for text, hide in zip(texts, hidden[row].tolist(), strict=True) if not hide]
            folder.write_messages(f"steps-{side.lower()}-{d.chunk:03d}", head, shown, _STEPS_PER_FILE)

    def _write_payments(self, day: date, after: int, now: int) -> None:
        found, who = self.payments.between(after, now), self.people
        texts = [
            f'{{"MaThamChieu":"dvc{self.codes[r]}{moment}","MaHoSo":"{self.codes[r]}","SoTien":"{amount}",'
            f'"TrangThaiGD":"{STATES_WIRE[state]}","HinhThucThanhToan":"{METHODS_WIRE[method]}",'
            f'"MaKenhThanhToan":"{gateway or ""}","ThoiGianGD":"{moment}","HoTenNguoiNop":"{who.name[r]}",'
            f'"SoCMNDNguoiNop":"{who.identity[r]}","DiaChiNguoiNop":"{who.address[r]}"}}'
            for r, moment, amount, state, method, gateway in zip(
                found.row.tolist(),
                self._times(found.at),
                found.amount.tolist(),
                found.state.tolist(),
                found.method.tolist(),
                found.gateway.tolist(),
                strict=True,
            )
        ]
        folder = self._folder("payments", day)
        folder.write_messages(
            f"payments-{self.dossiers.chunk:03d}", '{"service":"ThanhToan"', texts, _STEPS_PER_FILE
        )

    def _write_papers(self, day: date, after: int, now: int) -> None:
        d, who = self.dossiers, self.people
        found, held = self.papers.between(after, now), self.held.between(after, now)
        lines = [
            f'"{self.codes[r]}-{"KQ" if result else "TP"}{i + 1}",'
            f'"{self.codes[r]}","{"KQ" if result else "TP"}",'
            f'"{result_component_code(p) if result else component_code(p, i)}","{_slashed(moment)}",'
            f'"{f"/kho/{self.codes[r]}/{i + 1}" if file else ""}","{pushed}",'
            f'"{who.name[r]}","{who.identity[r]}",'
            f'"{"Kết quả" if result else "Giấy tờ"} của {who.name[r]}",'
            f'"{result_code(p) if result else ""}","","{f"Họ tên: {who.name[r]}" if file else ""}"'
            for r, i, result, p, moment, file, pushed in zip(
                found.row.tolist(),
                found.position.tolist(),
                found.is_result.tolist(),
                d.procedure[found.row].tolist(),
                self._times(found.at),
                found.has_file.tolist(),
                _flag(d.is_pushed[found.row]),
                strict=True,
            )
        ]
        lines += [
            f'"{held_code(self.codes[r])}-{i + 1}","{held_code(self.codes[r])}","KQ",'
            f'"{result_component_code(p)}","{_slashed(moment)}",'
            f'"/kho/{held_code(self.codes[r])}/{i + 1}","0",'
            f'"{who.name[r]}","{who.identity[r]}","Kết quả của {who.name[r]}",'
            f'"{result_code(p)}","{_slashed(until)[:10]}","Họ tên: {who.name[r]}"'
            for r, i, p, moment, until in zip(
                held.row.tolist(),
                held.position.tolist(),
                held.procedure.tolist(),
                self._times(held.at),
                self._times(held.valid_until),
                strict=True,
            )
        ]
        folder = self._folder("digitized_documents", day)
        folder.write_table(f"documents-{d.chunk:03d}", PAPER_HEADER, lines)


# what the queue says: acknowledged with a reply, or waiting
_SENT = '"TrangThaiDongBoDVC":"1","TrangThaiHangDoi":"3","PhanHoiDongBo":"Cập nhật thành công"'
_NOT_SENT = '"TrangThaiDongBoDVC":"0","TrangThaiHangDoi":"1","PhanHoiDongBo":""'
_OTHER_PAPER = '{"TenGiayTo":"Giấy tờ kèm theo","SoLuong":"1","LoaiGiayTo":"1"}'
PAPER_HEADER = (
    "Mã giấy tờ", "Mã hồ sơ", "Loại giấy tờ", "Mã thành phần", "Ngày số hóa", "Đường dẫn", "Đã đồng bộ DVCQG",
    "Chủ sở hữu", "Số định danh", "Tên giấy tờ", "Mã kết quả", "Hiệu lực đến", "Dữ liệu trích xuất",
)  # fmt: skip
AGENCY_HEADER = (
    "Mã cơ quan", "Mã cũ", "Tên cơ quan", "Loại cơ quan", "Mã cơ quan cấp trên", "Hiệu lực từ",
    "Hiệu lực đến",
)  # fmt: skip
PROCEDURE_HEADER = (
    "Mã TTHC", "Tên TTHC", "Mã lĩnh vực", "Tên lĩnh vực", "Cấp thực hiện", "Mức độ DVC",
    "Thời hạn giải quyết (ngày làm việc)", "Có phí lệ phí", "Có kết quả giấy tờ", "Cho công dân",
    "Cho doanh nghiệp", "Thuộc ngành dọc", "Số ngày niêm yết công khai", "Không phụ thuộc địa giới",
)  # fmt: skip
PETITION_HEADER = (
    "Mã PAKN", "Mã hồ sơ", "Mã cơ quan", "Phân loại", "Ngày gửi", "Ngày tiếp nhận", "Ngày chuyển",
    "Ngày xử lý",
    "Ngày công khai", "Trạng thái", "Không hài lòng", "Người gửi", "Số điện thoại", "Địa chỉ", "Tiêu đề",
    "Nội dung",
)  # fmt: skip


def _slashed(digits: str) -> str:
    """dd/mm/yyyy HH:MM:SS from yyyymmddHHMMSS, empty from empty."""
    if not digits:
        return ""
    return f"{digits[6:8]}/{digits[4:6]}/{digits[:4]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"


def _agency_lines(world: World) -> Iterator[str]:
    for a in world.agencies.rows:
        start = a.valid_from.strftime("%d/%m/%Y") if a.valid_from else ""
        yield cells((a.code, a.old_code, a.name, a.level, a.parent_code, start, ""))


def _procedure_lines(world: World) -> Iterator[str]:
    for p in world.procedures:
        flags = (p.has_fee, p.returns_paper, p.is_for_citizens, p.is_for_business)
        yield cells(
            (
                p.code, p.name, p.field_code, p.field_name, p.level, p.service_level_code, str(p.limit_days),
                *("1" if flag else "0" for flag in flags), "0", str(p.posting_days or ""),
                "1" if p.is_place_free else "0",
            )
        )  # fmt: skip


def write_lists(world: World, out: Path, petitions: list[Petition], people: People) -> None:
    """Agencies and procedures (whole, every time) and petitions, for every business date."""
    packed = world.arguments.gzip
    for day, after, now in windows(world.arguments):
        Folder(out, "agencies", day, packed).write_table(
            "agencies", AGENCY_HEADER, list(_agency_lines(world))
        )
        Folder(out, "procedures", day, packed).write_table(
            "procedures", PROCEDURE_HEADER, list(_procedure_lines(world))
        )
        known = [p.known_at(now) for p in petitions if p.has_news(after, now)]
        moments = zip(
            *(
                digit_texts(world.clock.digits(np.array([getattr(p, name) for p in known], dtype=np.int64)))
                for name in ("sent_at", "received_at", "transferred_at", "handled_at", "published_at")
            ),
            strict=True,
        )
        lines = [
            cells(
                (
                    p.code, p.dossier_code, p.agency_code, p.kind, *(_slashed(m) for m in when), p.status,
                    ("1" if p.is_disliked else "0") if p.handled_at != NEVER else "",
                    people.name[p.person], people.phone[p.person], people.address[p.person],
                    f"Phản ánh của {people.name[p.person]}", f"Kính gửi, tôi ở {people.address[p.person]}",
                )
            )
            for p, when in zip(known, moments, strict=True)
        ]  # fmt: skip
        Folder(out, "petitions", day, packed).write_table("petitions", PETITION_HEADER, lines)


SOURCES = (
    "agencies", "digitized_documents", "national_dossiers", "one_stop_dossiers", "payments", "petitions",
    "procedures",
    "processing_steps",
)  # fmt: skip


def mark_complete(world: World, out: Path) -> None:
    """Set the markers of all folders, when everything is written."""
    for day in world.arguments.business_dates:
        for source in SOURCES:
            Folder(out, source, day, False).complete()
