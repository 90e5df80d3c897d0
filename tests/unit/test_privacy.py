"""Nothing that landing writes or says names a person, wherever in a file the person stands."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from orchestration.landing.contracts import load_contract
from orchestration.landing.deliveries import HashCache, take_in
from orchestration.landing.judgement import describe_row, structural_problems
from orchestration.landing.seen import write_seen
from tests.unit.helpers import LAST, SOURCES, Landed, land, put
from tests.unit.writing import as_csv, as_html, as_ods, as_parquet, as_utf16, as_xls, as_xlsb, zipped

DOSSIERS = load_contract(SOURCES / "one_stop_dossiers.yml")
DAY = "2026-03-31"

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng")
MIDDLES = ("Văn", "Thị", "Hữu")
GIVEN = ("Mẫu", "Thử", "Giả Định", "Ví Dụ")
PERSONS = [f"{family} {middle} {given}" for family in FAMILIES for middle in MIDDLES for given in GIVEN]
STREETS = [f"số {n} đường Hoa Tưởng Tượng" for n in range(len(PERSONS))]
IDENTITIES = [f"07918{n:07}" for n in range(len(PERSONS))]
PHONES = [f"09{n:08}" for n in range(len(PERSONS))]
MAILS = [f"nguoi.mau.{n}@example.vn" for n in range(len(PERSONS))]
SECRETS = [*PERSONS, *STREETS, *IDENTITIES, *PHONES, *MAILS]

HEADER = [
    "STT",
    "Mã hồ sơ",
    "Mã TTHC",
    "Kênh thực hiện",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
]
HEADER += [
    "Trạng thái",
    "Chủ hồ sơ",
    "Địa chỉ",
    "SoGiayToChuHoSo",
    "SoDienThoai",
    "Người nhận hộ",
    "Thư điện tử",
]


def lines() -> list[list[str]]:
    """Rows with persons in personal and unknown columns, and in every fifth row where a date belongs."""
    made = []
    for n, person in enumerate(PERSONS):
        received = person if n % 5 == 0 else "31/03/2026 08:00:00"
        due = STREETS[n] if n % 5 == 1 else "03/04/2026 17:00:00"
        row = [str(n + 1), f"H38.1-260331-{n:04}", "1.001193", "1", received, due, "", "4"]
        made.append([*row, person, STREETS[n], IDENTITIES[n], PHONES[n], PERSONS[-n], MAILS[n]])
    return made


def titled() -> list[list[str]]:
    """The same under titles and above signatures."""
    above = [["DANH SÁCH HỒ SƠ"], [f"Người lập: {PERSONS[0]}, {PHONES[0]}"], []]
    below = [
        ["", "Tổng cộng"],
        ["", "Người lập", "", "", "", "Thủ trưởng"],
        ["", PERSONS[1], "", "", "", PERSONS[2]],
    ]
    return [*above, HEADER, *lines(), *([*line, *[""] * (len(HEADER) - len(line))] for line in below)]


def talkative_xlsx() -> bytes:
    """A workbook with persons in its properties, comments, other sheets and header of the page."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.set_properties(
        {"author": PERSONS[0], "manager": PERSONS[1], "comments": MAILS[0], "title": STREETS[0]}
    )
    book.set_custom_property("Người ký", PERSONS[2])
    sheet = book.add_worksheet("Hồ sơ")
    sheet.set_header(f"&L{PERSONS[3]}")
    for row, line in enumerate(titled()):
        for column, cell in enumerate(line):
            sheet.write_string(row, column, cell)
    sheet.write_comment(5, 1, PERSONS[4])
    hidden = book.add_worksheet("Người nộp")
    for row, person in enumerate(PERSONS):
        hidden.write_string(row, 0, person)
    hidden.hide()
    book.close()
    return content.getvalue()


def talkative_html() -> bytes:
    head = f'<meta name="author" content="{PERSONS[0]}"><title>{PERSONS[1]}</title><!-- {MAILS[0]} -->'
    page = as_html(titled()).replace(b"<head>", f"<head>{head}".encode())
    return page.replace(b"<body>", f"<body><p>{STREETS[0]}</p>".encode())


def in_tcvn3(text: str) -> bytes:
    """The text in TCVN3, letter by letter from the committed table; accented capitals as small letters."""
    table = {}
    for line in (
        (SOURCES.parents[1] / "tests/data/legacy/letters.csv").read_text(encoding="utf-8").split()[1:]
    ):
        letter, code, *_ = line.split(",")
        if code:
            table[letter] = bytes.fromhex(code)
    return b"".join(c.encode() if c.isascii() else table.get(c) or table.get(c.lower()) or b"?" for c in text)


FILES: dict[str, Callable[[], bytes]] = {
    "a.csv": lambda: as_csv(titled()),
    "b.csv": lambda: as_csv([HEADER, *lines()]),
    "c.txt": lambda: as_utf16(titled()),
    "d.xlsx": talkative_xlsx,
    "e.xls": lambda: as_xls(titled()),
    "f.xlsb": lambda: as_xlsb(titled()),
    "g.ods": lambda: as_ods(titled()),
    "h.xls": talkative_html,
    "i.parquet": lambda: as_parquet([HEADER, *lines()]),
    "j.zip": lambda: zipped({"in.csv": as_csv(titled()), "in.xlsx": talkative_xlsx()}),
    "k.csv": lambda: in_tcvn3(as_csv([HEADER, *lines()]).decode()),
    "l.csv": lambda: as_csv([HEADER, *lines()])[:-150],
    "m.xlsx": lambda: talkative_xlsx()[:9000],
    "n.csv": lambda: as_csv([HEADER, *lines()]).replace(PERSONS[7].encode(), b'"' + PERSONS[7].encode(), 1),
}


def written(folder: Path) -> dict[str, str]:
    """Every file below a folder as text; Parquet is compressed, so its rows are written out."""
    texts = {}
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            texts[path.name] = str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
        elif path.is_file():
            texts[path.name] = path.read_bytes().decode("utf-8", errors="replace")
    return texts


def said(landed: Landed, folder: Path) -> str:
    """All words of landing on its files, as the night prints them."""
    names = {d.file_sha: d.file_name for d in landed.deliveries}
    rows = [describe_row(names[a.file_sha], a, q) for a in landed.accounts for q in a.quarantined]
    hashes = HashCache(folder / "hashes.json")
    intake = take_in(folder / "raw", DOSSIERS.source, LAST, hashes)
    hashes.save()
    found = structural_problems(DOSSIERS, intake, LAST, landed.accounts)
    return "\n".join([*rows, *(p.message for p in found), repr(landed.accounts)])


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_any_form_leaves_a_person_behind(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "raw", name, FILES[name](), DOSSIERS.source, DAY)
    landed = land(tmp_path, DOSSIERS)
    write_seen(tmp_path / "landed" / "seen", LAST, landed.deliveries)
    rows_in, rows_landed, rows_quarantined = landed.numbers(name)
    if name == "m.xlsx":
        assert (rows_in, rows_landed) == (0, 0)
    else:
        assert rows_landed > 0
        assert rows_quarantined > 0
        assert "H38.1-260331-0002" in written(tmp_path / "landed")["one_stop_dossiers.parquet"]
        assert "Chủ hồ sơ" in landed.accounts[0].personal_columns_dropped
        assert "Người nhận hộ" in landed.accounts[0].unknown_columns_dropped
    words = said(landed, tmp_path)
    output = capfd.readouterr()
    texts = written(tmp_path / "landed") | {
        "hashes": (tmp_path / "hashes.json").read_text(encoding="utf-8"),
        "said": words,
        "printed": output.out + output.err,
    }
    assert {"manifest.json", "one_stop_dossiers.parquet", "quarantine.parquet"} <= set(texts)
    secrets = {secret for s in SECRETS for secret in (s, s.upper(), in_tcvn3(s).decode("latin-1"))}
    for place, text in texts.items():
        hits = {secret for secret in secrets if secret in text}
        assert hits == set(), f"{place} names {len(hits)} persons"


def test_a_landed_owner_is_a_class_and_a_link_only(tmp_path: Path) -> None:
    put(tmp_path / "raw", "b.csv", FILES["b.csv"](), DOSSIERS.source, DAY)
    landed = land(tmp_path, DOSSIERS)
    found = landed.rows("owner_identity_class, length(owner_link), owner_phone_class", DOSSIERS.source)
    assert set(found) == {("twelve_digits", 64, "mobile")}
