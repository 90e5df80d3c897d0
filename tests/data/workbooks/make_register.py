"""Makes the fixtures here anew from `register.csv`: `python make_register.py`, LibreOffice installed.

A statutory book of dossiers (sổ theo dõi hồ sơ) with made-up people: two title lines, a header of two lines
with merged cells, a line of column numbers, rows, a total, signatures. LibreOffice then writes it in its own
way as .xlsx, .xls, .ods and HTML.
"""

from __future__ import annotations

import csv
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
LAST_OF_GROUP = 10  # columns 6 to 10 stand under one caption
FIRST_OF_GROUP = 6
FEE = 11


def rows() -> list[list[str]]:
    """The lines of the CSV: header first."""
    with (HERE / "register.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def make_workbook(path: Path) -> None:
    """The book as a workbook, dates and numbers as such."""
    header, *body = rows()
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sổ theo dõi")
    date = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    sheet.merge_range(0, 0, 0, FEE, "SỔ THEO DÕI HỒ SƠ")
    sheet.write_string(1, 0, "Tháng 3 năm 2026")
    for column, name in enumerate(header):
        if FIRST_OF_GROUP <= column <= LAST_OF_GROUP:
            sheet.write_string(3, column, name)
        else:
            sheet.merge_range(2, column, 3, column, name)
        sheet.write_number(4, column, column + 1)
    sheet.merge_range(2, FIRST_OF_GROUP, 2, LAST_OF_GROUP, "Ngày tháng năm")
    for number, row in enumerate(body, start=5):
        for column, cell in enumerate(row):
            if column in (0, FEE):
                sheet.write_number(number, column, float(cell))
            elif column in (6, 7, 8) and cell:
                sheet.write_datetime(number, column, datetime.fromisoformat(cell), date)
            else:
                sheet.write_string(number, column, cell)
    last = 5 + len(body)
    sheet.merge_range(last, 0, last, 5, "Tổng cộng")
    sheet.write_formula(last, FEE, f"=SUM(L6:L{last})", None, sum(float(row[FEE]) for row in body))
    sheet.write_string(last + 2, 1, "Người lập sổ")
    sheet.write_string(last + 2, 7, "Thủ trưởng đơn vị")
    book.add_worksheet("Ghi chú").write_string(0, 0, "Số liệu thử nghiệm")
    book.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "register.xlsx"
        make_workbook(source)
        for kind in ("xlsx:Calc MS Excel 2007 XML", "xls:MS Excel 97", "ods:calc8", "html:HTML (StarCalc)"):
            out = Path(folder) / "out"
            subprocess.run(
                ["soffice", "--headless", "--convert-to", kind, "--outdir", str(out), str(source)],
                check=True,
            )
        for file in out.iterdir():
            target = "register-html.xls" if file.suffix == ".html" else file.name
            (HERE / target).write_bytes(file.read_bytes())


if __name__ == "__main__":
    main()
