"""Which form a file has: its first bytes against its ending."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.landing.forms import FORMS, NotReadable, form_of

# first bytes of real files → the form they are of, and what they are called when no reader takes them
CONTENTS: dict[str, tuple[bytes, str | None, str]] = {
    "JSON": (b'{"data": []}', "json", ""),
    "JSON with BOM": (b'\xef\xbb\xbf \n[{"a": 1}]', "json", ""),
    "CSV": (b"a,b\n1,2\n", "delimited", ""),
    "CSV with BOM": (b"\xef\xbb\xbfa,b\n1,2\n", "delimited", ""),
    "UTF-16": ("Mã,b\n1,2\n".encode("utf-16"), "delimited", ""),
    "UTF-16 without mark": ("Mã,b\n1,2\n".encode("utf-16-le"), "delimited", ""),
    "TCVN3": (b"M\xb7 gi\xcay\nG1\n", "delimited", ""),
    "xlsx": (b"PK\x03\x04\x14\x00\x06\x00", "workbook", "a ZIP or Excel file"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook", "an old Office file (.xls, .doc)"),
    "HTML": (b"\xef\xbb\xbf  <html><table>", "html", ""),
    "Parquet": (b"PAR1\x15\x04\x15", "parquet", "a Parquet file"),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00", None, "a gzip file"),
    "empty ZIP": (b"PK\x05\x06" + bytes(18), None, "an empty ZIP file"),
    "PDF": (b"%PDF-1.7\n", None, "a PDF file"),
    "7z": (b"7z\xbc\xaf\x27\x1c", None, "a 7z archive"),
    "RAR": (b"Rar!\x1a\x07\x00", None, "a RAR archive"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00", None, "a picture"),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", None, "a picture"),
    "binary": (b"a" * 300 + b"\x00" + b"b" * 300, None, ""),
}
ENDINGS = [e for endings in FORMS.values() for e in endings]


def file(folder: Path, content: bytes) -> Path:
    path = folder / "0"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_form_is_told_by_content_and_held_against_every_ending(tmp_path: Path, kind: str) -> None:
    content, form, called = CONTENTS[kind]
    path = file(tmp_path, content)
    for ending in dict.fromkeys(ENDINGS):
        for name in (f"Hồ sơ{ending}", f"HỒ SƠ{ending.upper()}"):
            found = form_of(path, name)
            if form is not None and ending in FORMS[form]:
                assert found == form, name
            else:
                assert isinstance(found, NotReadable), name
                assert found.why.startswith(f"the name ends in {ending} but the content is "), name
                assert called in found.why
                assert found.why.endswith(": deliver it under its right ending"), name


def test_the_lies_that_the_field_lives_with_are_taken(tmp_path: Path) -> None:
    assert form_of(file(tmp_path, b"<table><tr><td>"), "a.xls") == "html"
    assert form_of(file(tmp_path, b"PK\x03\x04...."), "a.xls") == "workbook"
    assert form_of(file(tmp_path, b"\xd0\xcf\x11\xe0...."), "a.xlsx") == "workbook"
    assert form_of(file(tmp_path, b'{"data": []}'), "a.ndjson") == "json"
    assert form_of(file(tmp_path, b"a\tb\n"), "a.csv") == "delimited"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "the file is empty (0 bytes)"),
        (b"", "a.pdf", "the file is empty (0 bytes)"),
        (b" \r\n\t ", "a.csv", "nothing but blanks"),
        (b"\xef\xbb\xbf\n", "a.json", "nothing but blanks"),
        (bytes(100), "a.xlsx", "nothing but blanks"),
        (b"a,b\n", "a.docx", "the name ends in .docx, which no reader takes"),
        (b"a,b\n", "csv", "the name ends in nothing, which no reader takes"),
    ],
)
def test_what_no_reader_takes(tmp_path: Path, content: bytes, name: str, says: str) -> None:
    found = form_of(file(tmp_path, content), name)
    assert isinstance(found, NotReadable)
    assert says in found.why


def test_blanks_before_the_content_are_passed_over(tmp_path: Path) -> None:
    for content, name, form in ((b'{"data": []}', "a.json", "json"), (b"<table>", "a.xls", "html")):
        assert form_of(file(tmp_path, b"\r\n" * 5000 + content), name) == form


def test_what_may_be_delivered_is_said(tmp_path: Path) -> None:
    found = form_of(file(tmp_path, b"%PDF-1.7"), "a.pdf")
    assert isinstance(found, NotReadable)
    for ending in (".json", ".csv", ".xlsx", ".xls", ".ods", ".parquet", ".zip", ".gz"):
        assert ending in found.why
