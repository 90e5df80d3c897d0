"""The evidence pack of a figure: all that proves it, in a folder or a zip that stands by itself.

    figure.json             the figure, its release, its rule set with the legal basis, how points follow
    cong-thuc.md            the same in words, for officials
    denominator.parquet     every dossier, petition or procedure that was counted, with the reason
    numerator.parquet       those of them that count
    danh-sach.xlsx          both lists, for people
    inputs.csv              every file that the release was made of: SHA-256, rows in, landed, quarantined
    lineage/                the SQL of every model between the landed rows and the figure, as it ran then
    verify.py, SHA256SUMS   checks every byte and counts the figure again, with Python and duckdb alone

The same release gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter import Workbook

from orchestration.documents.dictionary import EVIDENCE, read_words
from orchestration.landing.values import literal
from orchestration.publishing.files import DATABASE, LINEAGE
from orchestration.publishing.releases import name_of, read_manifest

SUMS = "SHA256SUMS"
_VERIFY = Path(__file__).with_name("verify_pack.py")
_SHEET_ROWS = 1_048_575
# 1.4 compares the two systems, so its dossiers are those of the one-stop system on both bases
_OF_THE_ONE_STOP = {"1.4"}
# whose words the columns of the list have, by what names a row
_FACTS = {
    "dossier_code": "dossier_facts", "petition_code": "petition_facts", "procedure_code": "publication_facts",
}  # fmt: skip
_IN_ALL_ROWS = ("basis", "period_type", "period_start", "period_end", "agency_code", "in_numerator")


class EvidenceError(Exception):
    """The pack cannot be written; the message says why."""


@dataclass(frozen=True)
class Pack:
    """A written pack: the figure as figure.json has it, and how many rows prove it."""

    figure: dict[str, Any]
    rows: int


def write_pack(
    release: Path, indicator: str, agency: str, period_type: str, period_start: date, basis: str, out: Path
) -> Pack:
    """Write the pack of one figure of a release.

    Args:
        release: folder of the release; it is only read.
        out: folder that is not there yet, or a file ending in .zip.

    Raises:
        EvidenceError: there is no such figure, or `out` is there already.
    """
    if out.exists():
        raise EvidenceError(f"{out} is there already; remove it or name another place with --out.")
    if not out.parent.is_dir():
        raise EvidenceError(f"{out} cannot be written: there is no folder {out.parent}.")
    draft = out.with_name(f".{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        with duckdb.connect(str(release / DATABASE), read_only=True) as con:
            figure = _figure(con, release, indicator, agency, period_type, period_start, basis)
            rows = _write_rows(con, figure, draft) if figure["is_made_of_rows"] else 0
            _write_inputs(con, release, draft / "inputs.csv")
        _write_lineage(release, indicator, draft / "lineage")
        (draft / "figure.json").write_text(
            json.dumps(figure, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        (draft / "cong-thuc.md").write_text(_in_words(figure), encoding="utf-8")
        shutil.copyfile(_VERIFY, draft / "verify.py")
        files = sorted(p for p in draft.rglob("*") if p.is_file())
        (draft / SUMS).write_text(
            "".join(
                f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(draft).as_posix()}\n"
                for p in files
            ),
            encoding="utf-8",
        )
        if out.suffix.lower() == ".zip":
            _zip(draft, out)
        else:
            draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Pack(figure, rows)


def _figure(
    con: duckdb.DuckDBPyConnection,
    release: Path,
    indicator: str,
    agency: str,
    period_type: str,
    period_start: date,
    basis: str,
) -> dict[str, Any]:
    found = con.execute(
        """SELECT results.*, indicators.* EXCLUDE (ruleset, indicator_code, max_points),
                  rule_sets.title_vi AS ruleset_title_vi, rule_sets.source AS legal_basis_vi,
                  rule_sets.valid_from_on, rule_sets.valid_to_on,
                  rule_sets.is_provisional AS ruleset_is_provisional,
                  (SELECT max(agency_name) FROM marts.dim_agency AS agencies
                   WHERE agencies.agency_code = results.agency_code
                     AND (agencies.valid_to_on IS NULL OR agencies.valid_to_on >= results.period_start)
                  ) AS agency_name
           FROM marts.indicator_results AS results
           INNER JOIN marts.dim_indicator AS indicators USING (ruleset, indicator_code)
           INNER JOIN marts.dim_rule_set AS rule_sets USING (ruleset)
           WHERE indicator_code = $1 AND agency_code = $2 AND period_type = $3 AND period_start = $4
             AND basis = $5""",
        [indicator, agency, period_type, period_start, basis],
    )
    names = [column[0] for column in found.description or []]
    rows = found.fetchall()
    if not rows:
        raise EvidenceError(
            f"Release {name_of(release)} has no figure {indicator} of {agency} for {period_type} "
            f"{period_start} on the basis {basis}. {_what_there_is(con, indicator, agency)}"
        )
    manifest = read_manifest(release)
    told = {name: _plain(value) for name, value in zip(names, rows[0], strict=True)}
    return {
        **told,
        "period": f"{told['period_start']} - {told['period_end']}",
        "is_made_of_rows": told["denominator"] is not None,
        "release": name_of(release),
        **{key: manifest[key] for key in ("as_of", "code_version", "fingerprint")},
    }


def _what_there_is(con: duckdb.DuckDBPyConnection, indicator: str, agency: str) -> str:
    for column, wanted in (("indicator_code", indicator), ("agency_code", agency)):
        there = [
            str(code)
            for (code,) in con.execute(
                f"SELECT DISTINCT {column} FROM marts.indicator_results ORDER BY 1"
            ).fetchall()
        ]
        if wanted not in there:
            return (
                f"There is no {wanted}; there are {', '.join(there[:30])}{' …' if len(there) > 30 else ''}."
            )
    return "The period is not in it; `dim_period` has those that are."


def _plain(value: object) -> object:
    """A value as JSON holds it without loss: decimals and dates as text."""
    return str(value) if isinstance(value, (Decimal, date)) else value


def _write_rows(con: duckdb.DuckDBPyConnection, figure: dict[str, Any], folder: Path) -> int:
    """Both lists; returns how many rows the denominator has."""
    code = figure["indicator_code"]
    view = f"marts.evidence_{code.replace('.', '_')}"
    columns = [str(row[0]) for row in con.execute(f"DESCRIBE {view}").fetchall()]
    shown = [c for c in columns if c not in _IN_ALL_ROWS]
    key = next(c for c in ("dossier_code", "petition_code", "procedure_code") if c in columns)
    where = (
        f"agency_code = {literal(figure['agency_code'])} AND period_type = {literal(figure['period_type'])} "
        f"AND period_start = DATE {literal(figure['period_start'])}"
    )
    if "basis" in columns:
        basis = "one_stop" if code in _OF_THE_ONE_STOP else figure["basis"]
        where += f" AND basis = {literal(basis)}"
    con.execute(
        f"""CREATE TEMP TABLE counted AS
            SELECT in_numerator, {", ".join(shown)} FROM {view} WHERE {where}
            ORDER BY {key}, own_agency_code"""
    )
    for name, condition in (("denominator", "true"), ("numerator", "in_numerator")):
        con.execute(
            f"""COPY (SELECT * FROM counted WHERE {condition} ORDER BY {key}, own_agency_code)
                TO {literal(str(folder / f"{name}.parquet"))} (FORMAT parquet, COMPRESSION zstd)"""
        )
    (rows,) = con.execute("SELECT count(*) FROM counted").fetchall()[0]
    if rows <= _SHEET_ROWS:
        words = read_words()
        headers = [words.label(column, EVIDENCE, _FACTS[key]) for column in shown]
        _write_workbook(con, figure, dict(zip(shown, headers, strict=True)), folder / "danh-sach.xlsx")
    return int(rows)


def _write_workbook(
    con: duckdb.DuckDBPyConnection, figure: dict[str, Any], shown: dict[str, str], path: Path
) -> None:
    as_of = date.fromisoformat(figure["as_of"][:10])
    with Workbook(str(path), {"default_date_format": "dd/mm/yyyy hh:mm", "constant_memory": True}) as book:
        book.set_properties({"created": datetime.combine(as_of, time())})  # not the clock
        bold = book.add_format({"bold": True})
        for title, condition in (("Mẫu số", "true"), ("Tử số", "in_numerator")):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, list(shown.values()), bold)
            sheet.freeze_panes(1, 1)
            found = con.execute(f"SELECT {', '.join(shown)} FROM counted WHERE {condition}").fetchall()
            for number, row in enumerate(found, 1):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, place, value)
            sheet.autofilter(0, 0, max(len(found), 1), len(shown) - 1)


def _write_inputs(con: duckdb.DuckDBPyConnection, release: Path, path: Path) -> None:
    """The files of the manifest, with what landing counted of each."""
    counted = {
        str(row[0]): row[1:]
        for row in con.execute(
            "SELECT file_name, rows_in, rows_landed, rows_quarantined, bytes FROM marts.landing_files"
        ).fetchall()
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["source", "delivered_on", "file", "sha256", "rows_in", "rows_landed", "rows_quarantined", "bytes"]
    )
    for told in read_manifest(release)["inputs"]:
        named = [told[key] for key in ("source", "delivered_on", "file", "sha256")]
        writer.writerow([*named, *counted[told["file"]]])
    path.write_text(text.getvalue(), encoding="utf-8")


def _write_lineage(release: Path, indicator: str, folder: Path) -> None:
    """Every model that the figure comes from, each with its SQL, and which reads which."""
    path = release / "ops" / LINEAGE
    if not path.exists():
        return  # a release of before lineage was kept
    nodes: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    reached, waiting = set(), [f"indicator_{indicator.replace('.', '_')}", "indicator_results"]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in nodes:
            reached.add(name)
            waiting += nodes[name]["reads"]
    folder.mkdir()
    for name in sorted(reached):
        if nodes[name]["sql"]:
            (folder / f"{name}.sql").write_text(nodes[name]["sql"].strip() + "\n", encoding="utf-8")
    told = {name: {k: nodes[name][k] for k in ("kind", "description", "reads")} for name in sorted(reached)}
    (folder / "lineage.json").write_text(
        json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _in_words(figure: dict[str, Any]) -> str:
    numbers = (
        f"{figure['numerator']} / {figure['denominator']}" if figure["is_made_of_rows"] else "không có mẫu số"
    )
    if figure["is_scored"]:
        points = (
            f"Điểm = {figure['max_points']} × tỷ lệ / {figure['full_mark_percent']} %, không quá "
            f"{figure['max_points']} điểm, làm tròn đến hai chữ số thập phân (từ 5 trở lên thì tăng): "
            f"**{figure['points'] if figure['points'] is not None else 'không tính'}**"
        )
    else:
        points = "Chỉ hiển thị, không tính điểm."
    state = "tạm thời" if figure["provisional"] else "chính thức"
    basis = {
        "one_stop": "hồ sơ trên hệ thống một cửa của tỉnh",
        "national": "bản sao trên Cổng Dịch vụ công quốc gia",
    }[figure["basis"]]
    start, end = _day(figure["period_start"]), _day(figure["period_end"])
    return f"""# {figure["indicator_code"]} {figure["indicator_name_vi"]}

{figure["agency_name"]} ({figure["agency_code"]}), từ {start} đến {end},
theo {basis}.

* Tử số: {figure["numerator_vi"]}
* Mẫu số: {figure["denominator_vi"]}
* Tử số / mẫu số: **{numbers}**
* {points}

Bộ quy tắc `{figure["ruleset"]}`: {figure["ruleset_title_vi"]}.
Căn cứ: {figure["legal_basis_vi"]}.
Số liệu tính đến hết ngày {_day(figure["as_of"][:10])}, bản phát hành {figure["release"]}, {state}.

Danh sách từng hồ sơ: `danh-sach.xlsx`. Kiểm tra lại toàn bộ: `python3 verify.py` (cần `pip install duckdb`).
"""


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"


def _zip(folder: Path, out: Path) -> None:
    draft = out.with_name(f".{out.name}")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(f"{out.stem}/{path.relative_to(folder).as_posix()}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    draft.replace(out)
