"""Writers of every form of file that landing reads: a grid of texts in, bytes out, by other libraries."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.data.workbooks.make_xlsb import write_xlsb

Grid = Sequence[Sequence[str]]


def as_csv(grid: Grid, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(grid)
    return text.getvalue().encode()


def as_tsv(grid: Grid) -> bytes:
    return as_csv(grid, "\t")


def as_utf16(grid: Grid) -> bytes:
    return as_csv(grid, ";").decode().encode("utf-16")


def as_objects(grid: Grid) -> list[dict[str, str]]:
    header, *rows = grid
    return [dict(zip(header, row, strict=True)) for row in rows]


def as_json(grid: Grid) -> bytes:
    return json.dumps({"data": as_objects(grid)}, ensure_ascii=False).encode()


def as_ndjson(grid: Grid) -> bytes:
    return "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in as_objects(grid)).encode()


def as_xlsx(*grids: Grid) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    for grid in grids:
        sheet = book.add_worksheet()
        for row, line in enumerate(grid):
            for column, cell in enumerate(line):
                if cell:
                    sheet.write_string(row, column, cell)
    book.close()
    return content.getvalue()


def as_xls(*grids: Grid) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for number, grid in enumerate(grids, start=1):
        sheet = book.add_sheet(f"Sheet{number}")
        for row, line in enumerate(grid):
            for column, cell in enumerate(line):
                if cell:
                    sheet.write(row, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_xlsb(grid: Grid) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsb"
        write_xlsb(path, [[cell or None for cell in line] for line in grid])
        return path.read_bytes()


def as_ods(*grids: Grid) -> bytes:
    book = OpenDocumentSpreadsheet()
    for number, grid in enumerate(grids, start=1):
        sheet = Table(name=f"Sheet{number}")
        for line in grid:
            row = TableRow()
            for cell in line:
                made = TableCell(valuetype="string") if cell else TableCell()
                if cell:
                    made.addElement(P(text=cell))
                row.addElement(made)
            sheet.addElement(row)
        book.spreadsheet.addElement(sheet)
    content = io.BytesIO()
    book.write(content)
    return content.getvalue()


def as_html(*grids: Grid) -> bytes:
    tables = ""
    for grid in grids:
        lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in line) for line in grid)
        tables += "<table border=1>" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>"
    return f'<html><head><meta charset="utf-8"></head><body>{tables}</body></html>'.encode()


def as_parquet(grid: Grid) -> bytes:
    header, *rows = grid
    columns = {
        name: pa.array([row[place] or None for row in rows], pa.string()) for place, name in enumerate(header)
    }
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


# form → ending of the name, writer
WRITERS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "JSON": (".json", as_json),
    "NDJSON": (".ndjson", as_ndjson),
    "CSV": (".csv", as_csv),
    "TSV": (".tsv", as_tsv),
    "UTF-16": (".txt", as_utf16),
    "XLSX": (".xlsx", as_xlsx),
    "XLS": (".xls", as_xls),
    "XLSB": (".xlsb", as_xlsb),
    "ODS": (".ods", as_ods),
    "HTML": (".xls", as_html),
    "Parquet": (".parquet", as_parquet),
}
TEXT_FORMS = ("CSV", "TSV", "UTF-16")
RECORD_FORMS = ("JSON", "NDJSON", "Parquet")
GRID_FORMS = tuple(form for form in WRITERS if form not in RECORD_FORMS)
BOOK_FORMS = ("XLSX", "XLS", "ODS", "HTML")  # several tables in one file


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def packed(wrapper: str, ending: str, content: bytes, stem: str = "a") -> tuple[str, bytes]:
    """Name and bytes of a file as it is delivered: plain, gz or zip."""
    match wrapper:
        case "gz":
            return f"{stem}{ending}.gz", gzip.compress(content, mtime=0)
        case "zip":
            return f"{stem}.zip", zipped({f"in{ending}": content})
    return f"{stem}{ending}", content
