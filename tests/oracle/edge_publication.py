"""Decisions on the edge of indicators 1.1, 1.2 and 1.3.

They stand in 2025, when a department's figures are its own. In March 2025 every Monday to Friday is worked;
of the days around 1 May, Saturday 26/04 is worked, 30/04, 01/05 and 02/05 are days off.
"""

from __future__ import annotations

from tests.oracle.edge import LONG_LIMIT, PRESENT, RENUMBERED, SHORT_LIMIT, UNKNOWN

AMENDED, NEW, REPEALED = "Sửa đổi, bổ sung", "Ban hành mới", "Bãi bỏ"
FAR = "01/06/2025"

# agency, number, procedure, issued, legal basis in force, kind, public, part that is not filled in
PUBLICATION: list[tuple[str, str, str, str, str, str, str, str]] = [
    # 1.1: five working days before a Thursday, a Saturday, a Monday; issued on a day off after the last day.
    ("H01.755", "1/QĐ", UNKNOWN, "13/03/2025", "20/03/2025", AMENDED, "13/03/2025", ""),
    ("H01.756", "2/QĐ", UNKNOWN, "14/03/2025", "20/03/2025", AMENDED, "14/03/2025", ""),
    ("H01.757", "3/QĐ", UNKNOWN, "17/03/2025", "22/03/2025", AMENDED, "17/03/2025", ""),
    ("H01.758", "4/QĐ", UNKNOWN, "18/03/2025", "22/03/2025", AMENDED, "18/03/2025", ""),
    ("H01.759", "5/QĐ", UNKNOWN, "17/03/2025", "24/03/2025", NEW, "17/03/2025", ""),
    ("H01.760", "6/QĐ", UNKNOWN, "15/03/2025", "21/03/2025", NEW, "17/03/2025", ""),
    # The days off around 1 May and the Saturday that is worked.
    ("H01.761", "7/QĐ", UNKNOWN, "24/04/2025", "05/05/2025", NEW, "05/05/2025 23:59:59", ""),
    ("H01.762", "8/QĐ", UNKNOWN, "25/04/2025", "05/05/2025", NEW, "06/05/2025 08:00", ""),
    ("H01.763", "9/QĐ", UNKNOWN, "24/04/2025", "01/05/2025", NEW, "06/05/2025", ""),
    ("H01.764", "10/QĐ", UNKNOWN, "25/04/2025", "01/05/2025", REPEALED, "25/04/2025", ""),
    # No legal basis; one that was long in force.
    ("H01.765", "11/QĐ", UNKNOWN, "31/03/2025", "", NEW, "31/03/2025", ""),
    ("H01.765", "12/QĐ", SHORT_LIMIT, "31/03/2025", "01/01/2024", NEW, "31/03/2025", ""),
    # One procedure in several decisions of a month: late once is late; by other codes it is the same.
    ("H01.766", "13/QĐ", SHORT_LIMIT, "03/03/2025", FAR, AMENDED, "03/03/2025", ""),
    ("H01.766", "14/QĐ", f"{SHORT_LIMIT}.H01", "27/03/2025", "28/03/2025", AMENDED, "27/03/2025", ""),
    ("H01.766", "14/QĐ", LONG_LIMIT, "27/03/2025", "28/04/2025", AMENDED, "27/03/2025", ""),
    ("H01.767", "15/QĐ", RENUMBERED, "03/03/2025", FAR, AMENDED, "03/03/2025", ""),
    ("H01.767", "16/QĐ", f"{PRESENT}.H01", "04/04/2025", "04/04/2025", AMENDED, "04/04/2025", ""),
    # 1.2: the last day and a day late; issued on a day off; public before it was issued, in another month.
    ("H01.768", "17/QĐ", UNKNOWN, "13/03/2025", FAR, NEW, "20/03/2025 23:59:59", ""),
    ("H01.768", "18/QĐ", SHORT_LIMIT, "13/03/2025", FAR, NEW, "21/03/2025 00:00:00", ""),
    ("H01.769", "19/QĐ", UNKNOWN, "15/03/2025", FAR, NEW, "21/03/2025", ""),
    ("H01.769", "20/QĐ", SHORT_LIMIT, "15/03/2025", FAR, NEW, "24/03/2025", ""),
    ("H01.770", "21/QĐ", UNKNOWN, "13/03/2025", FAR, NEW, "10/03/2025", ""),
    ("H01.770", "22/QĐ", SHORT_LIMIT, "03/03/2025", FAR, NEW, "28/02/2025", ""),
    ("H01.770", "23/QĐ", LONG_LIMIT, "27/03/2025", FAR, NEW, "01/04/2025", ""),
    ("H01.770", "24/QĐ", PRESENT, "02/04/2025", FAR, NEW, "28/03/2025", ""),
    # Twice: once in time and once late; never public; public after D; issued after D.
    ("H01.771", "25/QĐ", UNKNOWN, "03/03/2025", FAR, AMENDED, "04/03/2025", ""),
    ("H01.771", "26/QĐ", UNKNOWN, "10/03/2025", FAR, AMENDED, "27/03/2025", ""),
    ("H01.771", "27/QĐ", SHORT_LIMIT, "10/03/2025", FAR, AMENDED, "", ""),
    ("H01.771", "28/QĐ", LONG_LIMIT, "28/09/2026", "30/12/2026", AMENDED, "01/10/2026", ""),
    ("H01.771", "29/QĐ", PRESENT, "05/10/2026", "30/12/2026", AMENDED, "05/10/2026", ""),
    # 1.3: the newest public decision by its day, then by its number as text; repealed, and new again.
    ("H01.772", "30/QĐ", UNKNOWN, "03/03/2025", FAR, NEW, "03/03/2025", "Trình tự thực hiện"),
    ("H01.772", "3/QĐ-2", UNKNOWN, "04/04/2025", FAR, AMENDED, "04/04/2025", ""),
    ("H01.773", "9/QĐ-1", UNKNOWN, "03/03/2025", FAR, NEW, "03/03/2025", ""),
    ("H01.773", "10/QĐ-1", UNKNOWN, "03/03/2025", FAR, NEW, "03/03/2025", "Số lượng hồ sơ"),
    ("H01.774", "31/QĐ", UNKNOWN, "03/03/2025", FAR, NEW, "03/03/2025", ""),
    ("H01.774", "32/QĐ", UNKNOWN, "04/04/2025", FAR, REPEALED, "04/04/2025", ""),
    ("H01.774", "33/QĐ", UNKNOWN, "05/05/2025", FAR, NEW, "05/05/2025", "Cơ quan thực hiện"),
    ("H01.775", "34/QĐ", UNKNOWN, "03/03/2025", FAR, NEW, "03/03/2025", "Tên TTHC"),
    ("H01.775", "35/QĐ", UNKNOWN, "04/04/2025", FAR, AMENDED, "", ""),
    # Whose it is: an old code, a code nobody knows, none, the province's own.
    ("000.00.02.H01", "36/QĐ", UNKNOWN, "03/03/2025", FAR, NEW, "03/03/2025", ""),
    ("H99.01", "37/QĐ", SHORT_LIMIT, "03/03/2025", FAR, NEW, "03/03/2025", ""),
    ("", "38/QĐ", LONG_LIMIT, "03/03/2025", FAR, NEW, "03/03/2025", ""),
    (" h01 ", "39/QĐ", PRESENT, "03/03/2025", FAR, NEW, "03/03/2025", ""),
]  # fmt: skip
