"""What a delivered file may be: an archive, a book of sheets, text in an old encoding; what stays of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from orchestration.landing.deliveries import HashCache, find_deliveries
from orchestration.landing.judgement import describe_row
from orchestration.landing.land import land_source
from orchestration.landing.store import MANIFEST, Conversion, LandedStore, Place
from tests.unit.helpers import (
    LAST,
    LINK_KEY,
    ROOT,
    Landed,
    codes,
    contract,
    land,
    land_files,
    message,
    message_contract,
    put,
    quarantined,
)

LEGACY = ROOT / "tests" / "data" / "legacy"


def zipped(**members: str | bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return content.getvalue()


def book(*sheets: list[list[str]]) -> bytes:
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content)
    for number, lines in enumerate(sheets, start=1):
        sheet = workbook.add_worksheet(f"Quý {number}")
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(row, column, cell)
    workbook.close()
    return content.getvalue()


def table(*codes_and_amounts: str) -> str:
    return "Mã giấy,Số tiền\n" + "".join(f"{line}\n" for line in codes_and_amounts)


def told(landed: Landed, name: str) -> list[str]:
    """What is said of each quarantined row of a file."""
    account = landed.account(name)
    return [describe_row(name, account, q) for q in sorted(account.quarantined, key=lambda q: q.row_number)]


# --- rows are numbered through a file, and named where they stand ---


def test_rows_of_an_archive_are_numbered_through_all_its_members(tmp_path: Path) -> None:
    content = zipped(
        a_csv=table("A1,1", "A2,x", "A3,3"),
        b_json=message({"Mã giấy": "B1"}, {"Mã giấy": ""}),
        sub__c_xlsx=book([["Mã giấy", "Số tiền"], ["C1", "1"]], [["Sổ"], ["Mã giấy"], ["C2"], ["C3"]]),
        d_pdf=b"%PDF-1.7",
        e_csv=table("E1,1", "E2,1,2"),
    )
    landed = land_files(tmp_path, contract(), a_zip=content)
    account = landed.account("a.zip")
    assert landed.numbers("a.zip") == (10, 7, 3)
    assert landed.rows("paper_code, row_number") == [
        *(("A1", 1), ("A3", 3), ("B1", 4), ("C1", 6), ("C2", 7), ("C3", 8), ("E1", 9)),
    ]
    assert account.places == [
        Place(1, "a.csv", 2),
        Place(4, "b.json", 0),
        Place(6, "sub/c.xlsx, Quý 1", 2),
        Place(7, "sub/c.xlsx, Quý 2", 3),
        Place(9, "e.csv", 2),
    ]
    assert told(landed, "a.zip") == [
        "a.zip, a.csv, row 2, column Số tiền: 'x' is not a decimal",
        "a.zip, b.json, row 2, column Mã giấy: is empty, but it is the key of the row",
        "a.zip, e.csv, row 2: the line has more or fewer cells than the header",
    ]
    assert [p.message for p in account.problems] == [
        "papers/2026-03-31/a.zip!d.pdf: the name ends in .pdf, which no reader takes: deliver it as .json, "
        ".ndjson, .jsonl, .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods, .html, .htm, .parquet, or one "
        "of these in .zip or .gz."
    ]
    assert account.reader == "delimited, json, workbook"


def test_a_damaged_member_takes_no_other_with_it(tmp_path: Path) -> None:
    whole = message({"Mã giấy": "B1"}, {"Mã giấy": "B2"})
    content = zipped(a_csv=table("A1,1"), b_json=whole[:-4], c_xlsx=book([["Mã giấy"], ["C1"]])[:500])
    landed = land_files(tmp_path, contract(), a_zip=content, z_csv=table("Z1,1"))
    assert landed.rows("paper_code, row_number") == [("A1", 1), ("B1", 2), ("Z1", 1)]
    assert landed.numbers("a.zip") == (3, 2, 1)
    account = landed.account("a.zip")
    assert codes(account) == ["unreadable", "unreadable"]
    assert {p.message.split(": ")[0] for p in account.problems} == {
        "papers/2026-03-31/a.zip!b.json",
        "papers/2026-03-31/a.zip!c.xlsx",
    }
    assert landed.account("z.csv").problems == []


def test_a_column_missing_from_one_member_is_not_missing_from_the_file(tmp_path: Path) -> None:
    content = zipped(a_csv=table("A1,1"), b_csv="Số tiền\n5\n")
    landed = land_files(tmp_path, contract(), a_zip=content)
    assert landed.numbers("a.zip") == (2, 1, 1)
    assert landed.accounts[0].problems == []
    assert told(landed, "a.zip") == [
        "a.zip, b.csv, row 1, column Mã giấy: is empty, but it is the key of the row"
    ]


def test_columns_dropped_are_those_of_all_members(tmp_path: Path) -> None:
    content = zipped(a_csv="Mã giấy,Email\nA1,x\n", b_csv="Mã giấy,Màu\nB1,đỏ\n", c_csv="Mã giấy\nC1\n")
    account = land_files(tmp_path, contract(), a_zip=content).accounts[0]
    assert account.personal_columns_dropped == ["Email"]
    assert account.unknown_columns_dropped == ["Màu"]


def test_what_was_set_aside_is_counted_over_all_sheets(tmp_path: Path) -> None:
    sheet = [["SỔ THEO DÕI"], ["Mã giấy", "Số tiền"], ["A1", "1"], ["Tổng cộng", "1"]]
    landed = land_files(tmp_path, contract(), a_xlsx=book(sheet, [["Ghi chú thêm"]], sheet))
    assert landed.numbers("a.xlsx") == (2, 2, 0)
    assert landed.accounts[0].set_aside == {"header": 2, "sheet without table": 1, "title": 2, "total": 2}
    assert landed.accounts[0].places == [Place(1, "Quý 1", 3), Place(2, "Quý 3", 3)]


def test_the_account_of_an_archive_is_known_again(tmp_path: Path) -> None:
    content = zipped(a_csv=table("A1,1", "A2,x"), b_csv="Mã giấy,Email\nB1,x\n")
    first = land_files(tmp_path, contract(), a_zip=content)
    assert land(tmp_path, contract()).accounts == first.accounts


def test_one_archive_in_many_chunks_of_work_is_one_account(tmp_path: Path) -> None:
    content = zipped(**{f"m{n}_csv": table(f"G{n},1", ",2") for n in range(60)})
    landed = land_files(tmp_path, contract(), a_zip=content)
    assert landed.numbers("a.zip") == (120, 60, 60)
    assert landed.rows("paper_code, row_number") == [(f"G{n}", 2 * n + 1) for n in range(60)]
    assert told(landed, "a.zip")[59].startswith("a.zip, m59.csv, row 2, column Mã giấy")


def test_a_byte_that_is_no_letter_breaks_its_row_only(tmp_path: Path) -> None:
    # in a column behind others that are not kept
    lines = ["STT,Màu,Mã giấy,Số tiền", "1,x,A1,1", "2,x,A2\udcff,2", "3,x,A3,3"]
    spoiled = "\n".join(lines).encode(errors="surrogateescape")
    landed = land_files(tmp_path, contract(), a_csv=spoiled, b_csv=table("B1,1"))
    assert landed.rows("paper_code, row_number") == [("A1", 1), ("A3", 3), ("B1", 1)]
    assert landed.numbers("a.csv") == (3, 2, 1)


# --- old Vietnamese encodings ---

ENCODINGS = ["tcvn3", "vni", "viscii", "windows-1258"]
TEXTS = [
    {"name": "kind", "wire": "kind", "type": "code"},
    {"name": "said_text", "wire": "text", "type": "text"},
]


def text_contract() -> Any:
    return contract(columns=TEXTS, key=["kind"], personal=[])


def sentences(encoding: str) -> bytes:
    return (LEGACY / f"sentences.{encoding}.csv").read_bytes()


def original() -> list[tuple[str, ...]]:
    rows = list(csv.reader(io.StringIO(sentences("utf-8").decode())))
    return [(kind.upper(), text) for kind, text in rows[1:]]


def mojibake(encoding: str) -> str:
    """What an Excel file or a UTF-8 export shows of such bytes: one character a byte."""
    c1 = {b: bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(0x80, 0xA0)}
    return sentences(encoding).decode("latin-1").translate(c1)


def as_json(text: str) -> str:
    return message(*({"kind": k, "text": t} for k, t in list(csv.reader(io.StringIO(text, newline="")))[1:]))


def as_html(text: str) -> str:
    lines = list(csv.reader(io.StringIO(text, newline="")))
    escaped = [[cell.replace("&", "&amp;").replace("<", "&lt;") for cell in line] for line in lines]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in escaped)
    return f'<html><meta charset="utf-8"><table>{rows}</table></html>'


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("way", ["bytes.csv", "mojibake.csv", "mojibake.json", "mojibake.xls", "bytes.zip"])
def test_a_column_in_an_old_encoding_lands_in_unicode_and_the_account_says_so(
    tmp_path: Path, encoding: str, way: str
) -> None:
    contents: dict[str, str | bytes] = {
        "bytes.csv": sentences(encoding),
        "mojibake.csv": mojibake(encoding),
        "mojibake.json": as_json(mojibake(encoding)),
        "mojibake.xls": as_html(mojibake(encoding)),
        "bytes.zip": zipped(a_csv=sentences(encoding)),
    }
    put(tmp_path / "raw", way, contents[way])
    landed = land(tmp_path, text_contract())
    assert landed.numbers(way) == (len(original()), len(original()), 0)
    assert landed.rows("kind, said_text") == original()
    (conversion,) = landed.accounts[0].conversions
    assert (conversion.column, conversion.encoding) == ("text", encoding)
    assert "are Vietnamese syllables read as " + encoding in conversion.reason
    manifest = json.loads(next((tmp_path / "landed").rglob(MANIFEST)).read_text(encoding="utf-8"))
    assert [Conversion(**c) for c in manifest["files"][0]["conversions"]] == [conversion]


def test_unicode_is_not_touched(tmp_path: Path) -> None:
    landed = land_files(tmp_path, text_contract(), a_csv=sentences("utf-8"))
    assert landed.rows("kind, said_text") == original()
    assert landed.accounts[0].conversions == []


def test_files_in_different_encodings_that_land_together_do_not_mix(tmp_path: Path) -> None:
    for encoding in ("utf-8", *ENCODINGS):
        put(tmp_path / "raw", f"{encoding}.csv", sentences(encoding))
    landed = land(tmp_path, text_contract())
    for encoding in ("utf-8", *ENCODINGS):
        account = landed.account(f"{encoding}.csv")
        assert [c.encoding for c in account.conversions] == ([] if encoding == "utf-8" else [encoding])
        rows = landed.rows(f"kind, said_text, file_sha = '{account.file_sha}'")
        assert [(k, t) for k, t, here in rows if here] == original()


def test_members_of_one_archive_may_be_in_different_encodings(tmp_path: Path) -> None:
    content = zipped(a_csv=sentences("tcvn3"), b_csv=sentences("utf-8"), c_csv=sentences("vni"))
    landed = land_files(tmp_path, text_contract(), a_zip=content)
    assert landed.rows("kind, said_text") == original() * 3
    assert [(c.column, c.encoding) for c in landed.accounts[0].conversions] == [
        ("text", "tcvn3"),
        ("text", "vni"),
    ]


def test_what_is_in_no_encoding_that_can_be_told_is_quarantined_with_a_hint_and_the_rest_lands(
    tmp_path: Path,
) -> None:
    text = "\n".join(["kind,text", "K1,×÷×÷ ¤¤ ÷×¶ §÷", "K2,plain words", "K3,", "K4,¤×÷ ÷¶× ××§", "K5,¶§ 5"])
    landed = land_files(tmp_path, text_contract(), a_csv=text, b_csv=sentences("utf-8"))
    account = landed.account("a.csv")
    assert landed.numbers("a.csv") == (5, 2, 3)
    assert landed.numbers("b.csv") == (len(original()), len(original()), 0)
    assert [(n, column) for n, column, _ in quarantined(account)] == [(1, "text"), (4, "text"), (5, "text")]
    assert account.conversions == []
    for row in account.quarantined:
        assert row.reason.startswith("is in no encoding that can be told: ")


# --- nothing stays outside DATA ---


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, to see what is left in it."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


FILES: dict[str, bytes] = {
    "plain.csv": table("A1,1", "A2,x").encode(),
    "latin.csv": "Mã giấy,Ghi chú\nA3,né\n".encode("cp1258", "replace"),
    "utf16.csv": table("A4,1").encode("utf-16"),
    "spoiled.csv": b"M\xc3\xa3 gi\xe1\xba\xa5y,x\nA5\nA6,1,2\n\xff,1\n",
    "cut.json": message({"Mã giấy": "B1"}, {"Mã giấy": "B2"})[:-4].encode(),
    "packed.json.gz": gzip.compress(message({"Mã giấy": "B3"}).encode()),
    "cut.json.gz": gzip.compress(message(*({"Mã giấy": f"C{n}"} for n in range(999))).encode())[:300],
    "book.xlsx": book([["Mã giấy"], ["D1"]]),
    "cut.xlsx": book([["Mã giấy"], ["D2"]])[:700],
    "page.xls": b"<table><tr><td>M\xc3\xa3 gi\xe1\xba\xa5y</td></tr><tr><td>E1</td></tr></table>",
    "many.zip": zipped(a_csv=table("F1,1"), b_xlsx=book([["Mã giấy"], ["F2"]]), c_pdf=b"%PDF"),
    "evil.zip": zipped(),
    "cut.zip": zipped(a_csv=table("F3,1"))[:-30],
    "no.parquet": b"PAR1 and then nothing",
}


def test_the_temporary_folder_is_as_empty_as_before(tmp_path: Path, scratch: Path) -> None:
    for name, content in FILES.items():
        put(tmp_path / "raw", name, content)
    raw = {p: p.read_bytes() for p in (tmp_path / "raw").rglob("*") if p.is_file()}
    landed = land(tmp_path, contract())
    assert list(scratch.iterdir()) == []
    assert {p: p.read_bytes() for p in (tmp_path / "raw").rglob("*") if p.is_file()} == raw
    below = {p.name for p in (tmp_path / "landed").rglob("*") if p.is_file()}
    assert below == {"papers.parquet", "quarantine.parquet", MANIFEST}
    assert all(a.rows_in == a.rows_landed + a.rows_quarantined for a in landed.accounts)


def test_the_temporary_folder_is_empty_also_when_landing_fails(tmp_path: Path, scratch: Path) -> None:
    for name in ("plain.csv", "many.zip", "packed.json.gz"):
        put(tmp_path / "raw", name, FILES[name])
    first = land(tmp_path, contract())
    (batch,) = first.store.batches(contract())
    # a file where the batch's folder belongs: it cannot be finished
    store = LandedStore(tmp_path / "other", LINK_KEY)
    folder = store.source_folder(contract())
    folder.mkdir(parents=True)
    (folder / batch.folder.name).write_text("in the way")
    deliveries = find_deliveries(tmp_path / "raw", "papers", LAST, HashCache(tmp_path / "h.json"))
    with pytest.raises(OSError, match="Not a directory"):
        land_source(contract(), deliveries, store)
    assert list(scratch.iterdir()) == []


def test_a_member_that_leads_out_of_its_archive_writes_nothing_anywhere(
    tmp_path: Path, scratch: Path
) -> None:
    content = io.BytesIO()
    target = tmp_path / "evil.csv"
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("good.csv", table("A1,1"))
        for name in (f"../../../../../../../..{target}", str(target)):
            archive.writestr(name, table("A2,1"))
    landed = land_files(tmp_path, contract(), a_zip=content.getvalue())
    assert codes(landed.accounts[0]) == ["unreadable"]
    assert "leads out of it" in landed.accounts[0].problems[0].message
    assert landed.numbers("a.zip") == (0, 0, 0)
    assert not target.exists()
    assert list(scratch.iterdir()) == []


# --- links and times in landed rows ---


def test_links_are_made_with_the_key_of_the_store_and_another_key_lands_anew(tmp_path: Path) -> None:
    link = {"name": "owner_link", "wire": "Chủ", "type": "link", "placeholders": ["0+"]}
    of = contract(columns=[*TEXTS, link], key=["kind"], personal=[{"wire": "Chủ", "class": "identity"}])
    text = "kind,Chủ\nK1,012 345 678 901\nK2,012345678901\nK3,000\nK4,\n"
    landed = land_files(tmp_path, of, a_csv=text)
    one, two, three, four = (r[0] for r in landed.rows("owner_link"))
    assert one == two is not None
    assert (three, four) == (None, None)
    assert landed.accounts[0].personal_columns_dropped == ["Chủ"]
    other = LandedStore(tmp_path / "landed")
    assert other.source_folder(of) != landed.store.source_folder(of)
    assert other.source_folder(contract()) == landed.store.source_folder(contract())


def test_times_without_zone_are_marked_row_by_row(tmp_path: Path) -> None:
    of = contract(date_formats=["%Y%m%d%H%M%S", "iso", "iso_zone"])
    written = ["20260608074728", "2026-06-08T07:47:28.329", "2026-06-08T07:47:28Z", ""]
    rows = [{"Mã giấy": f"G{n}", "Ngày lập": text} for n, text in enumerate(written)]
    landed = land_files(tmp_path, of, a_json=message(*rows))
    assert landed.rows("made_at::VARCHAR, zone_unknown_columns") == [
        ("2026-06-08 07:47:28", None),
        ("2026-06-08 07:47:28.329", "made_at"),
        ("2026-06-08 14:47:28", None),
        (None, None),
    ]


def test_a_message_contract_takes_tables_too(tmp_path: Path) -> None:
    text = 'Nguon,Mã giấy,Phi\nMC,G1,"[{""MaPhi"": ""p1""}]"\nQG,G2,\nMC,G3,no list\n'
    landed = land_files(tmp_path, message_contract(), a_csv=text)
    assert landed.rows("side, paper_code") == [("one_stop", "G1"), ("national", "G2")]
    assert landed.rows("paper_code, fee_code", "papers__fees") == [("G1", "P1")]
    assert landed.numbers("a.csv") == (3, 2, 1)


@pytest.mark.parametrize("text", ["ThanhHòa ước lượng", "Công ty Müßiggang ươm mầm"])
def test_a_text_with_letters_that_only_unicode_has_is_not_doubted(tmp_path: Path, text: str) -> None:
    landed = land_files(tmp_path, contract(), a_csv=f"Mã giấy,Ghi chú\nG1,{text}\n")
    assert landed.rows("note_text") == [(text,)]
    assert landed.account("a.csv").conversions == []
