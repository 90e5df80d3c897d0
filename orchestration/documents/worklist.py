"""The worklist of an agency: a workbook of what it must explain, which it fills in and sends back.

The headers under which it answers are those of the contract `explanations`, so that the filled-in file is a
delivery as it is. What stands beside them is for people, and the contract knows nothing of it. The same
release gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell

from orchestration.landing.contracts import Contract
from orchestration.landing.values import literal
from orchestration.publishing.files import DATABASE
from orchestration.publishing.releases import current_release

OVERDUE_RULE = "overdue"
_NEEDED = ("sync_findings", "finding_explanations", "dim_sync_rule", "dim_finding_cause", "dim_agency")
_OVERDUE = "overdue_explanations"
_SHOWN = 5

# Codes of the marts in words for people.
_WORDS = {
    "error": "Lỗi",
    "warning": "Cảnh báo",
    "info": "Lưu ý",
    "new": "Mới",
    "open": "Chưa giải trình",
    "reopened": "Tái diễn, cần giải trình lại",
    "explained": "Đã giải trình",
    "agency": "Cơ quan, đơn vị giải quyết hồ sơ",
    "vendor": "Đơn vị cung cấp phần mềm",
    "province_office": "Văn phòng UBND tỉnh",
    "portal": "Cổng Dịch vụ công quốc gia",
    "unexplained": "Chưa rõ nguyên nhân",
}

_FINDINGS_SHEET = "Phát hiện"
_OVERDUE_SHEET = "Hồ sơ quá hạn"
_CAUSES_SHEET = "Danh mục nguyên nhân"
_HEADER_LINE = 3  # below the title, where it is from, and how to fill it in
_HOW_TO = (
    "Chọn nguyên nhân trong danh sách, ghi giải trình và ngày giải trình (ngày/tháng/năm); dòng chưa giải "
    "trình để trống. Không đổi tên cột, không xóa ba cột mã ở cuối; lưu và gửi lại chính tệp này."
)
_NOTHING = "Không có nội dung nào cần giải trình."


class WorklistError(Exception):
    """There is no such worklist; the message says why and what to do."""


@dataclass(frozen=True)
class Cause:
    """A cause that may be chosen: the words for it, and what they mean."""

    title: str
    explanation: str


@dataclass(frozen=True)
class Line:
    """One thing to explain.

    Attributes:
        dossier_code: its dossier; of a finding about all dossiers of an agency, the agency's code.
        finding_id: empty for an overdue dossier, which needs none.
        shown: header → what people see beside it.
    """

    dossier_code: str
    rule_code: str
    finding_id: str
    agency_code: str
    shown: dict[str, str | int | Decimal]


@dataclass(frozen=True)
class Worklist:
    """What one agency must explain, as of a release.

    Attributes:
        release: as `<business date>/<number>`.
        findings: not fixed, not provisional, each problem once; the gravest and oldest first.
        overdue: overdue dossiers; None where the release does not know them.
    """

    release: str
    business_date: date
    agency_code: str
    agency_name: str
    causes: list[Cause]
    findings: list[Line]
    overdue: list[Line] | None


def read_worklist(releases: Path, agency_code: str) -> Worklist:
    """What an agency must explain, by the current release; the province, also what names no known agency.

    Args:
        releases: the folder of all releases.
        agency_code: as H01.09.

    Raises:
        WorklistError: there is no release, it is too old, or it has no such agency.
    """
    release = current_release(releases)
    if release is None:
        raise WorklistError(f"There is no release in {releases} yet; `chiso nightly` makes one.")
    name = f"{release.parent.name}/{release.name}"
    with duckdb.connect(str(release / DATABASE), read_only=True) as con:
        con.execute("USE marts")
        there = {str(t) for (t,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if not there.issuperset(_NEEDED):
            raise WorklistError(
                f"Release {name} was made by an older version and holds no lives of findings. "
                f"`chiso nightly --date {release.parent.name}` makes one that does."
            )
        agencies = dict(con.execute("SELECT agency_code, agency_name FROM dim_agency ORDER BY 1").fetchall())
        if agency_code not in agencies:
            raise WorklistError(
                f"There is no agency {agency_code} in release {name}. It has {len(agencies)} agencies: "
                f"{', '.join(list(agencies)[:_SHOWN])}{' …' if len(agencies) > _SHOWN else ''}."
            )
        causes = con.execute("SELECT title_vi, explanation_vi FROM dim_finding_cause ORDER BY cause_number")
        return Worklist(
            release=name,
            business_date=date.fromisoformat(release.parent.name),
            agency_code=agency_code,
            agency_name=str(agencies[agency_code]),
            causes=[Cause(str(title), str(explanation)) for title, explanation in causes.fetchall()],
            findings=_findings(con, agency_code),
            overdue=_overdue(con, agency_code) if _OVERDUE in there else None,
        )


def write_worklist(worklist: Worklist, contract: Contract, out: Path) -> None:
    """Write the workbook; it appears whole or not at all, and replaces one that is there.

    Args:
        contract: of the explanations; the answers stand under its headers.

    Raises:
        WorklistError: the file cannot be written.
    """
    if out.suffix.lower() != ".xlsx":
        raise WorklistError(f"{out}: the file must end in .xlsx.")
    if not out.parent.is_dir():
        raise WorklistError(f"{out} cannot be written: there is no folder {out.parent}.")
    draft = out.with_name(f".{out.name}.draft")
    try:
        with Workbook(str(draft)) as book:
            # not the clock: the same release gives the same bytes
            book.set_properties({"created": datetime.combine(worklist.business_date, time())})
            form = _Form(book, worklist, {c.name: c.wire for c in contract.row_columns})
            form.add(_FINDINGS_SHEET, "PHÁT HIỆN CẦN GIẢI TRÌNH", worklist.findings)
            if worklist.overdue is not None:
                form.add(_OVERDUE_SHEET, "HỒ SƠ QUÁ HẠN CẦN GIẢI TRÌNH", worklist.overdue)
            form.add_causes()
        draft.replace(out)
    except (OSError, FileCreateError) as error:
        raise WorklistError(f"{out} cannot be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


# --- what is to be explained ---


def _findings(con: duckdb.DuckDBPyConnection, agency_code: str) -> list[Line]:
    rows = con.execute(
        """SELECT coalesce(f.dossier_code, f.agency_code), f.rule_code, f.finding_id, r.title_vi,
                  r.explanation_vi, f.severity, f.field, f.one_stop_value, f.national_value, f.first_seen_on,
                  f.age_days, f.points_at_stake, f.status, r.must_act, r.remedy_vi
           FROM sync_findings AS f JOIN dim_sync_rule AS r USING (rule_code)
           WHERE (f.agency_code = $1 OR (f.agency_code IS NULL AND $1 IN (
                      SELECT agency_code FROM dim_agency WHERE agency_level = 'province')))
             AND f.status <> 'fixed' AND NOT f.provisional AND f.refined_by IS NULL
           ORDER BY list_position(['error', 'warning', 'info'], f.severity), f.age_days DESC,
                    f.dossier_code NULLS FIRST, f.rule_code, f.field""",
        [agency_code],
    ).fetchall()
    return [
        Line(
            dossier_code=dossier,
            rule_code=rule,
            finding_id=finding,
            agency_code=agency_code,
            shown={
                "Vấn đề": title,
                "Ý nghĩa": explanation,
                "Mức độ": _WORDS[severity],
                "Trường dữ liệu": field,
                "Dữ liệu của tỉnh": _text(one_stop),
                "Dữ liệu trên Cổng": _text(national),
                "Phát hiện từ": _text(first_seen),
                "Số ngày": age,
                "Điểm bị ảnh hưởng": "" if points is None else points,
                "Tình trạng": _WORDS[status],
                "Bên phải xử lý": _WORDS[must_act],
                "Cách khắc phục": remedy,
            },
        )
        for (
            dossier, rule, finding, title, explanation, severity, field, one_stop, national, first_seen, age,
            points, status, must_act, remedy,
        ) in rows
    ]  # fmt: skip


def _overdue(con: duckdb.DuckDBPyConnection, agency_code: str) -> list[Line]:
    rows = con.execute(
        f"""SELECT o.dossier_code, o.is_late_really, coalesce(c.title_vi, o.cause_code), o.one_stop_due_at,
                   o.one_stop_ended_at, o.national_due_at, o.national_ended_at, a.finding_id IS NOT NULL,
                   o.must_act, o.remedy_vi
            FROM {_OVERDUE} AS o
            LEFT JOIN dim_finding_cause AS c USING (cause_code)
            LEFT JOIN finding_explanations AS a
                ON a.dossier_code = o.dossier_code AND a.rule_code = {literal(OVERDUE_RULE)} AND a.is_current
            WHERE o.agency_code = $1 OR (o.agency_code IS NULL AND $1 IN (
                SELECT agency_code FROM dim_agency WHERE agency_level = 'province'))
            ORDER BY o.is_late_really DESC NULLS LAST, o.dossier_code""",
        [agency_code],
    ).fetchall()
    late = {True: "Quá hạn thật", False: "Không quá hạn thật", None: "Chưa rõ"}
    return [
        Line(
            dossier_code=dossier,
            rule_code=OVERDUE_RULE,
            finding_id="",
            agency_code=agency_code,
            shown={
                "Vấn đề": late[is_late],
                "Nguyên nhân theo dữ liệu": _WORDS.get(cause, cause),
                "Hẹn trả ở tỉnh": _text(due),
                "Kết thúc ở tỉnh": _text(ended),
                "Hẹn trả trên Cổng": _text(national_due),
                "Kết thúc trên Cổng": _text(national_ended),
                "Tình trạng": _WORDS["explained" if is_explained else "open"],
                "Bên phải xử lý": _WORDS[must_act],
                "Cách khắc phục": remedy,
            },
        )
        for (
            dossier, is_late, cause, due, ended, national_due, national_ended, is_explained, must_act, remedy
        ) in rows
    ]  # fmt: skip


def _text(value: object) -> str:
    """A value as people in Vietnam write it; nothing for none."""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


# --- the workbook ---

_WIDTHS = {
    "Vấn đề": 38,
    "Ý nghĩa": 44,
    "Cách khắc phục": 44,
    "Dữ liệu của tỉnh": 22,
    "Dữ liệu trên Cổng": 22,
    "Nguyên nhân theo dữ liệu": 30,
    "Bên phải xử lý": 24,
    "cause_code": 28,
    "explanation_length": 48,
    "remedy_length": 40,
    "dossier_code": 24,
}
_WIDTH = 16
# What is filled in, then the codes by which the answer is known again; the dossier stands before all.
_FILLED_IN = (
    "cause_code",
    "explanation_length",
    "remedy_length",
    "responsible_agency_code",
    "explained_on",
    "remedied_on",
)
_CODES = ("rule_code", "finding_id", "agency_code")


class _Form:
    """Sheets to fill in, one like the other.

    Args:
        headers: column of the contract → its header.
    """

    def __init__(self, book: Any, worklist: Worklist, headers: dict[str, str]) -> None:
        self._book = book
        self._worklist = worklist
        self._headers = headers

        def style(**of: Any) -> Any:
            return book.add_format({"font_name": "Times New Roman", "font_size": 11, "valign": "top"} | of)

        head = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        self._title = style(bold=True, font_size=14)
        self._note = style(italic=True)
        self._head = style(**head, bg_color="#D9E2F3")
        self._head_to_fill = style(**head, bg_color="#FFE699")
        self._cell = style(text_wrap=True, border=1)
        # as text: a date typed as 12/10/2026 stays what it is, whatever language the program has
        self._to_fill = style(text_wrap=True, border=1, num_format="@", bg_color="#FFF9E5")
        self._missing = style(bg_color="#F8CBAD")

    def add(self, name: str, title: str, lines: Sequence[Line]) -> None:
        """A sheet of things to explain."""
        sheet = self._book.add_worksheet(name)
        of = self._worklist
        sheet.write_string(0, 0, f"{title}: {of.agency_name} ({of.agency_code})", self._title)
        sheet.write_string(
            1, 0, f"Số liệu ngày {_text(of.business_date)}, bản phát hành {of.release}", self._note
        )
        sheet.write_string(2, 0, _HOW_TO if lines else _NOTHING, self._note)
        shown = list(lines[0].shown) if lines else []
        columns = ["dossier_code", *shown, *_FILLED_IN, *_CODES]
        for position, column in enumerate(columns):
            sheet.set_column(position, position, _WIDTHS.get(column, _WIDTH))
            head = self._head_to_fill if column in _FILLED_IN else self._head
            sheet.write_string(_HEADER_LINE, position, self._headers.get(column, column), head)
        for number, line in enumerate(lines, start=_HEADER_LINE + 1):
            for position, column in enumerate(columns):
                if column in _FILLED_IN:
                    sheet.write_blank(number, position, None, self._to_fill)
                    continue
                value = line.shown[column] if column in shown else getattr(line, column)
                # never as a formula or a link, whatever a value begins with
                write = sheet.write_string if isinstance(value, str) else sheet.write_number
                write(number, position, value, self._cell)
        last = _HEADER_LINE + max(len(lines), 1)
        sheet.autofilter(_HEADER_LINE, 0, last, len(columns) - 1)
        sheet.freeze_panes(_HEADER_LINE + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADER_LINE)
        if lines:
            self._help_to_fill_in(sheet, columns.index, last)

    def _help_to_fill_in(self, sheet: Any, position_of: Callable[[str], int], last: int) -> None:
        first = _HEADER_LINE + 1
        cause, day = position_of("cause_code"), position_of("explained_on")
        sheet.data_validation(
            first,
            cause,
            last,
            cause,
            {
                "validate": "list",
                "source": f"='{_CAUSES_SHEET}'!$A$2:$A${len(self._worklist.causes) + 1}",
                "error_title": "Nguyên nhân",
                "error_message": "Chọn một nguyên nhân trong danh sách.",
            },
        )
        for column in ("explained_on", "remedied_on"):
            position = position_of(column)
            sheet.data_validation(
                first,
                position,
                last,
                position,
                {
                    "validate": "any",
                    "input_title": self._headers[column],
                    "input_message": "Ghi ngày/tháng/năm, ví dụ 05/10/2026",
                },
            )
        # a cause without its day: the answer could not be read back
        chosen, told = (xl_rowcol_to_cell(first, position, col_abs=True) for position in (cause, day))
        sheet.conditional_format(
            first,
            day,
            last,
            day,
            {
                "type": "formula",
                "criteria": f'=AND({chosen}<>"",{told}="")',
                "format": self._missing,
            },
        )

    def add_causes(self) -> None:
        """The list that causes are chosen from, and what they mean."""
        sheet = self._book.add_worksheet(_CAUSES_SHEET)
        for position, (header, width) in enumerate((("Chọn", 32), ("Nghĩa là", 80))):
            sheet.set_column(position, position, width)
            sheet.write_string(0, position, header, self._head)
        for number, cause in enumerate(self._worklist.causes, start=1):
            sheet.write_string(number, 0, cause.title, self._cell)
            sheet.write_string(number, 1, cause.explanation, self._cell)
