"""Which form a file has: told by its first bytes, and held against the ending of its name.

A name that lies is refused, since it is the sign of a mistake at the sender's, but for the lies the field
lives with: an HTML page named .xls, and a workbook of one kind named as another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FORMS: dict[str, tuple[str, ...]] = {
    "json": (".json", ".ndjson", ".jsonl"),
    "delimited": (".csv", ".tsv", ".txt"),
    "workbook": (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    "html": (".xls", ".html", ".htm"),
    "parquet": (".parquet",),
}
ARCHIVE = ".zip"
PACKED = ".gz"

_BINARY = {
    b"PK\x03\x04": ("workbook", "a ZIP or Excel file"),
    b"PK\x05\x06": (None, "an empty ZIP file"),
    b"\xd0\xcf\x11\xe0": ("workbook", "an old Office file (.xls, .doc)"),
    b"PAR1": ("parquet", "a Parquet file"),
    b"\x1f\x8b": (None, "a gzip file"),
    b"%PDF": (None, "a PDF file"),
    b"7z\xbc\xaf": (None, "a 7z archive"),
    b"Rar!": (None, "a RAR archive"),
    b"\x89PNG": (None, "a picture"),
    b"\xff\xd8\xff": (None, "a picture"),
}
_HEAD_BYTES = 4096
_BLANKS = b" \t\r\n\x00\xff\xfe\xef\xbb\xbf"  # and byte order marks


@dataclass(frozen=True)
class NotReadable:
    """Why a file cannot be read, in words for the person who delivers it."""

    why: str


def form_of(path: Path, name: str) -> str | NotReadable:
    """The form of an unpacked file, one of FORMS.

    Args:
        path: where the bytes are.
        name: what the file is called; its ending must be one that files of the form have.
    """
    ending = Path(name).suffix.lower()
    known = [e for endings in FORMS.values() for e in endings]
    if path.stat().st_size == 0:
        return NotReadable("the file is empty (0 bytes): ask for it to be delivered again")
    if ending not in known:
        return NotReadable(
            f"the name ends in {ending or 'nothing'}, which no reader takes: deliver it as "
            f"{', '.join(dict.fromkeys(known))}, or one of these in {ARCHIVE} or {PACKED}"
        )
    head = _head(path)
    if not head:
        return NotReadable("the file holds nothing but blanks: ask for it to be delivered again")
    form, kind = _content(head)
    if form is None or ending not in FORMS[form]:
        wanted = next(f for f, endings in FORMS.items() if ending in endings)
        found = kind or f"not {_KINDS[wanted]}"
        return NotReadable(
            f"the name ends in {ending} but the content is {found}: deliver it under its right ending"
        )
    return form


def _head(path: Path) -> bytes:
    """The first bytes of a file, from the block on in which there is more than blanks; b"" if none has."""
    with path.open("rb") as stream:
        while head := stream.read(_HEAD_BYTES):
            if head.strip(_BLANKS):
                return head
    return b""


_KINDS = {
    "json": "JSON",
    "delimited": "a table",
    "workbook": "a workbook",
    "html": "a workbook or a page",
    "parquet": "Parquet",
}


def _content(head: bytes) -> tuple[str | None, str | None]:
    """Form and kind of a content; the kind is None where "not what its ending says" tells more."""
    for magic, found in _BINARY.items():
        if head.startswith(magic):
            return found
    text = head.lstrip(_BLANKS)
    if text[:1] in (b"{", b"["):
        return "json", None
    if text[:1] == b"<":
        return "html", None
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(head)
    if b"\x00" in head and not utf16:
        return None, None
    return "delimited", None


def _looks_like_utf16(head: bytes) -> bool:
    """Whether every second byte of most characters is zero, as in UTF-16 without a mark."""
    half = len(head) // 2
    return half > 0 and max(head[::2].count(0), head[1::2].count(0)) > half * 0.4
